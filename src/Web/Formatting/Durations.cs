using System.Globalization;

namespace Tracker.Web.Formatting;

/// <summary>Lengths of time with their two largest units: 3 m 12 s, 2 h 6 m, 4 d 3 h.</summary>
public static class Durations
{
    public static string Text(TimeSpan span)
    {
        if (span < TimeSpan.Zero)
            return "−" + Text(-span);
        if (span < TimeSpan.FromSeconds(9.95))
            return span.TotalSeconds.ToString(span.TotalSeconds < 0.05 ? "0" : "0.0", CultureInfo.InvariantCulture) + " s";
        var seconds = (long)Math.Round(span.TotalSeconds, MidpointRounding.AwayFromZero);
        return seconds switch
        {
            < 60 => $"{seconds} s",
            < 3600 => $"{seconds / 60} m {seconds % 60} s",
            // The last half minute of a day would be rounded to 24 h 0 m.
            < 86370 => Minutes(seconds / 60.0, 60, "h", "m"),
            _ => Minutes(seconds / 3600.0, 24, "d", "h"),
        };
    }

    /// <summary>A rough length, for plans: 2 m, 43 m, 2 h 6 m.</summary>
    public static string Rough(TimeSpan span) => span.TotalSeconds switch
    {
        < 0 => "now",
        < 55 => $"{Math.Max(1, (int)Math.Round(span.TotalSeconds))} s",
        < 3570 => $"{(int)Math.Round(span.TotalMinutes)} m",
        _ => Text(TimeSpan.FromMinutes(Math.Round(span.TotalMinutes))),
    };

    private static string Minutes(double value, int perUnit, string unit, string smaller)
    {
        var whole = (long)Math.Round(value, MidpointRounding.AwayFromZero);
        return $"{whole / perUnit} {unit} {whole % perUnit} {smaller}";
    }
}
