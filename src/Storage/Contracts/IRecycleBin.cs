namespace Tracker.Storage;

/// <summary>What lies in the recycle bin.</summary>
public enum BinKind
{
    /// <summary>A run that was deleted by itself.</summary>
    Run,

    /// <summary>A sweep or an experiment, with the runs that went with it.</summary>
    Sweep,
}

/// <summary>Something in the recycle bin.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name: of a run of the product, that of its sweep.</param>
/// <param name="SweepId">The sweep of a run.</param>
/// <param name="OwnerId">Whose it is.</param>
/// <param name="Owner">Their name.</param>
/// <param name="External">Whether a program outside reported it.</param>
/// <param name="DeletedAt">Since when it is there.</param>
/// <param name="DeletedBy">Name of whoever deleted it, as it was then.</param>
/// <param name="Runs">Runs that are there with it; 1 for a run.</param>
/// <param name="Points">Points of their series.</param>
/// <param name="CheckpointBytes">Their checkpoints, as hosts recorded them.</param>
/// <param name="PurgeAt">When it goes for good; <see langword="null"/> when it stays until somebody says so.</param>
public sealed record BinItem(
    BinKind Kind, long Id, string Name, long? SweepId, long? OwnerId, string? Owner, bool External, DateTimeOffset DeletedAt, string? DeletedBy,
    int Runs, long Points, long CheckpointBytes, DateTimeOffset? PurgeAt)
{
    /// <summary>About what it takes, in bytes: points with what they are read by, and checkpoints.</summary>
    public long Bytes => (Points * StoredBytes.Point) + CheckpointBytes;
}

/// <summary>About how much rows take with their indexes.</summary>
public static class StoredBytes
{
    /// <summary>A point: 76 in its table, 40 in the index, and a row of buckets for every 28.</summary>
    public const int Point = 120;

    /// <summary>A line of a log or an event beside its text.</summary>
    public const int Line = 100;
}

/// <summary>Where a part of the list of the recycle bin ended.</summary>
/// <param name="DeletedAt">Of the last item.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">Its id.</param>
public sealed record BinPlace(DateTimeOffset DeletedAt, BinKind Kind, long Id);

/// <summary>What was removed for good.</summary>
/// <param name="Runs">Runs.</param>
/// <param name="Sweeps">Sweeps.</param>
public sealed record PurgeResult(int Runs, int Sweeps);

/// <summary>
/// The recycle bin. Whoever deletes puts runs and sweeps there; from there they come back as they were, until they are purged. What is being purged
/// is gone for everybody: unknown ids and such ones answer false.
/// </summary>
public interface IRecycleBin
{
    /// <summary>What is there, latest first, after <paramref name="after"/>.</summary>
    Task<IReadOnlyList<BinItem>> ListAsync(int limit, BinPlace? after, CancellationToken cancellationToken);

    /// <summary>Takes a run out. Refused (<see cref="InvalidOperationException"/>) while its sweep is there.</summary>
    Task<bool> RestoreRunAsync(long runId, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a sweep out with the runs that went with it. Refused (<see cref="InvalidOperationException"/>) for an experiment from outside
    /// whose name has been taken since.
    /// </summary>
    Task<bool> RestoreSweepAsync(long sweepId, CancellationToken cancellationToken);

    /// <summary>Has a run removed for good, soon and in the background.</summary>
    Task<bool> PurgeRunAsync(long runId, CancellationToken cancellationToken);

    /// <summary>Has a sweep removed for good with all of its runs.</summary>
    Task<bool> PurgeSweepAsync(long sweepId, CancellationToken cancellationToken);

    /// <summary>Has everything that is there removed for good.</summary>
    /// <returns>How many items that were.</returns>
    Task<int> EmptyAsync(CancellationToken cancellationToken);
}

/// <summary>Removes for good what was marked for it, and what has been in the recycle bin for longer than the rule says.</summary>
public interface IPurge
{
    /// <summary>
    /// Does all there is to do, in small transactions: it may end at any time, and goes on with the next call. What is marked stays invisible
    /// until then.
    /// </summary>
    /// <returns>What was removed; <see langword="null"/> when another process is at it.</returns>
    Task<PurgeResult?> WorkAsync(CancellationToken cancellationToken);
}

/// <summary>Files of runs outside the database, of whoever keeps some; asked to remove them before a run's row goes, and again if that was cut off.</summary>
public interface IRunFiles
{
    /// <summary>Removes what there is of a run; nothing happens when there is nothing.</summary>
    Task DeleteAsync(long sweepId, long runId, CancellationToken cancellationToken);

    /// <summary>What there is of a sweep's runs, in bytes.</summary>
    Task<long> BytesAsync(long sweepId, CancellationToken cancellationToken);
}
