using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace Tracker.Web.Mlflow;

/// <summary>
/// What a client asks for, in its body or in its query. Numbers may come as texts and texts as numbers; unknown fields are passed over, and a
/// field that is null is not there.
/// </summary>
internal sealed class MlflowRequest
{
    /// <summary>The most bytes of a body: a full batch of the longest values fits.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    private const int MaxShown = 200;
    private readonly JsonElement _body;
    private readonly IQueryCollection? _query;

    private MlflowRequest(JsonElement body, IQueryCollection? query) => (_body, _query) = (body, query);

    /// <summary>A request whose fields are in the query.</summary>
    public static MlflowRequest OfQuery(HttpRequest request) => new(default, request.Query);

    /// <summary>A field that is an object.</summary>
    public static MlflowRequest Of(JsonElement element) => new(element, null);

    /// <summary>Reads a body.</summary>
    /// <exception cref="MlflowException">It is not what clients send.</exception>
    public static async Task<MlflowRequest> ReadAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var bytes = await ReadBytesAsync(reader, context.RequestAborted);
        try
        {
            if (IsBlank(bytes)) return new(default, null);
            var root = Parse(bytes);
            // Old clients send a text that contains the object.
            if (root.ValueKind == JsonValueKind.String) root = Parse(new(Encoding.UTF8.GetBytes(TextOf(root, "body"))));
            return root.ValueKind switch
            {
                JsonValueKind.Object => new(root, null),
                JsonValueKind.Null => new(default, null),
                _ => throw new MlflowException(MlflowCodes.BadRequest, "The body is no JSON object."),
            };
        }
        finally
        {
            reader.AdvanceTo(bytes.End);
        }
    }

    /// <summary>Waits for a whole body.</summary>
    /// <exception cref="BadHttpRequestException">It is too large.</exception>
    public static async Task<ReadOnlySequence<byte>> ReadBytesAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > MaxBytes)
                throw new BadHttpRequestException($"The body is larger than {MaxBytes} bytes. Split it up.", StatusCodes.Status413PayloadTooLarge);
            if (result.IsCompleted) return result.Buffer;
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Whether there is nothing: that stands for an object without fields.</summary>
    public static bool IsBlank(ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            if (segment.Span.ContainsAnyExcept(" \t\r\n"u8)) return false;
        }
        return true;
    }

    /// <summary>A text; <see langword="null"/> when it is not there.</summary>
    public string? Text(string name)
    {
        if (_query is not null) return _query.TryGetValue(name, out var values) && values is [.., { Length: > 0 } value] ? Clean(value, name) : null;
        return Field(name) is { } field ? TextOf(field, name) : null;
    }

    /// <summary>A text that must be there.</summary>
    public string Required(string name) => Text(name) is { Length: > 0 } text ? text : throw MlflowException.Missing(name);

    /// <summary>A whole number.</summary>
    public long? Whole(string name)
    {
        if (Text(name) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return whole;
        // 5.0 and 1e3 are whole numbers too.
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsInteger(real) && Math.Abs(real) < 1L << 53
            ? (long)real : throw Bad(text, name);
    }

    /// <summary>A number; NaN and infinities are texts.</summary>
    public double? Real(string name) => Text(name) is { } text ? TryReal(text, out var real) ? real : throw Bad(text, name) : null;

    /// <summary>Reads a number as clients write it.</summary>
    public static bool TryReal(string text, out double real)
    {
        real = text switch { "NaN" => double.NaN, "Infinity" or "+Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => 0 };
        return real != 0 || (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out real) && double.IsFinite(real));
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string name) => _query is not null
        ? [.. (_query.TryGetValue(name, out var values) ? values : []).Where(v => !string.IsNullOrEmpty(v)).Select(v => Clean(v!, name))]
        : [.. Items(name).Select(i => TextOf(i, name))];

    /// <summary>A list of objects.</summary>
    public IEnumerable<MlflowRequest> Objects(string name) =>
        Items(name).Select(i => i.ValueKind == JsonValueKind.Object ? Of(i) : throw Bad(i.GetRawText(), name));

    /// <summary>An object.</summary>
    public MlflowRequest? Object(string name) =>
        Field(name) is not { } field ? null : field.ValueKind == JsonValueKind.Object ? Of(field) : throw Bad(field.GetRawText(), name);

    /// <summary>A list of <c>{ key, value }</c>.</summary>
    public List<KeyValuePair<string, string>> Pairs(string name) =>
        [.. Objects(name).Select(o => KeyValuePair.Create(o.Text("key") ?? throw MlflowException.Missing($"{name}.key"), o.Text("value") ?? ""))];

    /// <summary>A value that has not the kind of its field.</summary>
    public static MlflowException Bad(string json, string name) =>
        MlflowException.Invalid($"Invalid value {Short(json)} for parameter '{name}' supplied.");

    /// <summary>As much of a text as a message has room for; no character is cut in half.</summary>
    public static string Short(string text) =>
        text.Length <= MaxShown ? text : text[..(char.IsHighSurrogate(text[MaxShown - 1]) ? MaxShown - 1 : MaxShown)] + "…";

    /// <summary>Refuses what no text of the database has.</summary>
    public static string Clean(string text, string name) =>
        text.Contains('\0', StringComparison.Ordinal) ? throw MlflowException.Invalid($"Invalid value for parameter '{name}' supplied: a text has no NUL character.") : text;

    private static JsonElement Parse(ReadOnlySequence<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            var root = JsonElement.ParseValue(ref reader);
            return reader.Read() ? throw new MlflowException(MlflowCodes.BadRequest, "The body goes on after its JSON.") : root;
        }
        catch (JsonException e)
        {
            throw new MlflowException(MlflowCodes.BadRequest, $"The body is no JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine}.");
        }
    }

    private JsonElement.ArrayEnumerator Items(string name)
    {
        if (Field(name) is not { } field) return default;
        return field.ValueKind == JsonValueKind.Array ? field.EnumerateArray() : throw Bad(field.GetRawText(), name);
    }

    private JsonElement? Field(string name)
    {
        try
        {
            return _body.ValueKind == JsonValueKind.Object && _body.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;
        }
        catch (InvalidOperationException)
        {
            throw new MlflowException(MlflowCodes.BadRequest, "The name of a field holds half a character.");
        }
    }

    private static string TextOf(JsonElement field, string name)
    {
        if (field.ValueKind is JsonValueKind.Number) return field.GetRawText();
        if (field.ValueKind is JsonValueKind.True or JsonValueKind.False) return field.GetBoolean() ? "true" : "false";
        if (field.ValueKind != JsonValueKind.String) throw Bad(field.GetRawText(), name);
        try
        {
            return Clean(field.GetString()!, name);
        }
        catch (InvalidOperationException)
        {
            throw MlflowException.Invalid($"Invalid value for parameter '{name}' supplied: half a character is no text.");
        }
    }
}
