namespace Tracker.Domain;

/// <summary>Why an attempt ended without a result.</summary>
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

    /// <summary>The process ended by a signal, such as SIGKILL or SIGSEGV, or with an unexpected exit code.</summary>
    Crashed,

    /// <summary>The host vanished.</summary>
    HostLost,
}
