using Tracker.Domain;

namespace Tracker.Web.Views;

/// <summary>How the chart of a sweep is drawn where its address says nothing: against log step, since sweeps compare numbers of updates that differ by decades.</summary>
public static class SweepSettings
{
    /// <summary>The settings of an axis and a metric of which an address says nothing else.</summary>
    public static ChartSettings Usual(string? axis, Curve metric)
    {
        var x = CurveAxes.Read(axis, CurveAxis.Step);
        return ChartSettings.Usual with { LogX = x == CurveAxis.Step, LogY = metric.Key == MetricNames.LearningRate };
    }

    /// <summary>The parameters of an address after a change. A logarithmic axis that was not asked for goes with the axis that it belongs to.</summary>
    public static IReadOnlyDictionary<string, object?> Query(ChartSettings next, ChartSettings present, Curve metric)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(present);
        var usual = Usual(next.X.ToString(), metric);
        if (next.X != present.X && present.LogX == Usual(present.X.ToString(), metric).LogX)
            next = next with { LogX = usual.LogX };
        return next.Query(usual);
    }
}
