using System.Text.Json;
using System.Text.Json.Serialization;
using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Model;

/// <summary>How values are written into jsonb columns: camel case, enums as text, and numbers that JSON lacks as text.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(), new CleanTextConverter() },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, s_options);

    public static string? WriteOrNull<T>(T? value) where T : class => value is null ? null : Write(value);

    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, s_options) ?? throw new JsonException($"Expected {typeof(T).Name}, found null.");

    public static T? ReadOrNull<T>(string? json) where T : class => json is null ? null : Read<T>(json);
}

/// <summary>Reads methods back from their canonical form.</summary>
internal static class MethodNames
{
    public static Method Read(string text) =>
        Method.TryParse(text, out var method, out var error) ? method : throw new InvalidOperationException(error);

    /// <summary>The same; where a run from outside states none, the small batch, which says least.</summary>
    public static Method ReadStated(string text) => text.Length == 0 ? Method.SmallBatchOnly : Read(text);
}
