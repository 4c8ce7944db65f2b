namespace Tracker.Web.Views;

/// <summary>Curves of several seeds as one: mean, and one standard deviation to both sides.</summary>
/// <param name="Xs">Positions.</param>
/// <param name="Mean">Mean of the curves that reach the position.</param>
/// <param name="Low">Mean minus one standard deviation; null where a single curve reaches.</param>
/// <param name="High">Mean plus one standard deviation.</param>
public sealed record SeedCurve(IReadOnlyList<double> Xs, IReadOnlyList<double?> Mean, IReadOnlyList<double?> Low, IReadOnlyList<double?> High)
{
    /// <summary>The curve of curves, each by ascending x. Between its points a curve is taken as straight; beyond its last it does not count.</summary>
    public static SeedCurve Of(IReadOnlyList<IReadOnlyList<(double X, double Y)>> curves)
    {
        var longest = curves.Where(curve => curve.Count > 0).OrderByDescending(curve => curve[^1].X).ThenByDescending(curve => curve.Count).FirstOrDefault();
        if (longest is null)
            return new([], [], [], []);
        var cursors = new int[curves.Count];
        var (xs, mean, low, high) = (new List<double>(), new List<double?>(), new List<double?>(), new List<double?>());
        foreach (var (x, _) in longest)
        {
            var values = new List<double>(curves.Count);
            for (var i = 0; i < curves.Count; i++)
            {
                if (At(curves[i], x, ref cursors[i]) is { } value)
                    values.Add(value);
            }
            var center = values.Average();
            var spread = values.Count > 1 ? Math.Sqrt(values.Sum(value => (value - center) * (value - center)) / (values.Count - 1)) : (double?)null;
            xs.Add(x);
            mean.Add(center);
            low.Add(center - spread);
            high.Add(center + spread);
        }
        return new(xs, mean, low, high);
    }

    /// <summary>The same curve, smoothed exponentially: each value moves by 1 − <paramref name="weight"/> of the way.</summary>
    public SeedCurve Smoothed(double weight) => weight <= 0 ? this : new(Xs, Smooth(Mean, weight), Smooth(Low, weight), Smooth(High, weight));

    private static double? At(IReadOnlyList<(double X, double Y)> curve, double x, ref int cursor)
    {
        // Positions ascend, so the search goes on where it stopped.
        const double Tolerance = 1e-9;
        if (curve.Count == 0 || x < curve[0].X - Tolerance || x > curve[^1].X + Tolerance)
            return null;
        while (cursor < curve.Count - 1 && curve[cursor + 1].X <= x + Tolerance)
            cursor++;
        var (before, after) = (curve[cursor], curve[Math.Min(cursor + 1, curve.Count - 1)]);
        return after.X - before.X < Tolerance ? before.Y : before.Y + (after.Y - before.Y) * Math.Clamp((x - before.X) / (after.X - before.X), 0, 1);
    }

    /// <summary>Values smoothed exponentially. What is not a finite number stays as it is and moves nothing.</summary>
    public static double?[] Smooth(IReadOnlyList<double?> values, double weight)
    {
        var result = new double?[values.Count];
        double? last = null;
        for (var i = 0; i < values.Count; i++)
        {
            result[i] = values[i] is { } value && double.IsFinite(value) && last is { } previous ? previous * weight + value * (1 - weight) : values[i];
            if (result[i] is { } smoothed && double.IsFinite(smoothed))
                last = smoothed;
        }
        return result;
    }
}
