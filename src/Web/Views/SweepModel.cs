using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>What the page of a sweep shows.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Runs">Its runs, reused ones included.</param>
/// <param name="Groups">The same by everything but the seed.</param>
/// <param name="Series">The chosen metric of the runs on the chart.</param>
/// <param name="Axis">What the series run along.</param>
public sealed record SweepModel(
    SweepView Sweep, IReadOnlyList<RunView> Runs, IReadOnlyList<RunGroup> Groups, IReadOnlyList<MetricSeries> Series, CurveAxis Axis)
{
    /// <summary>The large batches, of which the chart shows one beside SB.</summary>
    public IReadOnlyList<int> LargeBatches => [.. Groups.Where(group => group.Method.LargeBatch).Select(group => group.Batch).Distinct().Order()];

    /// <summary>The groups that the chart shows for a choice of batch: those of the small batch, and those of this one.</summary>
    public static IEnumerable<RunGroup> Charted(IEnumerable<RunGroup> groups, int? batch) => groups.Where(group => !group.Method.LargeBatch || group.Batch == batch);
}
