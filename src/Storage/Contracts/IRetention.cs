using System.Text.Json.Serialization;

namespace Tracker.Storage;

/// <summary>How long what runs leave behind is kept after they have ended; <see langword="null"/> for ever.</summary>
/// <param name="LogDays">Lines of logs, in days.</param>
/// <param name="EventDays">Events, in days.</param>
public sealed record RetentionRules(int? LogDays, int? EventDays)
{
    /// <summary>The longest time that can be stated.</summary>
    public const int MaxDays = 36_500;

    /// <summary>
    /// All points of long series, in days; after that only the least, the greatest and the last of each of their narrowest buckets that are kept.
    /// Evaluations and what programs outside report always keep every point.
    /// </summary>
    public int? PointDays { get; init; }

    /// <summary>All checkpoints, in days; after that only those of the best and of the last run of each sweep.</summary>
    public int? CheckpointDays { get; init; }

    /// <summary>What lies in the recycle bin, in days since it was put there; 0 for not at all.</summary>
    public int? BinDays { get; init; } = 30;

    /// <summary>Whether there is something that a pass could remove. The recycle bin is seen to apart from that.</summary>
    [JsonIgnore]
    public bool AreEmpty => (LogDays ?? EventDays ?? PointDays ?? CheckpointDays) is null;
}

/// <summary>What rules would remove now.</summary>
/// <param name="Logs">Lines of logs.</param>
/// <param name="LogRuns">Of so many runs.</param>
/// <param name="Events">Events.</param>
/// <param name="EventRuns">Of so many runs.</param>
public sealed record RetentionPreview(long Logs, long LogRuns, long Events, long EventRuns)
{
    /// <summary>Points of long series, at least.</summary>
    public long Points { get; init; }

    /// <summary>Of so many runs.</summary>
    public long PointRuns { get; init; }

    /// <summary>Checkpoints, each of a run.</summary>
    public long Checkpoints { get; init; }

    /// <summary>What these take.</summary>
    public long CheckpointBytes { get; init; }

    /// <summary>Runs and sweeps in the recycle bin.</summary>
    public long BinItems { get; init; }

    /// <summary>Whether nothing would go.</summary>
    public bool IsEmpty => this == new RetentionPreview(0, 0, 0, 0);
}

/// <summary>A time at which rules were applied.</summary>
/// <param name="StartedAt">When.</param>
/// <param name="EndedAt">When all was done; <see langword="null"/> while it is not, or when it was broken off, after which the next one goes on.</param>
/// <param name="Logs">How many lines of logs were removed.</param>
/// <param name="Events">How many events were removed.</param>
public sealed record RetentionPass(DateTimeOffset StartedAt, DateTimeOffset? EndedAt, long Logs, long Events)
{
    /// <summary>How many points were removed.</summary>
    public long Points { get; init; }

    /// <summary>How many checkpoints were given up; hosts remove their files within the hour.</summary>
    public long Checkpoints { get; init; }

    /// <summary>Whether nothing was removed.</summary>
    public bool IsEmpty => Logs + Events + Points + Checkpoints == 0;
}

/// <summary>A sweep and what it takes.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="Name">Its name.</param>
/// <param name="Points">Points of its own runs.</param>
/// <param name="CheckpointBytes">Checkpoints of its own runs.</param>
public sealed record SweepSpace(long SweepId, string Name, long Points, long CheckpointBytes);

/// <summary>About what a sweep takes, with the runs that are its own.</summary>
/// <param name="Runs">Its own runs; what other sweeps lend it counts there.</param>
/// <param name="Points">Points of their series.</param>
/// <param name="PointBytes">About what these take in the database.</param>
/// <param name="LogBytes">Logs and events.</param>
/// <param name="Checkpoints">Checkpoints on the disks of hosts.</param>
/// <param name="CheckpointBytes">As hosts recorded them.</param>
/// <param name="ArtifactBytes">Files that programs outside have stored.</param>
public sealed record SpaceOfSweep(int Runs, long Points, long PointBytes, long LogBytes, int Checkpoints, long CheckpointBytes, long ArtifactBytes)
{
    /// <summary>All together.</summary>
    public long Bytes => PointBytes + LogBytes + CheckpointBytes + ArtifactBytes;
}

/// <summary>What is stored, in bytes.</summary>
/// <param name="Database">The whole database.</param>
/// <param name="Points">Points of series, with what they are read by.</param>
/// <param name="Logs">Logs.</param>
/// <param name="Events">Events.</param>
/// <param name="Checkpoints">Checkpoints in the data directories of hosts, as they were recorded.</param>
/// <param name="Sweeps">The sweeps with most points.</param>
public sealed record StorageSpace(long Database, long Points, long Logs, long Events, long Checkpoints, IReadOnlyList<SweepSpace> Sweeps)
{
    /// <summary>About what of it lies in the recycle bin, or is on its way out.</summary>
    public long Bin { get; init; }
}

/// <summary>What is kept for how long. Only runs that have ended lose anything, and never their results, evaluations or attempts.</summary>
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

    /// <summary>What a sweep takes; <see langword="null"/> when there is none.</summary>
    Task<SpaceOfSweep?> SpaceAsync(long sweepId, CancellationToken cancellationToken);

    /// <summary>What is stored.</summary>
    Task<StorageSpace> SpaceAsync(CancellationToken cancellationToken);
}
