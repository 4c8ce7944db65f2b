using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>A queued run and why it stands where it stands.</summary>
/// <param name="Run">The run.</param>
/// <param name="Place">Its place.</param>
public sealed record QueueEntry(RunView Run, QueuePlace Place)
{
    /// <summary>Who submitted it, if anybody is known.</summary>
    public string? OwnerName { get; init; }
}

/// <summary>Device time of one owner lately.</summary>
/// <param name="OwnerId">The owner; <see langword="null"/> for runs of nobody.</param>
/// <param name="Name">Their name.</param>
/// <param name="Seconds">Device seconds, of which half are forgotten each day, and the whole expected time of what runs now.</param>
public sealed record OwnerShare(long? OwnerId, string? Name, double Seconds);

/// <summary>Waiting runs that no present host can take, for one and the same reason.</summary>
/// <param name="Explanation">What is missing, in one sentence for people.</param>
/// <param name="Count">How many runs.</param>
public sealed record UnplacedRuns(string Explanation, int Count);

/// <summary>Which waiting runs to show. What is <see langword="null"/> does not restrict.</summary>
/// <param name="SweepId">Runs of this sweep.</param>
/// <param name="Device">Runs that want such a device.</param>
public sealed record QueueFilter(long? SweepId = null, DeviceClass? Device = null);

/// <summary>A sweep of which runs wait.</summary>
/// <param name="Id">The sweep.</param>
/// <param name="Name">Its name.</param>
/// <param name="Waiting">How many of its runs wait.</param>
public sealed record WaitingSweep(long Id, string Name, int Waiting);

/// <summary>A page of the queue, and what holds for all of it.</summary>
/// <param name="Entries">The entries asked for, by place.</param>
/// <param name="Total">How many runs wait.</param>
/// <param name="Empty">When the last run that can be placed will be done, if that can be told.</param>
/// <param name="Shares">Device time of each owner who used any lately or has runs here, most first.</param>
public sealed record QueueView(IReadOnlyList<QueueEntry> Entries, int Total, MomentEstimate? Empty, IReadOnlyList<OwnerShare> Shares)
{
    /// <summary>The runs that no present host can take, by what is missing.</summary>
    public IReadOnlyList<UnplacedRuns> Unplaced { get; init; } = [];

    /// <summary>When the next run of the whole queue starts, if that can be told.</summary>
    public MomentEstimate? Next { get; init; }

    /// <summary>How many of the waiting runs the filter lets through: all of them without one.</summary>
    public int Matching { get; init; } = Total;

    /// <summary>The sweeps of which runs wait, oldest first.</summary>
    public IReadOnlyList<WaitingSweep> Sweeps { get; init; } = [];
}

/// <summary>The queue as pages and REST show it.</summary>
public interface IQueue
{
    /// <summary>Entries by place from <paramref name="offset"/> (0 for the first) on.</summary>
    Task<QueueView> ReadAsync(int limit, int offset, CancellationToken cancellationToken) => ReadAsync(new(), limit, offset, cancellationToken);

    /// <summary>The entries that a filter lets through, each with its place in the whole queue.</summary>
    Task<QueueView> ReadAsync(QueueFilter filter, int limit, int offset, CancellationToken cancellationToken);

    /// <summary>The place of one run; <see langword="null"/> when it does not wait.</summary>
    Task<QueuePlace?> PlaceAsync(long runId, CancellationToken cancellationToken);
}
