using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tracker.Cli.Api;

/// <summary>How documents of the server are read, and written out again.</summary>
internal static class Json
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static readonly JsonSerializerOptions s_line = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions s_document = new(s_line) { WriteIndented = true, NewLine = "\n" };

    public static string Line(JsonElement element) => JsonSerializer.Serialize(element, s_line);

    public static string Document(JsonElement element) => JsonSerializer.Serialize(element, s_document);

    public static JsonElement Element<T>(T value) => JsonSerializer.SerializeToElement(value, Options);

    /// <exception cref="CommandException">The document is another one than this program knows.</exception>
    public static T Read<T>(this JsonElement element)
    {
        try
        {
            return element.Deserialize<T>(Options) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new CommandException($"The server's answer cannot be understood: {e.Message} Is it of another version than this program?", ExitCodes.Failed, e);
        }
    }
}
