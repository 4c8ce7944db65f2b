using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>A point as programs outside report it.</summary>
/// <param name="Key">The metric.</param>
/// <param name="Value">The value; NaN and infinities are kept.</param>
/// <param name="Timestamp">When it was measured, in milliseconds since 1970.</param>
/// <param name="Step">The step.</param>
public readonly record struct LoggedMetric(string Key, double Value, long Timestamp, long Step);

/// <summary>Where a part of a history ended.</summary>
/// <param name="Point">The last point: what follows begins after it, whatever has been added.</param>
/// <param name="BySteps">Whether it is read by steps, since that is the order of time as well.</param>
public readonly record struct HistoryPlace(LoggedMetric Point, bool BySteps);

/// <summary>A part of a history.</summary>
/// <param name="Points">The points.</param>
/// <param name="Next">Where it goes on; <see langword="null"/> at its end.</param>
public sealed record LoggedHistory(IReadOnlyList<LoggedMetric> Points, HistoryPlace? Next);

/// <summary>A run that a program outside begins.</summary>
/// <param name="ExperimentId">The experiment.</param>
/// <param name="Name">What it calls it.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Tags">Tags by key.</param>
public sealed record NewLoggedRun(long ExperimentId, string Name, DateTimeOffset StartedAt, IReadOnlyDictionary<string, string> Tags);

/// <summary>What to change of a run from outside; what is <see langword="null"/> stays.</summary>
/// <param name="State">Running, Paused (scheduled), Succeeded, Failed or Cancelled (killed). Running clears the end: the program goes on.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Name">Its name.</param>
public sealed record LoggedRunChange(RunState? State, DateTimeOffset? FinishedAt, string? Name);

/// <summary>What one report holds.</summary>
/// <param name="Metrics">Points, in any order.</param>
/// <param name="Parameters">Parameters; one that the run has with another value is refused.</param>
/// <param name="Tags">Tags; the last value of a key wins.</param>
public sealed record LoggedBatch(
    IReadOnlyList<LoggedMetric> Metrics, IReadOnlyList<KeyValuePair<string, string>> Parameters, IReadOnlyList<KeyValuePair<string, string>> Tags);

/// <summary>A run as programs outside know it, the product's own included.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ExperimentId">Its experiment: its sweep.</param>
/// <param name="Name">What it is called.</param>
/// <param name="External">Whether a program outside reports it.</param>
/// <param name="Owner">Name of the user who began it.</param>
/// <param name="State">Its state.</param>
/// <param name="StartedAt">When it began; when it was made while it has not.</param>
/// <param name="FinishedAt">When it ended, if it has.</param>
/// <param name="DeletedAt">Since when it lies in the recycle bin.</param>
/// <param name="Parameters">Parameters: for the product's own runs, its settings by the names that filters have for them, written as filters would.</param>
/// <param name="Tags">Tags by key; the product's own of the form KEY=VALUE are taken apart. Name and notes are not repeated here.</param>
/// <param name="Notes">Its notes, in Markdown.</param>
/// <param name="Metrics">The latest point of each metric: that of the greatest step, among those of the greatest time, among those of the greatest value.</param>
public sealed record LoggedRun(
    long Id, long ExperimentId, string Name, bool External, string? Owner, RunState State, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt,
    DateTimeOffset? DeletedAt, IReadOnlyDictionary<string, string> Parameters, IReadOnlyDictionary<string, string> Tags, string Notes,
    IReadOnlyList<LoggedMetric> Metrics);

/// <summary>Why a program's report on a run is refused; the message is for its user.</summary>
public sealed class LogRefusedException(string message) : InvalidOperationException(message);

/// <summary>Runs that programs outside report. Unknown ids answer <see langword="null"/> or false.</summary>
public interface ILoggedRuns
{
    /// <summary>Begins one, Running, on behalf of <see cref="Actor.Current"/>.</summary>
    /// <returns>Its id; <see langword="null"/> when there is no such experiment.</returns>
    /// <exception cref="LogRefusedException">The experiment lies in the recycle bin, or is a sweep.</exception>
    Task<long?> CreateAsync(NewLoggedRun run, CancellationToken cancellationToken);

    /// <summary>One, also from the recycle bin, and also the product's own.</summary>
    Task<LoggedRun?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Several, in the order of the ids; those that no run has are passed over. Two queries, however many.</summary>
    Task<IReadOnlyList<LoggedRun>> FindAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken);

    /// <summary>Changes state, end or name.</summary>
    /// <exception cref="LogRefusedException">It lies in the recycle bin, or the product trains it.</exception>
    Task<bool> ChangeAsync(long id, LoggedRunChange change, CancellationToken cancellationToken);

    /// <summary>
    /// Adds points, parameters and tags, all or nothing. What is there already is not added again, so that a report may be repeated. Tags may be
    /// given to any run; reserved ones (mlflow.runName, mlflow.note.content) change name and notes.
    /// </summary>
    /// <exception cref="LogRefusedException">It lies in the recycle bin, a parameter has another value, or points or parameters are for a run that the product trains.</exception>
    Task<bool> LogAsync(long id, LoggedBatch batch, CancellationToken cancellationToken);

    /// <summary>Sets a tag to what follows from its value, or from its absence; nobody else changes the run meanwhile. The function may be called again.</summary>
    /// <exception cref="LogRefusedException">The run lies in the recycle bin.</exception>
    Task<bool> ChangeTagAsync(long id, string key, Func<string?, string> change, CancellationToken cancellationToken);

    /// <summary>Removes a tag; false too when it does not have it.</summary>
    Task<bool> DeleteTagAsync(long id, string key, CancellationToken cancellationToken);

    /// <summary>Puts it into the recycle bin. Refused (<see cref="InvalidOperationException"/>) while the product trains it.</summary>
    Task<bool> DeleteAsync(long id, CancellationToken cancellationToken);

    /// <summary>Takes it out of the recycle bin; its experiment must not be there (<see cref="LogRefusedException"/>).</summary>
    Task<bool> RestoreAsync(long id, CancellationToken cancellationToken);

    /// <summary>All points of a metric by time, step and value, after a place among them; <see langword="null"/> when there is no such run.</summary>
    Task<LoggedHistory?> HistoryAsync(long runId, string key, HistoryPlace? after, int limit, CancellationToken cancellationToken);
}
