using Tracker.Domain;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>The chart of a sweep: one mean curve with its spread per group of runs.</summary>
public static class SweepCurves
{
    /// <summary>As many as can be told apart.</summary>
    public const int MostGroups = 8;

    public static ChartData Draw(SweepModel model, IReadOnlyList<RunGroup> groups, Curve metric, bool log, double smoothing)
    {
        var axis = model.Axis;
        var byRun = model.Series.ToDictionary(series => series.RunId);
        var taken = new HashSet<int>();
        var series = new List<ChartSeries>();
        foreach (var group in groups.Take(MostGroups))
        {
            var curves = group.Runs.Where(run => byRun.ContainsKey(run.Id))
                .Select(run => (IReadOnlyList<(double, double)>)[.. byRun[run.Id].Buckets.Where(bucket => double.IsFinite(bucket.Last)).Select(bucket => (bucket.X, bucket.Last))])
                .ToArray();
            var curve = SeedCurve.Of(curves).Smoothed(smoothing);
            var number = taken.Add(group.Technique.Series) ? group.Technique.Series : Enumerable.Range(6, 3).FirstOrDefault(taken.Add);
            series.Add(new ChartSeries
            {
                Id = group.Id, Name = group.Name, Color = number == 0 ? "text-3" : $"series-{number}", Dash = group.Technique.Dash,
                Xs = curve.Xs, Ys = curve.Mean, Low = curve.Low, High = curve.High,
                Style = metric.Key == MetricNames.LearningRate ? SeriesStyle.Steps : SeriesStyle.Line, EndDot = true,
            });
        }
        var end = End(groups, axis, series);
        var values = series.SelectMany(one => one.Ys.Concat(one.Low ?? []).Concat(one.High ?? [])).OfType<double>();
        return new ChartData
        {
            Series = series,
            X = AxisScale.Across(axis.Name(), axis.Unit(), log ? Start(series) : 0, end, log),
            Y = AxisScale.Around(metric.Title, metric.Unit, values, log: metric.Key == MetricNames.LearningRate),
            Marks = RateDrops.Of(groups.Take(MostGroups).Select(group => group.Runs[0].Spec), axis, end),
            MarksBelow = metric.Unit == AxisUnit.Share,
        };
    }

    private static double Start(List<ChartSeries> series) => series.Where(one => one.Xs.Count > 0).Select(one => one.Xs[0]).DefaultIfEmpty(1).Min();

    // Epochs and steps are known beforehand, so that the axis stands still while runs advance.
    private static double End(IReadOnlyList<RunGroup> groups, CurveAxis axis, List<ChartSeries> series) => axis switch
    {
        CurveAxis.Epoch => groups.Select(group => (double)RunPlan.For(group.Runs[0].Spec).Epochs).DefaultIfEmpty(1).Max(),
        CurveAxis.Step => groups.Select(group => (double)RunPlan.For(group.Runs[0].Spec).TotalSteps).DefaultIfEmpty(1).Max(),
        _ => series.Where(one => one.Xs.Count > 0).Select(one => one.Xs[^1]).DefaultIfEmpty(60).Max(),
    };
}
