namespace Tracker.Domain;

/// <summary>Exit codes of a training process.</summary>
public static class ExitCodes
{
    /// <summary>Done; the result is written.</summary>
    public const int Done = 0;

    /// <summary>The run's specification is wrong.</summary>
    public const int BadSpecification = 2;

    /// <summary>Data are missing or corrupt.</summary>
    public const int BadData = 3;

    /// <summary>Memory did not suffice.</summary>
    public const int OutOfMemory = 4;

    /// <summary>The loss is no finite number any more.</summary>
    public const int Diverged = 5;

    /// <summary>A newer attempt of the run exists, so this one must not write any more.</summary>
    public const int Fenced = 6;

    /// <summary>Asked to stop while the database was away: what the run did since its last recorded checkpoint is not recorded.</summary>
    public const int DatabaseAway = 7;

    /// <summary>Stopped on request (SIGTERM), after a checkpoint.</summary>
    public const int Stopped = 143;
}
