namespace Tracker.Storage.Database;

/// <summary>Patterns for ILIKE from what people type.</summary>
internal static class TextPattern
{
    /// <summary>The character that takes the meaning from another.</summary>
    public const string Escape = "\\";

    /// <summary>Matches everything that has the text in it; per cent signs and underscores stand for themselves.</summary>
    public static string Containing(string text) =>
        "%" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
}
