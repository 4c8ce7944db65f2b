using System.Globalization;
using System.Text;

namespace Tracker.Cli.Output;

/// <summary>Values as people read them.</summary>
internal static class Format
{
    public const string Nothing = "–";

    public static string Percent(double? share) => share is { } s && double.IsFinite(s) ? s.ToString("0.00%", CultureInfo.InvariantCulture) : Nothing;

    public static string Whole(double share) => $"{Math.Floor(share * 100):0} %";

    public static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? Nothing;

    public static string Time(DateTimeOffset? at) => at is { } t ? t.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : Nothing;

    public static string Duration(double? seconds) => seconds is not { } s || !double.IsFinite(s) || s < 0 ? Nothing : TimeSpan.FromSeconds(Math.Min(s, 1e9)) switch
    {
        { TotalSeconds: < 10 } t => $"{t.TotalSeconds:0.#} s",
        { TotalMinutes: < 1 } t => $"{t.TotalSeconds:0} s",
        { TotalHours: < 1 } t => $"{t.Minutes} min {t.Seconds:00} s",
        { TotalDays: < 1 } t => $"{t.Hours} h {t.Minutes:00} min",
        var t => $"{t.Days} d {t.Hours:00} h",
    };

    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => $"{bytes / 1e3:0.0} kB",
        < 1_000_000_000 => $"{bytes / 1e6:0.0} MB",
        _ => $"{bytes / 1e9:0.00} GB",
    };

    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    /// <summary>
    /// A text of others for one line of a terminal: without characters that would move its cursor, change its title or hide what
    /// stands beside them.
    /// </summary>
    public static string Plain(string? text)
    {
        if (text is null) return "";
        if (!text.Any(IsUnfit)) return text;
        var plain = new StringBuilder(text.Length);
        foreach (var c in text) plain.Append(!IsUnfit(c) ? c : c is '\t' or '\n' or '\r' ? ' ' : '\uFFFD');
        return plain.ToString();
    }

    private static bool IsUnfit(char c) => char.IsControl(c) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069';
}
