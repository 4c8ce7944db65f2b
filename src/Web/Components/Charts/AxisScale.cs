namespace Tracker.Web.Components.Charts;

/// <summary>Where an axis begins and ends and where its ticks stand: 4 to 6 of them, at round numbers.</summary>
public static class AxisScale
{
    private static readonly double[] Steps = [1, 2, 2.5, 5, 10];

    /// <summary>A vertical axis around <paramref name="values"/>, its ends on ticks.</summary>
    public static ChartAxis Around(string name, AxisUnit unit, IEnumerable<double> values, bool log = false, bool fromZero = false)
    {
        var finite = values.Where(value => double.IsFinite(value) && (!log || value > 0)).DefaultIfEmpty(log ? 1 : 0).ToArray();
        double low = finite.Min(), high = finite.Max();
        if (log)
            return Decades(name, unit, low, high);
        if (fromZero)
            low = Math.Min(0, low);
        if (high - low < 1e-12)
            (low, high) = (fromZero || low == 0 ? low : low - Spread(low), high + Spread(high));
        var interval = Interval(high - low, 5);
        var (min, max) = (Math.Floor(low / interval + 1e-9) * interval, Math.Ceiling(high / interval - 1e-9) * interval);
        // An accuracy never leaves 0 to 1, so neither does its axis.
        if (unit == AxisUnit.Share && finite.Min() >= 0)
            min = Math.Max(0, min);
        if (unit == AxisUnit.Share && finite.Max() <= 1)
            max = Math.Min(1, max);
        if (fromZero && low >= 0)
            min = 0;
        return new(name, unit, false, Clean(min), Clean(max), Clean(interval));
    }

    /// <summary>A horizontal axis from <paramref name="min"/> to exactly <paramref name="max"/>, its ticks at round numbers.</summary>
    public static ChartAxis Across(string name, AxisUnit unit, double min, double max, bool log = false)
    {
        if (log)
        {
            min = Math.Max(min, 1);
            max = Math.Max(max, min * 10);
            return new(name + ", log scale", unit, true, min, max, null);
        }
        if (max <= min)
            max = min + 1;
        return new(name, unit, false, min, max, unit switch
        {
            AxisUnit.Seconds => TimeInterval(max - min),
            AxisUnit.Count => WholeInterval(max - min),
            _ => Clean(Interval(max - min, 5)),
        });
    }

    /// <summary>The round number closest above <paramref name="span"/> / <paramref name="parts"/>.</summary>
    public static double Interval(double span, int parts)
    {
        var raw = span / parts;
        var decade = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return Steps.First(step => step * decade >= raw * 0.999) * decade;
    }

    // Two and a half epochs would be written as three.
    private static double WholeInterval(double span) => Interval(span, 5) is var interval && interval < 10 ? Math.Max(1, Math.Floor(interval)) : interval;

    private static double TimeInterval(double seconds)
    {
        double[] round = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
        var raw = seconds / 5;
        return raw <= 1 ? Clean(Interval(seconds, 5)) : round.FirstOrDefault(step => step >= raw, Math.Ceiling(raw / 86400) * 86400);
    }

    private static ChartAxis Decades(string name, AxisUnit unit, double low, double high)
    {
        var (min, max) = (Math.Pow(10, Math.Floor(Math.Log10(low) + 1e-9)), Math.Pow(10, Math.Ceiling(Math.Log10(high) - 1e-9)));
        return new(name, unit, true, min, max > min ? max : min * 10, null);
    }

    private static double Spread(double value) => value == 0 ? 1 : Math.Abs(value) * 0.1;

    // 0.1 × 3 is 0.30000000000000004: ticks are compared with the ends in the browser.
    private static double Clean(double value) => Math.Round(value, 12);
}
