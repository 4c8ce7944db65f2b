using Tracker.Web.Formatting;

namespace Tracker.Web.Components.Charts;

/// <summary>A chart as a table: its curves at a few positions.</summary>
/// <param name="Name">What the positions are.</param>
/// <param name="Unit">What the values are in, behind the word Last; empty where they have no unit.</param>
/// <param name="Positions">Along the axis, at points of the curve that reaches furthest.</param>
/// <param name="Rows">The curves.</param>
public sealed record ChartTableView(string Name, string Unit, IReadOnlyList<double> Positions, IReadOnlyList<ChartTableView.Row> Rows)
{
    private const int MostPositions = 8;

    /// <summary>A curve: its values at the positions, a dash where it has none.</summary>
    public sealed record Row(string Name, IReadOnlyList<string> Values, string Last);

    public static readonly ChartTableView Nothing = new("", "", [], []);

    public static ChartTableView Of(ChartData data)
    {
        var entries = ChartLegend.Of(data);
        var longest = entries.Select(entry => entry.Series.Xs).Where(xs => xs.Count > 0).MaxBy(xs => xs[^1]) ?? [];
        var count = Math.Min(MostPositions, longest.Count);
        var positions = Enumerable.Range(0, count).Select(i => longest[count == 1 ? 0 : (int)((long)i * (longest.Count - 1) / (count - 1))]).ToArray();
        return new(
            data.X.Name.Split(',')[0], data.Y.Unit == AxisUnit.Share ? ", %" : "", positions,
            [.. entries.Select(entry => new Row(entry.Series.Name, [.. positions.Select(x => At(entry.Series, x, data.Y.Unit))], entry.Value))]);
    }

    private static string At(ChartSeries series, double x, AxisUnit unit)
    {
        for (var i = series.Xs.Count - 1; i >= 0; i--)
        {
            if (series.Xs[i] <= x)
                return series.Ys[i] is { } value ? ChartLegend.Text(value, unit) : Quantity.None.Digits;
        }
        return Quantity.None.Digits;
    }
}
