using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>Which runs to list. What is <see langword="null"/> does not restrict.</summary>
public sealed record RunFilter(
    long? SweepId = null, RunState? State = null, string? Network = null, string? Dataset = null, string? Method = null, int? Batch = null, int? Seed = null);

/// <summary>A run and its place in the order of a sweep.</summary>
public sealed record PlacedRun(int Place, RunView Run);

/// <summary>Where a run that is retried starts.</summary>
public enum RetryFrom
{
    /// <summary>At its last checkpoint, if it has one.</summary>
    Checkpoint,

    /// <summary>At step 0: checkpoint and progress are dropped, and the points when the next attempt begins.</summary>
    Scratch,
}

/// <summary>
/// Runs: what pages and REST can do with them. Unknown ids answer <see langword="null"/>. Verbs are idempotent, and one that races with
/// another, with a host or with the run's end does what it would have done just before or just after.
/// </summary>
public interface IRuns
{
    /// <summary>So many tags has a run at most.</summary>
    const int MostTags = 50;

    /// <summary>One run with everything but its points and log.</summary>
    Task<RunView?> FindAsync(long runId, CancellationToken cancellationToken) => FindAsync(runId, Presence.Active, cancellationToken);

    /// <summary>The same, in the recycle bin too or only there.</summary>
    Task<RunView?> FindAsync(long runId, Presence presence, CancellationToken cancellationToken);

    /// <summary>Several runs; ids that no run has are passed over.</summary>
    Task<IReadOnlyList<RunView>> FindAsync(IReadOnlyList<long> runIds, CancellationToken cancellationToken);

    /// <summary>The metrics of which any of these runs has points, by name.</summary>
    Task<IReadOnlyList<string>> MetricsAsync(IReadOnlyList<long> runIds, CancellationToken cancellationToken);

    /// <summary>Runs by descending id after <paramref name="beforeId"/> (exclusive).</summary>
    Task<IReadOnlyList<RunView>> ListAsync(RunFilter filter, int limit, long? beforeId, CancellationToken cancellationToken);

    /// <summary>All runs that a sweep shows, its own and reused ones, in the order of the sweep.</summary>
    Task<IReadOnlyList<RunView>> OfSweepAsync(long sweepId, CancellationToken cancellationToken);

    /// <summary>Some of them, in the same order: those after a place in it (exclusive).</summary>
    Task<IReadOnlyList<PlacedRun>> OfSweepAsync(long sweepId, int limit, int? afterPlace, CancellationToken cancellationToken);

    /// <summary>One of its runs and those around it in the same order, so many on each side, with no more than tells them apart: a fraction of the cost.</summary>
    Task<IReadOnlyList<RunBrief>> BriefsOfSweepAsync(long sweepId, long around, int eachSide, CancellationToken cancellationToken);

    /// <summary>Runs that hold a slot, oldest start first.</summary>
    Task<IReadOnlyList<RunView>> ActiveAsync(CancellationToken cancellationToken);

    /// <summary>Runs of programs outside that are said to run, last started first.</summary>
    Task<IReadOnlyList<RunView>> ReportedAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Counts of all runs by state, and of those finished today (UTC).</summary>
    Task<RunCounts> CountsAsync(CancellationToken cancellationToken);

    /// <summary>Runs that failed lately, newest first.</summary>
    Task<IReadOnlyList<RunView>> RecentFailuresAsync(int limit, CancellationToken cancellationToken);

    /// <summary>The attempts of a run, newest first.</summary>
    Task<IReadOnlyList<AttemptView>> AttemptsAsync(long runId, CancellationToken cancellationToken);

    /// <summary>The events of a run, newest first.</summary>
    Task<IReadOnlyList<EventView>> EventsAsync(long runId, int limit, CancellationToken cancellationToken);

    /// <summary>Log lines in order, after (<paramref name="afterAttempt"/>, <paramref name="afterLine"/>); the last <paramref name="limit"/> when these are 0.</summary>
    Task<IReadOnlyList<LogLine>> LogAsync(long runId, int afterAttempt, long afterLine, int limit, CancellationToken cancellationToken);

    /// <summary>The last log lines that match, in order.</summary>
    Task<IReadOnlyList<LogLine>> LogAsync(LogQuery query, CancellationToken cancellationToken);

