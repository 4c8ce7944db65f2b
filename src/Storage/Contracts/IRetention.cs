namespace Tracker.Storage;

/// <summary>How long what runs leave behind is kept after they have ended; <see langword="null"/> for ever.</summary>
/// <param name="LogDays">Lines of logs, in days.</param>
/// <param name="EventDays">Events, in days.</param>
public sealed record RetentionRules(int? LogDays, int? EventDays)
{
    /// <summary>The longest time that can be stated.</summary>
    public const int MaxDays = 36_500;
}

/// <summary>What rules would remove now.</summary>
/// <param name="Logs">Lines of logs.</param>
/// <param name="LogRuns">Of so many runs.</param>
/// <param name="Events">Events.</param>
/// <param name="EventRuns">Of so many runs.</param>
public sealed record RetentionPreview(long Logs, long LogRuns, long Events, long EventRuns);

/// <summary>A time at which rules were applied.</summary>
/// <param name="StartedAt">When.</param>
/// <param name="EndedAt">When all was done; <see langword="null"/> while it is not, or when it was broken off, after which the next one goes on.</param>
/// <param name="Logs">How many lines of logs were removed.</param>
/// <param name="Events">How many events were removed.</param>
public sealed record RetentionPass(DateTimeOffset StartedAt, DateTimeOffset? EndedAt, long Logs, long Events);

/// <summary>A sweep and what it takes.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="Name">Its name.</param>
/// <param name="Points">Points of its own runs.</param>
/// <param name="CheckpointBytes">Checkpoints of its own runs.</param>
public sealed record SweepSpace(long SweepId, string Name, long Points, long CheckpointBytes);

/// <summary>What is stored, in bytes.</summary>
/// <param name="Database">The whole database.</param>
/// <param name="Points">Points of series, with what they are read by.</param>
/// <param name="Logs">Logs.</param>
/// <param name="Events">Events.</param>
/// <param name="Checkpoints">Checkpoints in the data directories of hosts, as they were recorded.</param>
/// <param name="Sweeps">The sweeps with most points.</param>
public sealed record StorageSpace(long Database, long Points, long Logs, long Events, long Checkpoints, IReadOnlyList<SweepSpace> Sweeps);

/// <summary>What is kept for how long. Only runs that have ended lose anything, and never their results, series or attempts.</summary>
public interface IRetention
{
    /// <summary>The rules.</summary>
    Task<RetentionRules> RulesAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the rules.</summary>
    Task ChangeAsync(RetentionRules rules, CancellationToken cancellationToken);

    /// <summary>What rules would remove now; nothing is removed.</summary>
    Task<RetentionPreview> PreviewAsync(RetentionRules rules, CancellationToken cancellationToken);

    /// <summary>Removes what the rules say, a few thousand rows at a time.</summary>
    /// <returns>What was removed; <see langword="null"/> when another process is at it, or there are no rules.</returns>
    Task<RetentionPass?> ApplyAsync(CancellationToken cancellationToken);

    /// <summary>The last time that rules were applied.</summary>
    Task<RetentionPass?> LastPassAsync(CancellationToken cancellationToken);

    /// <summary>What is stored.</summary>
    Task<StorageSpace> SpaceAsync(CancellationToken cancellationToken);
}
