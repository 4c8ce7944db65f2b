namespace Tracker.Web.Components.Parts;

/// <summary>The SVG path of a small curve in a box 100 wide.</summary>
public static class SparkPath
{
    /// <summary>Path through <paramref name="values"/> from the left to the right edge, and its last point. Empty for fewer than two finite values.</summary>
    public static (string Path, string Last) Draw(IReadOnlyList<double> values, double height)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        if (finite.Length < 2)
            return ("", "");
        double low = finite.Min(), high = finite.Max(), top = height / 8, bottom = height * 11 / 12;
        var points = new string[finite.Length];
        for (var i = 0; i < finite.Length; i++)
        {
            var x = 100.0 * i / (finite.Length - 1);
            var y = high > low ? bottom - (finite[i] - low) / (high - low) * (bottom - top) : (top + bottom) / 2;
            points[i] = $"{x:0.##} {y:0.##}";
        }
        return ("M" + string.Join('L', points), points[^1]);
    }
}