    /// <summary>The tags that runs have, most frequent first.</summary>
    Task<IReadOnlyList<string>> TagsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Changes notes or tags; what is <see langword="null"/> stays.</summary>
    Task<RunView?> ChangeAsync(long runId, string? notes, IReadOnlyList<string>? tags, CancellationToken cancellationToken) =>
        ChangeAsync(runId, notes, tags, priority: null, cancellationToken);

    /// <summary>
    /// Changes notes, tags or priority; what is <see langword="null"/> stays. A new priority moves a run that waits, at once; one that a host
    /// holds is not interrupted, and has it when it is queued again.
    /// </summary>
    Task<RunView?> ChangeAsync(long runId, string? notes, IReadOnlyList<string>? tags, Priority? priority, CancellationToken cancellationToken);

    /// <summary>
    /// Changes notes that were <paramref name="former"/> when somebody began to edit them. Refused (<see cref="InvalidOperationException"/>) when
    /// somebody else has changed them since.
    /// </summary>
    Task<RunView?> ChangeNotesAsync(long runId, string notes, string former, CancellationToken cancellationToken);

    /// <summary>
    /// Gives many runs tags and takes others from them, whatever tags they have besides; ids that no run has are passed over. Refused
    /// (<see cref="InvalidOperationException"/>) when a run would have more than <see cref="MostTags"/>.
    /// </summary>
    Task<VerbResult> ChangeTagsAsync(IReadOnlyList<long> runIds, IReadOnlyList<string> add, IReadOnlyList<string> remove, CancellationToken cancellationToken);

    /// <summary>
    /// Pause: write a checkpoint, leave the slot, hold. A run that waits is held as it is. One that a host holds is paused when its process
    /// has left, within seconds; until then it has the wish. Nothing happens to one that is to be cancelled, is held, or is over.
    /// </summary>
    Task<VerbResult?> PauseAsync(long runId, CancellationToken cancellationToken);

    /// <summary>
    /// Resume: go on from the checkpoint. A paused run is queued, at the end. For one that is to pause and has not left yet, the wish is
    /// taken back; if its process is leaving already, it is queued again at its former place. Nothing happens to others.
    /// </summary>
    Task<VerbResult?> ResumeAsync(long runId, CancellationToken cancellationToken);

    /// <summary>
    /// Stop: finish what runs, start nothing. A run that waits or is paused is cancelled. One that a host holds finishes, with further
    /// attempts if it needs them; if it is to pause or to be cancelled, that stands. Nothing happens to one that is over.
    /// </summary>
    Task<VerbResult?> StopAsync(long runId, CancellationToken cancellationToken);

    /// <summary>
    /// Cancel: end now, keep what was recorded. A run that waits or is paused is cancelled at once, one that a host holds when its process
    /// has left, within seconds; that cannot be taken back. If it finishes first, it has succeeded. Nothing happens to one that is over.
    /// </summary>
    Task<VerbResult?> CancelAsync(long runId, CancellationToken cancellationToken);

    /// <summary>Retry from the last checkpoint.</summary>
    Task<VerbResult?> RetryAsync(long runId, CancellationToken cancellationToken) => RetryAsync(runId, RetryFrom.Checkpoint, cancellationToken);

    /// <summary>
    /// Retry: a new attempt of a run that failed or was cancelled, which is queued at the end, out of quarantine, and with a fresh allowance
    /// of crashes. Nothing happens to others.
    /// </summary>
    Task<VerbResult?> RetryAsync(long runId, RetryFrom from, CancellationToken cancellationToken);

    /// <summary>Does the same with many runs, in one transaction; ids that no run has are passed over.</summary>
    Task<VerbResult> DoAsync(RunVerb verb, IReadOnlyList<long> runIds, CancellationToken cancellationToken);

    /// <summary>Changes the priority of many runs as <see cref="ChangeAsync(long, string?, IReadOnlyList{string}?, Priority?, CancellationToken)"/> does that of one.</summary>
    Task<VerbResult> ChangePriorityAsync(IReadOnlyList<long> runIds, Priority priority, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a run into the recycle bin; one that waits or is paused is cancelled first. Refused (<see cref="InvalidOperationException"/>) while it
    /// is active.
    /// </summary>
    Task<bool> DeleteAsync(long runId, CancellationToken cancellationToken);
}
