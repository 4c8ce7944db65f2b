using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tracker.Storage;

namespace Tracker.Web.Mlflow;

/// <summary>What a batch holds, and for which run.</summary>
/// <param name="RunId">As the client wrote it; <see langword="null"/> when it is missing.</param>
/// <param name="Batch">The report.</param>
internal sealed record ReadBatch(string? RunId, LoggedBatch Batch);

/// <summary>
/// Reads the body of log-batch where most of what programs report comes in: word by word, with no document in between, and with each metric's
/// name made once.
/// </summary>
internal static class BatchReader
{
    private const int KnownNames = 64;

    /// <summary>Reads a body.</summary>
    /// <exception cref="MlflowException">It is no batch.</exception>
    public static ReadBatch Read(ReadOnlySequence<byte> body)
    {
        try
        {
            if (MlflowRequest.IsBlank(body)) return new(null, new([], [], []));
            var reader = new Utf8JsonReader(body);
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) return ReadObject(ref reader);
            // Old clients send a text that contains the object.
            var inner = new Utf8JsonReader(Encoding.UTF8.GetBytes(reader.GetString()!));
            inner.Read();
            return ReadObject(ref inner);
        }
        catch (JsonException e)
        {
            throw new MlflowException(MlflowCodes.BadRequest, $"The body is no JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine}.");
        }
        catch (InvalidOperationException)
        {
            throw new MlflowException(MlflowCodes.BadRequest, "The body holds a text that is none: bytes that are no UTF-8, or half a character.");
        }
    }

    private static ReadBatch ReadObject(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new MlflowException(MlflowCodes.BadRequest, "The body is no JSON object.");
        string? run = null, old = null;
        List<LoggedMetric> metrics = [];
        List<KeyValuePair<string, string>> parameters = [], tags = [];
        var names = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("run_id"u8)) run = Text(ref reader, "run_id");
            else if (reader.ValueTextEquals("run_uuid"u8)) old = Text(ref reader, "run_uuid");
            else if (reader.ValueTextEquals("metrics"u8))
            {
                ReadList(ref reader, "metrics", metrics, (ref Utf8JsonReader r) => ReadMetric(ref r, names));
            }
            else if (reader.ValueTextEquals("params"u8)) ReadList(ref reader, "params", parameters, (ref Utf8JsonReader r) => ReadPair(ref r, "params"));
            else if (reader.ValueTextEquals("tags"u8)) ReadList(ref reader, "tags", tags, (ref Utf8JsonReader r) => ReadPair(ref r, "tags"));
            else Pass(ref reader);
        }
        if (reader.Read()) throw new MlflowException(MlflowCodes.BadRequest, "The body goes on after its JSON.");
        return new(string.IsNullOrEmpty(run) ? old : run, new(metrics, parameters, tags));
    }

    private delegate T ItemReader<T>(ref Utf8JsonReader reader);

    private static void ReadList<T>(ref Utf8JsonReader reader, string name, List<T> list, ItemReader<T> read)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return;
        if (reader.TokenType != JsonTokenType.StartArray) throw MlflowRequest.Bad(Shown(ref reader), name);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw MlflowRequest.Bad(Shown(ref reader), name);
            list.Add(read(ref reader));
        }
    }

    private static LoggedMetric ReadMetric(ref Utf8JsonReader reader, List<string> names)
    {
        string? key = null;
        double? value = null;
        long? timestamp = null;
        var step = 0L;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("key"u8)) key = Name(ref reader, names);
            else if (reader.ValueTextEquals("value"u8)) value = Real(ref reader, "value");
            else if (reader.ValueTextEquals("timestamp"u8)) timestamp = Whole(ref reader, "timestamp");
            else if (reader.ValueTextEquals("step"u8)) step = Whole(ref reader, "step") ?? 0;
            else Pass(ref reader);
        }
        return new(
            key ?? throw MlflowException.Missing("metrics.key"), value ?? throw MlflowException.Missing("metrics.value"),
            timestamp ?? throw MlflowException.Missing("metrics.timestamp"), step);
    }

    private static KeyValuePair<string, string> ReadPair(ref Utf8JsonReader reader, string name)
    {
        string? key = null, value = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("key"u8)) key = Text(ref reader, "key");
            else if (reader.ValueTextEquals("value"u8)) value = Text(ref reader, "value");
            else Pass(ref reader);
        }
        return KeyValuePair.Create(key ?? throw MlflowException.Missing($"{name}.key"), value ?? "");
    }

    /// <summary>A metric's name; the same text for the same name while they are few.</summary>
    private static string? Name(ref Utf8JsonReader reader, List<string> names)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String) return TextOf(ref reader, "key");
        foreach (var name in names)
        {
            if (reader.ValueTextEquals(name)) return name;
        }
        var text = TextOf(ref reader, "key")!;
        if (names.Count < KnownNames) names.Add(text);
        return text;
    }

    private static string? Text(ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        return TextOf(ref reader, name);
    }

    private static string? TextOf(ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.String => MlflowRequest.Clean(reader.GetString()!, name),
        JsonTokenType.Number => Raw(ref reader),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => null,
        _ => throw MlflowRequest.Bad(Shown(ref reader), name),
    };

    private static double? Real(ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && double.IsFinite(number)) return number;
        return reader.TokenType == JsonTokenType.String && MlflowRequest.TryReal(reader.GetString()!, out var real) ? real : throw MlflowRequest.Bad(Shown(ref reader), name);
    }

    private static long? Whole(ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (reader.TryGetInt64(out var whole)) return whole;
            // 5.0 and 1e3 are whole numbers too.
            if (reader.TryGetDouble(out var real) && double.IsInteger(real) && Math.Abs(real) < 1L << 53) return (long)real;
        }
        else if (reader.TokenType == JsonTokenType.String && long.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var text))
        {
            return text;
        }
        throw MlflowRequest.Bad(Shown(ref reader), name);
    }

    /// <summary>Leaves out the value of a field that is not known here.</summary>
    private static void Pass(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private static string Shown(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => $"\"{reader.GetString()}\"",
        JsonTokenType.StartArray => "[…]",
        JsonTokenType.StartObject => "{…}",
        _ => Raw(ref reader),
    };

    private static string Raw(ref Utf8JsonReader reader) => reader.HasValueSequence ? Encoding.UTF8.GetString(reader.ValueSequence) : Encoding.UTF8.GetString(reader.ValueSpan);
}
