namespace Tracker.Web.Components.Charts;

/// <summary>A stretch of the x axis, in its unit.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends.</param>
public sealed record ChartRange(double From, double To)
{
    /// <summary>Reads what <see cref="ToString"/> writes; anything else is the whole axis.</summary>
    public static ChartRange? Read(string? text) =>
        text?.Split("..") is [var from, var to]
        && double.TryParse(from, System.Globalization.CultureInfo.InvariantCulture, out var low)
        && double.TryParse(to, System.Globalization.CultureInfo.InvariantCulture, out var high)
        && double.IsFinite(low) && double.IsFinite(high) && low < high && Written(low) != Written(high) ? new(low, high) : null;

    /// <summary>For an address: 1200..5000.</summary>
    public override string ToString() => $"{Written(From)}..{Written(To)}";

    // A stretch that is narrower than this tells apart has no ticks.
    private static string Written(double end) => end.ToString("G7", System.Globalization.CultureInfo.InvariantCulture);
}
