namespace Tracker.Storage.External;

/// <summary>Tags by key, of which those of MLflow are what the product has by itself; and the tags of the product, single texts, as such.</summary>
internal static class RunTags
{
    public const string Name = "mlflow.runName";
    public const string Notes = "mlflow.note.content";

    /// <summary>Both kinds together.</summary>
    public static IReadOnlyDictionary<string, string> Read(string[] tags, Dictionary<string, string> attributes)
    {
        if (tags.Length == 0) return attributes;
        var all = tags.Select(Split).Concat(attributes.Select(a => (a.Key, a.Value)));
        // Of what both have the attribute counts: a program set it.
        return all.GroupBy(t => t.Key, StringComparer.Ordinal).ToDictionary(t => t.Key, t => t.Last().Value);
    }

    /// <summary>The text of a tag.</summary>
    public static string Write(string key, string value) => value.Length == 0 ? key : $"{key}={value}";

    /// <summary>Whether a text is the tag of a key.</summary>
    public static bool Is(string tag, string key) => Split(tag).Key == key;

    private static (string Key, string Value) Split(string tag) =>
        tag.IndexOf('=', StringComparison.Ordinal) is var at && at > 0 ? (tag[..at], tag[(at + 1)..]) : (tag, "");
}
