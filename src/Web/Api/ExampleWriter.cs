using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Tracker.Web.Api;

/// <summary>
/// Makes examples of what requests and answers hold, from the types that they are written from: what is added to one of them is in its example at
/// once, and no example has a field that there is not.
/// </summary>
public sealed class ExampleWriter(JsonSerializerOptions options)
{
    private const int MaxDepth = 4;
    private const string Time = "2026-03-01T12:00:00+00:00";

    private static readonly Dictionary<string, string> s_texts = new(StringComparer.Ordinal)
    {
        ["name"] = "F1, every technique", ["sweepName"] = "F1, every technique", ["title"] = "f1 lb+lr+gbn 4096", ["notes"] = "Seeds 0 to 2.", ["network"] = "f1", ["dataset"] = "fashion-mnist",
        ["method"] = "lb+lr+gbn", ["methods"] = "lb+lr+gbn", ["tags"] = "paper", ["labels"] = "fast-disk", ["owner"] = "ada", ["user"] = "ada", ["userName"] = "ada", ["host"] = "node-1",
        ["device"] = "cuda:0", ["devices"] = "cuda:0", ["role"] = "member", ["scope"] = "write", ["prefix"] = "trk_3fA9xQ", ["token"] = "trk_3fA9xQ…", ["password"] = "correct-horse-battery",
        ["current"] = "the present password", ["new"] = "correct-horse-battery", ["fingerprint"] = "9f86d081884c7d65…", ["sha256"] = "9f86d081884c7d65…", ["weightsSha256"] = "9f86d081884c7d65…",
        ["path"] = "/srv/tracker/checkpoints/17.safetensors", ["key"] = "validation/accuracy", ["metric"] = "validation/accuracy", ["nextCursor"] = "c3dlZXBzOjEy", ["message"] = "The run started.",
        ["text"] = "epoch 3 of 10", ["reason"] = "One line for people.", ["url"] = "https://lab.example.org/hook", ["address"] = "192.0.2.7", ["action"] = "sweep.submit", ["objectKind"] = "sweep",
        ["version"] = "1.0.0", ["machine"] = "node-1", ["model"] = "NVIDIA H100", ["failure"] = "out of memory",
    };

    private static readonly Dictionary<string, double> s_numbers = new(StringComparer.Ordinal)
    {
        ["id"] = 17, ["runId"] = 17, ["sweepId"] = 12, ["batch"] = 4096, ["largeBatch"] = 4096, ["smallBatch"] = 128, ["ghostBatch"] = 128, ["seed"] = 0, ["seeds"] = 0, ["epochs"] = 10, ["epoch"] = 3.5,
        ["step"] = 120, ["totalSteps"] = 400, ["progress"] = 0.3, ["fraction"] = 0.3, ["learningRate"] = 0.1, ["momentum"] = 0.9, ["weightDecay"] = 0.0001, ["limit"] = 50, ["expiresInDays"] = 90,
        ["samplesPerSecond"] = 21500, ["validationAccuracy"] = 0.912, ["bestValidationAccuracy"] = 0.915, ["finalValidationAccuracy"] = 0.912, ["trainLoss"] = 0.21, ["trainExamples"] = 60000,
        ["slots"] = 4, ["cores"] = 32, ["bytes"] = 5849920, ["memoryBytes"] = 85899345920, ["total"] = 24, ["succeeded"] = 20, ["attempt"] = 1,
    };

    /// <summary>An example of a type; <see langword="null"/> where JSON has none.</summary>
    public JsonNode? Of(Type type) => Of(type, "", 0);

    private JsonNode? Of(Type type, string name, int depth)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(string)) return s_texts.GetValueOrDefault(name, "text");
        if (plain == typeof(bool)) return false;
        if (plain.IsEnum) return JsonSerializer.SerializeToNode(Enum.GetValues(plain).GetValue(Enum.GetValues(plain).Length / 2), plain, options);
        if (plain == typeof(DateTimeOffset) || plain == typeof(DateTime)) return Time;
        if (plain.IsPrimitive) return Number(plain, s_numbers.GetValueOrDefault(name, 1));
        var contract = options.GetTypeInfo(plain);
        return contract.Kind switch
        {
            _ when depth >= MaxDepth => null,
            JsonTypeInfoKind.Object => new JsonObject(contract.Properties.Where(p => p.Get is not null || p.Set is not null)
                .Select(p => KeyValuePair.Create(p.Name, Of(p.PropertyType, p.Name, depth + 1)))),
            JsonTypeInfoKind.Enumerable => Of(contract.ElementType!, name, depth) is { } element ? new JsonArray(element) : new JsonArray(),
            JsonTypeInfoKind.Dictionary => Of(contract.ElementType!, name, depth + 1) is { } value ? new JsonObject { [KeyOf(name)] = value } : new JsonObject(),
            _ => null,
        };
    }

    private static string KeyOf(string name) => s_texts.GetValueOrDefault(name, "name");

    private static JsonValue Number(Type type, double value) => type == typeof(double) || type == typeof(float)
        ? JsonValue.Create(value)
        : JsonValue.Create(Convert.ToInt64(Math.Floor(value), CultureInfo.InvariantCulture));
}
