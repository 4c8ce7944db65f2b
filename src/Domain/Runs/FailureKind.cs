namespace Tracker.Domain;

/// <summary>
/// Why an attempt ended without a result. What a user wished (pause, cancel) is no failure. What follows each is <see cref="RetryPolicy"/>'s.
/// </summary>
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

    /// <summary>The operating system, short of memory, or somebody by hand killed the process (SIGKILL); not its host.</summary>
    Killed,

    /// <summary>The process ended by a signal of its own making, such as SIGSEGV, or with an unexpected exit code.</summary>
    Crashed,

    /// <summary>The host vanished: it fell silent, or was started again without having ended in order.</summary>
    HostLost,

    /// <summary>The database could not be reached when the attempt had to record its end.</summary>
    DatabaseAway,
}

/// <summary>Failures in words.</summary>
public static class FailureKinds
{
    /// <summary>What stands before the reason in the first line about a failure.</summary>
    /// <param name="kind">The kind of failure.</param>
    public static string Title(this FailureKind kind) => kind switch
    {
        FailureKind.BadSpecification => "Bad specification",
        FailureKind.BadData => "Data missing or corrupt",
        FailureKind.OutOfMemory => "Out of memory",
        FailureKind.Diverged => "Diverged",
        FailureKind.Killed => "Killed by the operating system",
        FailureKind.Crashed => "Crashed",
        FailureKind.HostLost => "Host lost",
        FailureKind.DatabaseAway => "Database away",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of failure."),
    };

    /// <summary>The first line about a failure, such as <c>Crashed: native crash with SIGSEGV: …</c>.</summary>
    /// <param name="kind">The kind of failure.</param>
    /// <param name="reason">The recorded reason, which does not repeat the kind.</param>
    public static string FirstLine(this FailureKind kind, string? reason) => string.IsNullOrEmpty(reason) ? $"{kind.Title()}." : $"{kind.Title()}: {reason}";
}
