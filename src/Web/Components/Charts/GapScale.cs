namespace Tracker.Web.Components.Charts;

/// <summary>The vertical scale that all gap charts of a page share: shares of one, zero included.</summary>
public sealed class GapScale
{
    private readonly double _low;
    private readonly double _high;

    public GapScale(IEnumerable<double?> gaps)
    {
        var values = gaps.OfType<double>().Where(double.IsFinite).Append(0).ToArray();
        double low = values.Min(), high = values.Max();
        var interval = AxisScale.Interval(Math.Max(high - low, 0.01), 3);
        _low = Math.Floor(low / interval + 1e-9) * interval;
        var room = (high - _low) * 0.08;
        _high = high + room;
        _low -= room / 2;
        var ticks = new List<double>();
        for (var tick = Math.Ceiling(_low / interval - 1e-9); tick * interval <= _high + 1e-12; tick++)
            ticks.Add(tick * interval);
        Ticks = ticks;
    }

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Distance from the top, 0 to 1.</summary>
    public double Share(double gap) => (_high - gap) / (_high - _low);
}
