using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Charts;
using Tracker.Web.Components.Parts;

namespace Tracker.Web.Views;

/// <summary>Quantities against the batch, a curve per technique with error bars.</summary>
public static class BatchFigures
{
    /// <summary>Accuracy, as a share.</summary>
    public static ChartData? Accuracy(IReadOnlyList<LeaderboardRow> rows) =>
        Draw(rows, "accuracy", AxisUnit.Share, row => (row.Accuracy.Mean, row.Accuracy.StandardDeviation), fromZero: false);

    /// <summary>Weight updates until the target was reached.</summary>
    public static ChartData? Steps(IReadOnlyList<LeaderboardRow> rows) =>
        Draw(rows, "steps to target", AxisUnit.Count, row => (row.Target.Steps, row.Target.StepsDeviation), fromZero: true);

    /// <summary>Seconds of training and evaluation until the target was reached.</summary>
    public static ChartData? Time(IReadOnlyList<LeaderboardRow> rows) =>
        Draw(rows, "time to target", AxisUnit.Seconds, row => (row.Target.Seconds, row.Target.SecondsDeviation), fromZero: true);

    private static ChartData? Draw(
        IReadOnlyList<LeaderboardRow> rows, string name, AxisUnit unit, Func<LeaderboardRow, (double? Mean, double? Deviation)> value, bool fromZero)
    {
        var points = rows.Select(row => (Row: row, Value: value(row))).Where(point => point.Value.Mean is not null).ToList();
        if (points.Select(point => point.Row.Settings.Batch).Distinct().Count() < 2)
            return null;
        var series = points.GroupBy(point => point.Row.Settings.Method).OrderBy(group => group.Key.TableColumn ?? int.MaxValue).ThenBy(group => group.Key.ToString(), StringComparer.Ordinal)
            .SelectMany(group => Curve(group.Key, [.. group.OrderBy(point => point.Row.Settings.Batch)])).ToList();
        var batches = points.Select(point => (double)point.Row.Settings.Batch).ToList();
        return new()
        {
            Series = series,
            // A factor of two to both sides, so that no point stands on the edge.
            X = AxisScale.Across("batch", AxisUnit.Count, batches.Min() / 2, batches.Max() * 2, log: true) with { Max = batches.Max() * 2 },
            Y = AxisScale.Around(name, unit, points.SelectMany(point => new[] { point.Value.Mean!.Value - (point.Value.Deviation ?? 0), point.Value.Mean.Value + (point.Value.Deviation ?? 0) }), fromZero: fromZero),
        };
    }

    private static IEnumerable<ChartSeries> Curve(Method method, IReadOnlyList<(LeaderboardRow Row, (double? Mean, double? Deviation) Value)> points)
    {
        var technique = Technique.Of(method);
        var color = $"series-{technique.Series}";
        var line = new ChartSeries
        {
            Id = method.ToString(), Name = technique.Name, Color = color, Dash = technique.Dash, Members = [.. points.SelectMany(point => point.Row.RunIds)],
            Xs = [.. points.Select(point => (double)point.Row.Settings.Batch)], Ys = [.. points.Select(point => point.Value.Mean)],
        };
        yield return line with { Style = points.Count == 1 ? SeriesStyle.Dots : SeriesStyle.Line };
        if (points.Count > 1)
            yield return line with { Id = $"{line.Id}-points", Style = SeriesStyle.Dots, Dash = [], Silent = true };
        // Each bar by itself, a gap after it: up to there and down again.
        var bars = points.Where(point => point.Value.Deviation > 0).ToList();
        if (bars.Count == 0)
            yield break;
        yield return line with
        {
            Id = $"{line.Id}-bars", Style = SeriesStyle.Thin, Dash = [], Silent = true,
            Xs = [.. bars.SelectMany(bar => Enumerable.Repeat((double)bar.Row.Settings.Batch, 3))],
            Ys = [.. bars.SelectMany(bar => new[] { bar.Value.Mean - bar.Value.Deviation, bar.Value.Mean + bar.Value.Deviation, null })],
        };
    }
}
