using System.Buffers;
using System.Text.Json;
using CsvHelper;
using Tracker.Domain;

namespace Tracker.Web.Api;

/// <summary>Writes rows of runs as they come, never more than a buffer at once.</summary>
public static class RunExportWriter
{
    /// <summary>Bytes after which lines of JSON go out.</summary>
    private const int FlushBytes = 32 * 1024;

    private static readonly byte[] s_newLine = "\n"u8.ToArray();

    private static readonly JsonWriterOptions s_json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteCsvAsync(
        Stream body, IReadOnlyList<FilterField> columns, IAsyncEnumerable<IReadOnlyList<object?>> rows, CancellationToken cancellationToken)
    {
        await using var csv = CsvWriter.Create(body, new CsvWriterOptions { Injection = CsvInjection.Escape }, leaveOpen: true);
        foreach (var column in columns) csv.WriteField(column.Name);
        await csv.EndRecordAsync(cancellationToken);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            foreach (var value in row) WriteField(csv, value);
            await csv.EndRecordAsync(cancellationToken);
        }
        await csv.FlushAsync(cancellationToken);
    }

    public static async Task WriteJsonLinesAsync(
        Stream body, IReadOnlyList<FilterField> columns, IAsyncEnumerable<IReadOnlyList<object?>> rows, CancellationToken cancellationToken)
    {
        var names = columns.Select(c => JsonEncodedText.Encode(c.Name, s_json.Encoder)).ToList();
        var buffer = new ArrayBufferWriter<byte>(2 * FlushBytes);
        await using var json = new Utf8JsonWriter(buffer, s_json);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            json.WriteStartObject();
            for (var i = 0; i < names.Count; i++)
            {
                json.WritePropertyName(names[i]);
                WriteValue(json, row[i]);
            }
            json.WriteEndObject();
            await json.FlushAsync(cancellationToken);
            json.Reset();
            buffer.Write(s_newLine);
            if (buffer.WrittenCount < FlushBytes) continue;
            await body.WriteAsync(buffer.WrittenMemory, cancellationToken);
            buffer.Clear();
        }
        await body.WriteAsync(buffer.WrittenMemory, cancellationToken);
    }

    /// <summary>Numbers and times go as such: only texts can be taken for formulas, and only they are made safe.</summary>
    private static void WriteField(CsvWriter csv, object? value)
    {
        switch (value)
        {
            case long whole: csv.WriteField(whole); break;
            case double real: csv.WriteField(real); break;
            case DateTimeOffset time: csv.WriteField(time.UtcDateTime, "yyyy-MM-ddTHH:mm:ss.fffZ"); break;
            case string[] texts: csv.WriteField(string.Join("; ", texts)); break;
            default: csv.WriteField(value as string ?? ""); break;
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case long whole: json.WriteNumberValue(whole); break;
            case double real when double.IsFinite(real): json.WriteNumberValue(real); break;
            case DateTimeOffset time: json.WriteStringValue(time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ")); break;
            case string text: json.WriteStringValue(text); break;
            case string[] texts:
                json.WriteStartArray();
                foreach (var text in texts) json.WriteStringValue(text);
                json.WriteEndArray();
                break;
            default: json.WriteNullValue(); break;
        }
    }
}
