using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>What trains and what waits, and why in that order.</summary>
/// <param name="Counts">All runs by state.</param>
/// <param name="Active">Runs that hold a slot, oldest start first.</param>
/// <param name="Queued">Queued runs in the order in which they are expected to start, as many as asked for.</param>
/// <param name="Entries">The place of each of those runs, in the same order.</param>
/// <param name="Total">How many runs wait.</param>
/// <param name="Matching">How many of them are of the sweep and device that were asked for.</param>
/// <param name="Empty">When the last run that has a host will be done, with its interval; null when it cannot be told.</param>
/// <param name="Unplaced">Waiting runs that no present host can take, by what is missing.</param>
/// <param name="Shares">Device time of each owner lately, which decides among runs of equal priority.</param>
/// <param name="NextCursor">Pass it as cursor to get what follows; null at the end. The order changes as runs come and go.</param>
public sealed record QueueResource(
    Counts Counts, IReadOnlyList<RunResource> Active, IReadOnlyList<RunResource> Queued, IReadOnlyList<QueueEntryResource> Entries, int Total, int Matching,
    MomentEstimate? Empty, IReadOnlyList<UnplacedResource> Unplaced, IReadOnlyList<ShareResource> Shares, string? NextCursor)
{
    public static QueueResource From(RunCounts counts, IReadOnlyList<RunView> active, QueueView q, string? nextCursor) => new(
        Counts.From(counts), [.. active.Select(RunResource.From)], [.. q.Entries.Select(e => RunResource.From(e.Run))],
        [.. q.Entries.Select(QueueEntryResource.From)], q.Total, q.Matching, q.Empty, [.. q.Unplaced.Select(u => new UnplacedResource(u.Explanation, u.Count))],
        [.. q.Shares.Select(s => new ShareResource(s.Name, s.Seconds))], nextCursor);
}

/// <summary>Where a queued run stands, and why.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Title">The run in a few words.</param>
/// <param name="Owner">Who submitted it.</param>
/// <param name="Place">Its place, from 1. Runs that no host can take come last.</param>
/// <param name="Reason">The one thing that would have to change first for it to start.</param>
/// <param name="Explanation">The same in one sentence, with the numbers that it rests on.</param>
/// <param name="Duration">How long it will take, with its interval; null when nothing like it was measured.</param>
/// <param name="Starts">When it will start, with its interval; null when that cannot be told.</param>
/// <param name="Finishes">When it will be done, with its interval; null when that cannot be told.</param>
public sealed record QueueEntryResource(
    long RunId, string Title, string? Owner, int Place, QueueReason Reason, string Explanation, DurationEstimate? Duration, MomentEstimate? Starts,
    MomentEstimate? Finishes)
{
    public static QueueEntryResource From(QueueEntry e) => new(
        e.Run.Id, e.Run.Spec.Title, e.OwnerName, e.Place.Place, e.Place.Reason, e.Place.Explanation, e.Place.Duration, e.Place.Starts, e.Place.Finishes);
}

/// <summary>Waiting runs that no present host can take, for the same reason.</summary>
/// <param name="Explanation">What is missing.</param>
/// <param name="Count">How many runs.</param>
public sealed record UnplacedResource(string Explanation, int Count);

/// <summary>Device time of one owner lately.</summary>
/// <param name="Owner">The owner; null for runs of nobody.</param>
/// <param name="DeviceSeconds">Device seconds, of which half are forgotten each day, and the whole expected time of what runs now.</param>
public sealed record ShareResource(string? Owner, double DeviceSeconds);
