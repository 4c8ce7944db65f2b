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

/// <summary>A page of the queue, and what holds for all of it.</summary>
/// <param name="Entries">The entries asked for, by place.</param>
/// <param name="Total">How many runs wait.</param>
/// <param name="Empty">When the last run that can be placed will be done, if that can be told.</param>
/// <param name="Shares">Device time of each owner who used any lately or has runs here, most first.</param>
public sealed record QueueView(IReadOnlyList<QueueEntry> Entries, int Total, MomentEstimate? Empty, IReadOnlyList<OwnerShare> Shares)
{
    /// <summary>The runs that no present host can take, by what is missing.</summary>
    public IReadOnlyList<UnplacedRuns> Unplaced { get; init; } = [];
}

/// <summary>The queue as pages and REST show it.</summary>
public interface IQueue
{
    /// <summary>Entries by place from <paramref name="offset"/> (0 for the first) on.</summary>
    Task<QueueView> ReadAsync(int limit, int offset, CancellationToken cancellationToken);

    /// <summary>The place of one run; <see langword="null"/> when it does not wait.</summary>
    Task<QueuePlace?> PlaceAsync(long runId, CancellationToken cancellationToken);
}
