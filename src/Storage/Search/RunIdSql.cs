using System.Globalization;

namespace Tracker.Storage.Search;

/// <summary>Ids of runs as MLflow's clients write them: 32 hexadecimal digits; shorter ones are decimal.</summary>
internal static class RunIdSql
{
    /// <summary>The id of a row as text.</summary>
    public const string Text = "lpad(to_hex(r.id), 32, '0')";

    /// <summary>The ids among some texts; what is none is no run's.</summary>
    public static long[] Parse(IEnumerable<string> texts) => [.. texts.Select(Parse).OfType<long>()];

    private static long? Parse(string text) => text.Length == 32
        ? text.StartsWith("0000000000000000", StringComparison.Ordinal) && long.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) && id >= 0 ? id : null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var plain) ? plain : null;
}
