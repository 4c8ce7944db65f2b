using System.Text.Json;
using Tracker.Storage;

namespace Tracker.Web.Mlflow;

/// <summary>
/// The data sets that a program says its run used. Each is a tag of its own, which no client sees as one, so that telling of the same data set
/// again changes nothing and two programs that tell of different ones do not undo each other.
/// </summary>
internal static class DatasetTags
{
    private const int MaxLength = 256 * 1024;
    private const string ContextTag = "mlflow.data.context";
    private static readonly string[] s_fields = ["name", "digest", "source_type", "source", "schema", "profile"];

    /// <summary>The tags for the data sets of a request.</summary>
    public static List<KeyValuePair<string, string>> Read(MlflowRequest request) => [.. request.Objects("datasets").Select(ReadOne)];

    /// <summary>Writes <c>dataset_inputs</c>; the product's own runs use the one that they are given.</summary>
    public static void Write(Utf8JsonWriter json, LoggedRun run)
    {
        json.WriteStartArray("dataset_inputs"u8);
        foreach (var (_, value) in run.Tags.Where(t => t.Key.StartsWith(LoggedTags.DatasetPrefix, StringComparison.Ordinal)).OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(value);
            json.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject().Where(m => m.Name is "tags" or "dataset")) member.WriteTo(json);
            json.WriteEndObject();
        }
        if (!run.External && run.Parameters.TryGetValue("dataset", out var own)) WriteOwn(json, own);
        json.WriteEndArray();
    }

    private static void WriteOwn(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        RunJson.WritePairs(json, "tags"u8, []);
        json.WriteStartObject("dataset"u8);
        json.WriteString("name"u8, name);
        json.WriteString("digest"u8, "");
        json.WriteString("source_type"u8, "tracker");
        json.WriteString("source"u8, name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static KeyValuePair<string, string> ReadOne(MlflowRequest input)
    {
        var dataset = input.Object("dataset") ?? throw MlflowException.Missing("datasets.dataset");
        var (name, digest) = (dataset.Required("name"), dataset.Required("digest"));
        if (name.Length > MlflowLimits.Name) throw MlflowException.Invalid($"The name of a dataset has at most {MlflowLimits.Name} characters; this one has {name.Length}.");
        var tags = input.Pairs("tags");
        foreach (var (key, value) in tags) MlflowLimits.CheckTag(key, value);
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (tags.LastOrDefault(t => t.Key == ContextTag).Value is { } context) json.WriteString("context", context);
            RunJson.WritePairs(json, "tags"u8, tags);
            json.WriteStartObject("dataset");
            foreach (var field in s_fields)
            {
                if (dataset.Text(field) is { } text) json.WriteString(field, text);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        if (buffer.Length > MaxLength) throw MlflowException.Invalid($"Dataset '{name}' has {buffer.Length} bytes with its schema and profile; at most {MaxLength} are kept.");
        return KeyValuePair.Create($"{LoggedTags.DatasetPrefix}{name}:{digest}", System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}
