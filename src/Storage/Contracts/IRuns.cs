using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>Which runs to list. What is <see langword="null"/> does not restrict.</summary>
public sealed record RunFilter(
    long? SweepId = null, RunState? State = null, string? Network = null, string? Dataset = null, string? Method = null, int? Batch = null, int? Seed = null);

/// <summary>Runs: what pages and REST can do with them. Verbs are idempotent. Unknown ids answer <see langword="null"/>.</summary>
public interface IRuns
{
    /// <summary>One run with everything but its points and log.</summary>
    Task<RunView?> FindAsync(long runId, CancellationToken cancellationToken);

    /// <summary>Runs by descending id after <paramref name="beforeId"/> (exclusive).</summary>
    Task<IReadOnlyList<RunView>> ListAsync(RunFilter filter, int limit, long? beforeId, CancellationToken cancellationToken);

    /// <summary>All runs that a sweep shows, its own and reused ones, in the order of the sweep.</summary>
    Task<IReadOnlyList<RunView>> OfSweepAsync(long sweepId, CancellationToken cancellationToken);

    /// <summary>Runs that hold a slot, oldest start first.</summary>
    Task<IReadOnlyList<RunView>> ActiveAsync(CancellationToken cancellationToken);

    /// <summary>Queued runs in the order in which they will start.</summary>
    Task<IReadOnlyList<RunView>> QueueAsync(int limit, CancellationToken cancellationToken);

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

    /// <summary>Changes notes or tags; what is <see langword="null"/> stays.</summary>
    Task<RunView?> ChangeAsync(long runId, string? notes, IReadOnlyList<string>? tags, CancellationToken cancellationToken);

    /// <summary>Checkpoint and hold; a queued run is held as it is.</summary>
    Task<VerbResult?> PauseAsync(long runId, CancellationToken cancellationToken);

    /// <summary>Queue a paused run.</summary>
    Task<VerbResult?> ResumeAsync(long runId, CancellationToken cancellationToken);

    /// <summary>End now, keep what was recorded.</summary>
    Task<VerbResult?> CancelAsync(long runId, CancellationToken cancellationToken);

    /// <summary>Queue a failed or cancelled run again, from its last checkpoint.</summary>
    Task<VerbResult?> RetryAsync(long runId, CancellationToken cancellationToken);

    /// <summary>Deletes a run with its points. Refused (<see cref="InvalidOperationException"/>) while it is active.</summary>
    Task<bool> DeleteAsync(long runId, CancellationToken cancellationToken);
}
