using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Live;

/// <summary>
/// Series that pages on the same runs read together. They share an answer only where they know the runs in the same state: a page keeps the series of
/// a run until it has moved, so it must never be handed points from before what it knows.
/// </summary>
public sealed class SharedSeries(IMetrics metrics, SharedReads reads, IReadOnlyList<RunView> runs) : IMetrics
{
    public Task<IReadOnlyList<MetricSeries>> SeriesAsync(SeriesQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var ids = query.RunIds.ToHashSet();
        var known = string.Join('\n', runs.Where(run => ids.Contains(run.Id)).Select(run => $"{run.Id} {KeptSeries.Stamp(run)}"));
        var key = (string.Join('\n', query.Keys), query.MaxPoints, query.Axis, query.From, query.To, known);
        return reads.GetAsync(key, change => change.Kind == ChangeKind.Run && ids.Contains(change.Id), token => metrics.SeriesAsync(query, token), cancellationToken);
    }
}
