using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Charts;

/// <summary>An entry of a legend: a curve and its final value in words.</summary>
public sealed record LegendEntry(ChartSeries Series, double? Final, string Value);

/// <summary>How a legend is ordered.</summary>
public enum LegendOrder
{
    Given,
    Highest,
    Lowest,
}

/// <summary>What stands beside a chart in words.</summary>
public static class ChartLegend
{
    public static IReadOnlyList<LegendEntry> Of(ChartData data) =>
        [.. data.Series.Where(series => !series.Silent).Select(series => Entry(series, data.Y.Unit))];

    /// <summary>The entries by their final values; those without one come last.</summary>
    public static IEnumerable<LegendEntry> Ordered(IReadOnlyList<LegendEntry> entries, LegendOrder order) => order switch
    {
        LegendOrder.Highest => entries.OrderByDescending(entry => entry.Final ?? double.NegativeInfinity),
        LegendOrder.Lowest => entries.OrderBy(entry => entry.Final ?? double.PositiveInfinity),
        _ => entries,
    };

    /// <summary>What the eye could take for something else.</summary>
    public static IReadOnlyList<string> Notes(ChartData data)
    {
        var notes = new List<string>();
        if (data.Series.Any(series => series.Raw is not null))
            notes.Add("smoothed, the values as they were faint behind");
        if (data.Y.Log && data.Series.Any(series => series.Ys.Any(value => value <= 0)))
            notes.Add("a log scale has no place for values of zero or less");
        if (data.Series.Any(series => series.Ys.Any(value => value is { } number && !double.IsFinite(number))))
            notes.Add("× where a value was not a finite number");
        if (data.Series.Count(series => !series.Silent) > CurveLooks.Most && data.Series.Any(series => !series.Silent && series.Color == CurveLooks.Grey))
            notes.Add("grey curves are past those that can be told apart: group or filter");
        return notes;
    }

    /// <summary>A value as the chart's readout writes it.</summary>
    public static string Text(double value, AxisUnit unit) => unit switch
    {
        AxisUnit.Share => Numbers.Points(value),
        AxisUnit.Count => Numbers.Count((long)Math.Round(value)),
        AxisUnit.Seconds => Durations.Text(TimeSpan.FromSeconds(value)),
        _ => Numbers.Significant(value),
    };

    private static LegendEntry Entry(ChartSeries series, AxisUnit unit)
    {
        for (var i = series.Ys.Count - 1; i >= 0; i--)
        {
            if (series.Ys[i] is not { } last || !double.IsFinite(last))
                continue;
            var text = Text(last, unit);
            return new(series, last, series.Low?[i] is { } low && series.High?[i] is { } high && high > low ? $"{text} ± {Text((high - low) / 2, unit)}" : text);
        }
        return new(series, null, Quantity.None.Digits);
    }
}
