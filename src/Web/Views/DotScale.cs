using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>The horizontal scale of a plot of accuracies inside a table.</summary>
public sealed record DotScale(double Min, double Max, double Interval)
{
    public static DotScale Around(IEnumerable<double> values)
    {
        var all = values.Where(double.IsFinite).ToArray();
        var (low, high) = all.Length == 0 ? (0, 1) : (all.Min(), all.Max());
        var room = Math.Max((high - low) * 0.08, 0.002);
        return new(low - room, high + room, AxisScale.Interval(high - low + 2 * room, 4));
    }

    public IReadOnlyList<double> Ticks
    {
        get
        {
            var first = (int)Math.Ceiling(Min / Interval - 1e-9);
            var last = (int)Math.Floor(Max / Interval + 1e-9);
            return [.. Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(i => i * Interval)];
        }
    }

    /// <summary>Decimals of a tick in percent.</summary>
    public int Decimals => Interval >= 0.0099 ? 0 : Interval >= 0.00099 ? 1 : 2;

    /// <summary>Place from the left, 0 to 1.</summary>
    public double Share(double value) => (value - Min) / (Max - Min);
}
