using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>Runs of something by state.</summary>
public sealed record RunCounts(int Queued, int Starting, int Running, int Paused, int Succeeded, int Failed, int Cancelled, int SucceededToday = 0, int FailedToday = 0)
{
    /// <summary>All of them.</summary>
    public int Total => Queued + Starting + Running + Paused + Succeeded + Failed + Cancelled;

    /// <summary>Those that are over.</summary>
    public int Finished => Succeeded + Failed + Cancelled;
}

/// <summary>A sweep as pages and REST show it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Spec">The specification.</param>
/// <param name="Name">Its name; may have been changed since submission.</param>
/// <param name="Notes">Notes.</param>
/// <param name="Priority">Class of urgency; may have been changed since submission.</param>
/// <param name="OwnerName">Who submitted it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="Counts">Its runs by state, reused ones included.</param>
/// <param name="Reused">How many of them are reused.</param>
/// <param name="Progress">Share of the weight updates done, from 0 to 1.</param>
/// <param name="EtaSeconds">Seconds left, if it can be told.</param>
/// <param name="FinishedAt">When the last run ended, if all have.</param>
public sealed record SweepView(
    long Id, SweepSpec Spec, string Name, string Notes, Priority Priority, string? OwnerName, DateTimeOffset CreatedAt, RunCounts Counts,
    int Reused, double Progress, double? EtaSeconds, DateTimeOffset? FinishedAt)
{
    /// <summary>What programs outside said of it, if it is an experiment of theirs; its specification is empty then.</summary>
    public ExternalExperiment? External { get; init; }

    /// <summary>The state that stands for the whole sweep: running before queued before paused before failed before cancelled before succeeded.</summary>
    public RunState State =>
        Counts.Running + Counts.Starting > 0 ? RunState.Running
        : Counts.Queued > 0 ? RunState.Queued
        : Counts.Paused > 0 ? RunState.Paused
        : Counts.Failed > 0 ? RunState.Failed
        : Counts.Cancelled > 0 ? RunState.Cancelled
        : RunState.Succeeded;
}

/// <summary>A run as pages and REST show it.</summary>
public sealed record RunView(
    long Id, long SweepId, string SweepName, RunSpec Spec, string Fingerprint, RunState State, DateTimeOffset StateSince, RunWish Wish,
    Priority Priority, DeviceClass DeviceClass, int Attempt, string? HostName, string? Device, RunProgress? Progress, CheckpointInfo? Checkpoint,
    RunResult? Result, FailureKind? FailureKind, string? FailureReason, string Notes, IReadOnlyList<string> Tags,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset? NotBefore, bool HostLost, bool Reused = false)
{
    /// <summary>
    /// What is particular to a run that a program outside reports. Its specification is what was understood of its parameters, with empty texts
    /// and zeros for the rest, and can be neither planned nor trained; its progress has no end.
    /// </summary>
    public ExternalRun? External { get; init; }

    /// <summary>Whether it gets its device for itself.</summary>
    public bool Timing { get; init; }

    /// <summary>Labels that its host must have.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Device memory that it needs, if known.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Whether another run was on its device at any time: then its seconds do not tell how fast it is.</summary>
    public bool Shared { get; init; }

    /// <summary>Since when it lies in the recycle bin.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Name of whoever put it there.</summary>
    public string? DeletedBy { get; init; }

    /// <summary>Whether it failed because hosts vanished again and again while they held it.</summary>
    public bool Quarantined { get; init; }
}

/// <summary>An attempt as pages and REST show it.</summary>
public sealed record AttemptView(
    int Attempt, string HostName, string Device, int? ProcessId, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, AttemptOutcome? Outcome,
    int? ExitCode, int? Signal, string? Reason, long FirstStep, long LastStep)
{
    /// <summary>Why it ended without a result, if it did.</summary>
    public FailureKind? Failure { get; init; }

    /// <summary>Whether another run was on the device at any time.</summary>
    public bool Shared { get; init; }

    /// <summary>How many of its writes were refused because it was over.</summary>
    public int RefusedWrites { get; init; }
}

/// <summary>An event of a run.</summary>
public sealed record EventView(long Id, DateTimeOffset At, int? Attempt, EventLevel Level, string Message);

/// <summary>How a host is.</summary>
public enum HostState
{
    /// <summary>It takes runs.</summary>
    Up,

    /// <summary>It takes no more runs and puts back those it has.</summary>
    Draining,

    /// <summary>It ended in order.</summary>
    Stopped,

    /// <summary>It has not been heard of for longer than <see cref="HostView.LostAfter"/>.</summary>
    Lost,
}

/// <summary>A job host as pages and REST show it.</summary>
public sealed record HostView(
    long Id, string Name, HostState State, string Version, int ProcessId, IReadOnlyList<HostDevice> Devices, DateTimeOffset StartedAt,
    DateTimeOffset HeartbeatAt, IReadOnlyList<RunView> Runs)
{
    /// <summary>What runs may ask for.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Name of the machine that it runs on.</summary>
    public string Machine { get; init; } = "";

    /// <summary>Silence after which a host counts as lost.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(10);

    /// <summary>How many runs it takes at once.</summary>
    public int Slots => Devices.Sum(d => d.Slots);
}
