using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>The charts of the page Compare: one for each metric, against the same axis.</summary>
public static class CompareCharts
{
    /// <summary>The curves of one metric.</summary>
    /// <param name="model">The runs and their series.</param>
    /// <param name="groups">How the runs are put together.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="settings">Axes and smoothing.</param>
    /// <param name="range">The stretch for which the series were read.</param>
    /// <param name="opened">The group whose runs are drawn thinly beside their mean, if one is.</param>
    public static ChartData Draw(CompareModel model, IReadOnlyList<CurveGroup> groups, Curve metric, ChartSettings settings, ChartRange? range, string? opened)
    {
        var without = Without(model, settings.X).Select(run => run.Id).ToHashSet();
        if (without.Count > 0)
            model = model with { Series = [.. model.Series.Where(one => !without.Contains(one.RunId))] };
        var series = GroupCurves.Draw(groups, model.Series, metric, settings.Smoothing).ToList();
        if (groups.FirstOrDefault(group => group.Id == opened) is { Runs.Count: > 1 } open)
            series.AddRange(Members(open, model.Series, metric));
        var log = settings.LogY || metric.Key == MetricNames.LearningRate;
        var values = series.Where(one => !one.Silent || range is null).SelectMany(one => Inside(one, range)).OfType<double>();
        return new ChartData
        {
            Series = series,
            X = AxisScale.Across(settings.X.Name(), settings.X.Unit(), settings.LogX ? model.Extent?.From ?? 1 : 0, End(model, settings.X), settings.LogX),
            Y = AxisScale.Around(metric.Title, metric.Unit, values, log),
            MarksBelow = metric.Unit == AxisUnit.Share,
        };
    }

    /// <summary>The runs that have no place on an axis, and so no curve.</summary>
    public static IReadOnlyList<RunView> Without(CompareModel model, CurveAxis axis) => [.. model.Views.Where(run => !axis.Has(run))];

    private static IEnumerable<ChartSeries> Members(CurveGroup group, IReadOnlyList<MetricSeries> series, Curve metric)
    {
        var alone = group.Runs.Select(run => new CurveGroup($"member-{run.Id}", $"#{run.Id}", group.Look with { Dash = [] }, [run])).ToArray();
        return GroupCurves.Draw(alone, series, metric, 0).Select(one => one with { Style = SeriesStyle.Thin, Silent = true, EndDot = false, Smallest = null, Largest = null });
    }

    /// <summary>What decides the vertical axis: of a stretch, the points inside it.</summary>
    private static IEnumerable<double?> Inside(ChartSeries series, ChartRange? range)
    {
        for (var i = 0; i < series.Xs.Count; i++)
        {
            if (range is not null && (series.Xs[i] < range.From || series.Xs[i] > range.To))
                continue;
            yield return series.Ys[i];
            yield return series.Low?[i];
            yield return series.High?[i];
        }
    }

    // Epochs, steps and samples are known beforehand, so that the axis stands still while runs advance; of time only what has passed is.
    private static double End(CompareModel model, CurveAxis axis)
    {
        var drawn = model.Series.Select(one => one.RunId).ToHashSet();
        var known = model.Runs.Where(found => drawn.Contains(found.Run.Id)).Select(found => (found.Run.Spec, Plan: found.Run.Plan(), found.Run.Progress)).Select(run => axis switch
        {
            CurveAxis.Epoch => run.Plan?.Epochs ?? 1,
            CurveAxis.Step => run.Plan?.TotalSteps ?? Math.Max(1, run.Progress?.Step ?? 1),
            CurveAxis.Samples => run.Plan is { } plan ? (double)plan.Epochs * run.Spec.TrainingSplit : 1,
            _ => 0,
        }).DefaultIfEmpty(1).Max();
        return axis == CurveAxis.Time ? model.Extent?.To ?? 60 : known;
    }
}
