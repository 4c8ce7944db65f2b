using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>A started attempt: what a host needs to train a run.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Attempt">The attempt's number, the fencing token.</param>
/// <param name="Spec">The run's specification.</param>
/// <param name="Checkpoint">The checkpoint to go on from, or <see langword="null"/> to start from scratch.</param>
/// <param name="Device">The device that the run has been given, such as <c>cuda:0</c>.</param>
public sealed record StartedAttempt(long RunId, int Attempt, RunSpec Spec, CheckpointInfo? Checkpoint, string Device);

/// <summary>One process of one machine, for as long as that machine is up.</summary>
/// <param name="Id">Its process id, which another process may get later.</param>
/// <param name="StartTicks">When it started, in clock ticks since the machine did.</param>
public readonly record struct ProcessIdentity(int Id, long StartTicks);

/// <summary>An attempt whose child runs, or should.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Attempt">The attempt's number.</param>
/// <param name="Process">Its child, once that has told of itself.</param>
public readonly record struct HeldAttempt(long RunId, int Attempt, ProcessIdentity? Process);

/// <summary>How an attempt ended, as its host saw it.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="ExitCode">Exit code of the child, if it ended by itself.</param>
/// <param name="Signal">Signal that ended the child, if one did.</param>
/// <param name="Reason">One line for people.</param>
/// <param name="Failure">
/// Why, when it failed, its host was lost (<see cref="FailureKind.HostLost"/> counts towards a quarantine; an attempt that ended as lost for
/// another reason has none), or its last points could not be recorded.
/// </param>
public sealed record AttemptEnd(AttemptOutcome Outcome, int? ExitCode, int? Signal, string? Reason, FailureKind? Failure = null);

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    /// <summary>The run is done.</summary>
    Succeeded,

    /// <summary>Failed; another attempt may follow.</summary>
    Failed,

    /// <summary>Stopped with a checkpoint because the user paused the run.</summary>
    Paused,

    /// <summary>Stopped because the user cancelled the run.</summary>
    Cancelled,

    /// <summary>Stopped with a checkpoint because the host drains; the run is queued again.</summary>
    Drained,

    /// <summary>The host vanished or a newer attempt took over.</summary>
    Lost,
}

/// <summary>A write was refused because a newer attempt of the run exists. The writer must end without writing anything more.</summary>
public sealed class FencedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public FencedException(long runId, int attempt)
        : base($"Attempt {attempt} of run {runId} is over: a newer attempt exists or the run has ended.") => (RunId, Attempt) = (runId, attempt);

    /// <summary>The run.</summary>
    public long RunId { get; }

    /// <summary>The attempt whose write was refused.</summary>
    public int Attempt { get; }
}

/// <summary>The life of attempts. Every change is one guarded transaction that also records an event and notifies the pages.</summary>
public interface IAttempts
{
    /// <summary>
    /// Starts an attempt with the next number, when the run is queued and was assigned to this host. Otherwise answers
    /// <see langword="null"/>, whatever the engine believes: for a run that is paused, cancelled, done, deleted or another host's, or
    /// when another process has taken over this one's name; and for one that a former process of this host held, whose attempt is then recorded as lost, so that the run waits again. A pending
    /// wish is carried out. Points beyond the checkpoint are deleted.
    /// </summary>
    Task<StartedAttempt?> BeginAsync(long runId, long hostId, CancellationToken cancellationToken);

    /// <summary>Records that the child runs: Starting → Running.</summary>
    /// <exception cref="FencedException">A newer attempt exists.</exception>
    Task ChildStartedAsync(long runId, int attempt, ProcessIdentity process, CancellationToken cancellationToken);

    /// <summary>Makes the child's checkpoint unusable (missing or damaged on this host): the attempt starts from scratch, and all points are deleted.</summary>
    /// <exception cref="FencedException">A newer attempt exists.</exception>
    Task DiscardCheckpointAsync(long runId, int attempt, string reason, CancellationToken cancellationToken);

    /// <summary>Records the result: Running → Succeeded. Points must have been flushed before.</summary>
    /// <exception cref="FencedException">A newer attempt exists.</exception>
    Task SucceedAsync(long runId, int attempt, RunResult result, CancellationToken cancellationToken);

    /// <summary>
    /// Records the end of an attempt and moves the run on: to Paused, Cancelled, Failed, or back to Queued (drained, or retried as
    /// <see cref="RetryPolicy"/> decides). Does nothing when the child recorded success, or a newer attempt exists.
    /// </summary>
    /// <returns>The run's state afterwards.</returns>
    Task<RunState> EndAsync(long runId, int attempt, AttemptEnd end, CancellationToken cancellationToken);

    /// <summary>The attempts that are recorded as going on at a host; none to a process whose name another one has taken over.</summary>
    Task<IReadOnlyList<HeldAttempt>> HeldAsync(long hostId, CancellationToken cancellationToken);

    /// <summary>Whether an attempt has recorded its success just now, so that its child need only exit.</summary>
    Task<bool> IsLeavingAsync(long runId, int attempt, CancellationToken cancellationToken);

    /// <summary>The attempts of a host that ended lately, as far as their children told of themselves: none of those should live.</summary>
    Task<IReadOnlyList<HeldAttempt>> EndedAsync(long hostId, CancellationToken cancellationToken);

    /// <summary>Records that a child was found alive although its attempt was over, and was ended.</summary>
    Task NoteOrphanAsync(long runId, int attempt, string message, CancellationToken cancellationToken);

    /// <summary>The wishes for the runs that a host holds.</summary>
    Task<IReadOnlyDictionary<long, RunWish>> WishesAsync(long hostId, CancellationToken cancellationToken);
}
