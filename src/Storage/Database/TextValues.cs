using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tracker.Storage.Database;

/// <summary>Takes NUL out of texts: Postgres refuses it in any, and what is asked with it would fail instead of finding nothing.</summary>
internal static class TextValues
{
    /// <summary>The value as the database takes it: a text or a list of texts without NUL, anything else as it is.</summary>
    public static object? Clean(object? value) => value switch
    {
        string text => Clean(text),
        IReadOnlyCollection<string?> texts when texts.Any(text => text?.Contains('\0') == true) => texts.Select(text => text is null ? null : Clean(text)).ToArray(),
        _ => value,
    };

    /// <summary>The text without NUL.</summary>
    public static string Clean(string text) => text.Replace("\0", "", StringComparison.Ordinal);
}

/// <summary>Writes texts into JSON without NUL, whose escape Postgres refuses as well.</summary>
internal sealed class CleanTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(TextValues.Clean(value));
}
