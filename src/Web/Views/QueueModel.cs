using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>What the page of the queue shows.</summary>
/// <param name="Active">Runs that hold a slot.</param>
/// <param name="Queue">The entries of this page, and what holds for all of them.</param>
/// <param name="Page">Number of the page, from 1.</param>
/// <param name="Slots">Slots of the hosts that take runs.</param>
/// <param name="Filter">Which waiting runs are shown.</param>
public sealed record QueueModel(IReadOnlyList<RunView> Active, QueueView Queue, int Page, int Slots, QueueFilter Filter)
{
    public const int PageSize = 50;

    public int Pages => PagesFor(Queue.Matching);

    public bool IsFiltered => Filter != new QueueFilter();

    /// <summary>Runs that no present host can take.</summary>
    public int Unplaced => Queue.Unplaced.Sum(group => group.Count);

    /// <summary>The longest bar of the shares.</summary>
    public double MostSeconds => Queue.Shares.Select(share => share.Seconds).DefaultIfEmpty().Max();

    /// <summary>The page on which a place is.</summary>
    public static int PageOf(int place) => (place - 1) / PageSize + 1;

    public static int PagesFor(int total) => Math.Max(1, (total + PageSize - 1) / PageSize);
}
