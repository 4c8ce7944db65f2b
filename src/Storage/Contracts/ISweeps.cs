using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>What would happen if a sweep were submitted.</summary>
/// <param name="Sweep">The sweep with every default filled in.</param>
/// <param name="NewRuns">Runs that would be trained, in queue order.</param>
/// <param name="ReusedRuns">Finished runs with the same fingerprint that would be shown instead of being trained.</param>
/// <param name="Refused">Combinations that cannot be trained.</param>
/// <param name="EstimatedSeconds">Estimated time until all is done, from measured throughput, or <see langword="null"/> when nothing like it was measured.</param>
/// <param name="EstimateBasis">What the estimate rests on, in one line.</param>
public sealed record SweepPlan(
    SweepSpec Sweep, IReadOnlyList<PlannedRun> NewRuns, IReadOnlyList<ReusedRun> ReusedRuns, IReadOnlyList<RefusedCombination> Refused,
    double? EstimatedSeconds, string? EstimateBasis)
{
    /// <summary>How long its runs take on the hosts that are up, if nothing else waited.</summary>
    public DurationEstimate? Duration { get; init; }

    /// <summary>When it will be done behind what waits and trains already.</summary>
    public MomentEstimate? Finishes { get; init; }

    /// <summary>What the submission would not be refused for, but should be known, such as that no present host can take the runs.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A run that would be trained.</summary>
public sealed record PlannedRun(RunSpec Spec, RunPlan Plan, double? EstimatedSeconds)
{
    /// <summary>The same with its interval.</summary>
    public DurationEstimate? Duration { get; init; }
}

/// <summary>A finished run that stands for a planned one.</summary>
public sealed record ReusedRun(RunSpec Spec, long RunId, long SweepId, string SweepName, double FinalValidationAccuracy);

/// <summary>What a verb did: how many runs it touched and how many were already past it.</summary>
public sealed record VerbResult(int Changed, int Unchanged);

/// <summary>Sweeps: what pages and REST can do with them. Verbs are idempotent. Unknown ids answer <see langword="null"/>.</summary>
public interface ISweeps
{
    /// <summary>Works out what a submission would do, without doing it.</summary>
    Task<SweepPlan> PlanAsync(SweepSpec sweep, long? ownerId, CancellationToken cancellationToken);

    /// <summary>Inserts the sweep and its runs and queues them, in one transaction.</summary>
    /// <returns>The id of the sweep.</returns>
    Task<long> SubmitAsync(SweepSpec sweep, long? ownerId, CancellationToken cancellationToken);

    /// <summary>The sweep with counts and runs' states.</summary>
    Task<SweepView?> FindAsync(long sweepId, CancellationToken cancellationToken);

    /// <summary>Sweeps, newest first, after <paramref name="beforeId"/> (exclusive) when given.</summary>
    Task<IReadOnlyList<SweepView>> ListAsync(int limit, long? beforeId, CancellationToken cancellationToken) =>
        ListAsync(new SweepSearch(limit) { BeforeId = beforeId }, cancellationToken);

    /// <summary>The sweeps of a search, newest first.</summary>
    Task<IReadOnlyList<SweepView>> ListAsync(SweepSearch search, CancellationToken cancellationToken);

    /// <summary>Names of the users who have submitted sweeps, in order.</summary>
    Task<IReadOnlyList<string>> OwnersAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Changes name, notes or priority; what is <see langword="null"/> stays. A new priority is that of all its runs: those that wait move at
    /// once, those that a host holds are not interrupted.
    /// </summary>
    /// <exception cref="ExperimentExistsException">It is an experiment of programs outside, and the name is taken.</exception>
    Task<SweepView?> ChangeAsync(long sweepId, string? name, string? notes, Priority? priority, CancellationToken cancellationToken);

    /// <summary>
    /// Changes notes that were <paramref name="former"/> when somebody began to edit them. Refused (<see cref="InvalidOperationException"/>) when
    /// somebody else has changed them since.
    /// </summary>
    Task<SweepView?> ChangeNotesAsync(long sweepId, string notes, string former, CancellationToken cancellationToken);

    /// <summary>Pause: all that run write a checkpoint and leave their slots, all that wait are held. As <see cref="IRuns.PauseAsync"/> on each.</summary>
    Task<VerbResult?> PauseAsync(long sweepId, CancellationToken cancellationToken);

    /// <summary>Resume: all that are paused go on from their checkpoints. As <see cref="IRuns.ResumeAsync"/> on each.</summary>
    Task<VerbResult?> ResumeAsync(long sweepId, CancellationToken cancellationToken);

    /// <summary>Stop: what runs finishes, nothing more starts: what waits or is paused is cancelled. As <see cref="IRuns.StopAsync"/> on each.</summary>
    Task<VerbResult?> StopAsync(long sweepId, CancellationToken cancellationToken);

    /// <summary>Cancel: all end now, what was recorded is kept. As <see cref="IRuns.CancelAsync"/> on each.</summary>
    Task<VerbResult?> CancelAsync(long sweepId, CancellationToken cancellationToken);

    /// <summary>Retry from the last checkpoints.</summary>
    Task<VerbResult?> RetryAsync(long sweepId, CancellationToken cancellationToken) => RetryAsync(sweepId, RetryFrom.Checkpoint, cancellationToken);

    /// <summary>Retry: all that failed or were cancelled are queued again. As <see cref="IRuns.RetryAsync(long, RetryFrom, CancellationToken)"/> on each.</summary>
    Task<VerbResult?> RetryAsync(long sweepId, RetryFrom from, CancellationToken cancellationToken);

    /// <summary>What <see cref="DeleteAsync"/> would take with it.</summary>
    Task<SweepDeletion?> DeletionAsync(long sweepId, CancellationToken cancellationToken);

    /// <summary>
    /// Puts the sweep into the recycle bin with its runs; what waits or is paused is cancelled first. Runs that other sweeps show stay, as theirs.
    /// Refused (<see cref="InvalidOperationException"/>) while runs are active.
    /// </summary>
    Task<bool> DeleteAsync(long sweepId, CancellationToken cancellationToken);
}
