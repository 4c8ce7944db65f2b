namespace Tracker.Domain;

/// <summary>Why an attempt ended without a result. What a user wished (pause, cancel) is no failure.</summary>
public enum FailureKind
{
    /// <summary>The specification cannot be trained.</summary>
    BadSpecification,

    /// <summary>Data are missing or corrupt.</summary>
    BadData,

    /// <summary>Memory did not suffice.</summary>
    OutOfMemory,

    /// <summary>The loss is no finite number any more.</summary>
    Diverged,

    /// <summary>The operating system or somebody else killed the process (SIGKILL).</summary>
    Killed,

    /// <summary>The process ended by a signal of its own making, such as SIGSEGV, or with an unexpected exit code.</summary>
    Crashed,

    /// <summary>The host vanished.</summary>
    HostLost,

    /// <summary>The database could not be reached when the attempt had to record its end.</summary>
    DatabaseAway,
}
