using System.Globalization;
using System.Text;

namespace Tracker.Web.Tests.Fuzz;

/// <summary>Values that programs stumble over.</summary>
internal sealed class Noise(Random random)
{
    private static readonly string[] s_texts =
    [
        "", " ", "0", "-1", "1", "2", "3", "null", "true", "NaN", "Infinity", "-Infinity", "1e309", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "2147483648", "99999999999999999999999999", "0x10", "1.5", "1,2", "１２", "٣", "\u202Eevil", "\u200B", "a\u0300\u0301\u0302", "💥👨‍👩‍👧", "\uFFFF", "\uFEFF", "ß", "İ", "\r\nX: y",
        "'", "''; DROP TABLE runs; --", "\"", "\\", "%", "%%", "_", "../../etc/passwd", "..%2f..%2f", "/", "//", "C:\\", "file:///etc/passwd", "<script>alert(1)</script>", "{{7*7}}", "${7*7}",
        "=1+1", "@SUM(A1)", "\t", "\u0001", "\u007F", "\u0085", "2026-13-45", "0001-01-01", "9999-12-31T23:59:59.9999999Z", "10000-01-01", "1970-01-01T00:00:00+99:00", "f1", "cifar10", "lb+lr+gbn",
        "Queued", "Failed", "step", "time", "accuracy", "-metrics.validation/accuracy", "metrics.`a", "id,id,id", "cpu", "cuda",
    ];

    internal int Below(int limit) => random.Next(limit);

    internal bool OneIn(int n) => random.Next(n) == 0;

    internal T Of<T>(params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    internal string Text() => random.Next(12) switch
    {
        0 => new string(Of('a', '(', '[', '9', '%', '\\', 'é'), Of(100, 1000, 5000)),
        1 => Filter(),
        2 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        3 => Characters(random.Next(1, 30)),
        4 => Cursor(),
        _ => Of(s_texts),
    };

    /// <summary>A value that a parameter of that name may well have; now and then any.</summary>
    internal string Parameter(string name) => OneIn(5) ? Text() : name switch
    {
        "filter" => Filter(),
        "limit" or "maxPoints" or "tail" => Of("1", "2", "50", "500", "1000"),
        "sort" or "x" => Of("-created", "id", "step", "time", "epoch", "samples", "-metrics.validation/accuracy", "accuracy"),
        "cursor" => Cursor(),
        "runs" => Of("1", "1,2", "2,3,4", "999999"),
        "columns" => Of("id,batch,accuracy", "metrics.train/loss,name", "tags,notes,params.lr"),
        "keys" => Of("train/loss", "validation/accuracy,train/loss", "nothing"),
        "network" => Of("f1", "c1", "resnet44"),
        "dataset" => Of("fashion-mnist", "cifar10"),
        "state" => Of("Queued", "Succeeded", "failed"),
        "from" or "to" or "until" => Of("checkpoint", "scratch", "0", "10", "-5", "2026-01-01", "2026-01-01T00:00:00Z"),
        "dryRun" or "deleted" or "shared" => Of("true", "false"),
        _ => Of("1", "2", "4", "f1", "true", "admin"),
    };

    /// <summary>Any characters, halves of surrogate pairs among them.</summary>
    internal string Characters(int length)
    {
        var text = new StringBuilder();
        for (var i = 0; i < length; i++) text.Append((char)Of(random.Next(32, 127), random.Next(0, 0x800), random.Next(0xD800, 0xE000), random.Next(0x10000)));
        return text.ToString();
    }

    /// <summary>A cursor that was tampered with.</summary>
    internal string Cursor()
    {
        var plain = Of("sweeps:5", "audit:9999999999999", "log:1:2", "queue:99999999999", "runs:1:2:3", "log:99999999999:1", "log:-1:-1", "queue:-5", ":", "sweeps:", "audit:x", "sweeps:5:5");
        var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(OneIn(3) ? plain + Characters(3) : plain)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return OneIn(4) ? text[random.Next(text.Length)..] + Of("", "=", "!", "A") : text;
    }

    /// <summary>A filter of the grammar, or nearly.</summary>
    internal string Filter(int depth = 0)
    {
        var filter = random.Next(depth > 4 ? 1 : 6) switch
        {
            1 => $"{Filter(depth + 1)} {Of("and", "or", "AND", "xor")} {Filter(depth + 1)}",
            2 => $"not ({Filter(depth + 1)})",
            3 => $"({Filter(depth + 1)})",
            4 => $"{Field()} {Of("in", "not in", "IN")} ({string.Join(", ", Enumerable.Range(0, random.Next(5)).Select(_ => Literal()))})",
            5 => $"{Field()} is {Of("null", "not null", "nothing")}",
            _ => $"{Field()} {Of("=", "!=", ">", ">=", "<", "<=", "like", "ilike", "rlike", "==", "<>")} {Literal()}",
        };
        return OneIn(12) ? filter.Insert(random.Next(filter.Length + 1), Of("'", "(", ")", "`", "\"", "\0", "é", "\uD800", " and ")) : filter;
    }

    private string Field() => Of(
        "id", "batch", "state", "network", "accuracy", "created", "tags", "notes", "metrics.validation/accuracy", "metrics.`train/loss`", "params.lr", "tags.a", "tags.`mlflow.user`", "attributes.run_id",
        "attributes.start_time", "learning_rate", "progress", "owner", "sweep.name", "attribute.status", "run_name", "dataset.name", "nothing", "metrics.", "params.\"x\"", "duration", "finished", "name", "failure");

    private string Literal() => Of(
        "1", "-1", "1.5", "1e308", "1e999", "'a'", "'%'", "'%%%%'", "'2026-01-01'", "'Failed'", "\"x\"", "''", "NaN", "null", "9223372036854775808", "'\\'", "'it''s'", "'💥'", "true", "0.1e-400", "'\u202E'");

    /// <summary>JSON of any shape, or nearly.</summary>
    internal string Json(int depth = 0) => random.Next(depth > 5 ? 6 : 9) switch
    {
        0 => Quote(Text()),
        1 => Of("0", "-1", "1", "1e400", "-1e400", "1e-400", "9223372036854775808", "-0", "0.1", "NaN", "Infinity", "01", "1.", "99999999999999999999999999999999999999"),
        2 => Of("true", "false", "null", "nul", "undefined"),
        3 => Quote(Of(s_texts)),
        4 => Of("\"\\u0000\"", "\"\\uD800\"", "\"\\uDC00\\uD800\"", "\"\\x\"", "\"", "\"a\nb\"", "\"\\ud83d\\ude00\""),
        5 => random.Next(100, 100_000).ToString(CultureInfo.InvariantCulture),
        6 => "[" + string.Join(",", Enumerable.Range(0, random.Next(4)).Select(_ => Json(depth + 1))) + "]",
        7 => Object(s_names, depth),
        _ => Deep(),
    };

    internal string Object(IReadOnlyList<string> names, int depth = 0) =>
        "{" + string.Join(",", Enumerable.Range(0, random.Next(6)).Select(_ => $"{Key(names)}:{Json(depth + 1)}")) + Of("}", "}", "}", "}", "}", "", ",}", "}}", "} ");

    /// <summary>A field's name; sometimes with escapes that stand for half a character.</summary>
    private string Key(IReadOnlyList<string> names) => random.Next(16) switch
    {
        0 => Of("\"\\ud800\"", "\"\\uDC00\\uD800\"", $"\"{Of(names)}\\udfff\"", $"\"\\ud800{Of(names)}\"", "\"n\\u0061me\"", "\"\\x\""),
        1 or 2 => Quote(Text()),
        _ => Quote(Of(names)),
    };

    private string Deep()
    {
        var levels = Of(10, 70, 1000, 20_000);
        return string.Concat(Enumerable.Repeat(Of("[", "{\"a\":"), levels));
    }

    private static string Quote(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal) + "\"";

    private static readonly string[] s_names =
    [
        "name", "notes", "tags", "priority", "network", "dataset", "smallBatch", "largeBatch", "ghostBatch", "methods", "seeds", "epochs", "parameters", "learningRate", "weightDecay", "trainExamples",
        "device", "maxParallel", "current", "new", "role", "password", "disabled", "scope", "expiresInDays", "url", "secret", "events", "key", "value", "timestamp", "step", "run_id", "run_uuid",
        "experiment_id", "experiment_ids", "experiment_name", "metrics", "params", "filter", "filter_string", "order_by", "max_results", "page_token", "run_view_type", "view_type", "status", "start_time",
        "end_time", "run_name", "metric_key", "metric_keys", "run_ids", "path", "artifact_location", "datasets", "new_name", "lifecycle_stage", "user_id", "digest",
    ];

    /// <summary>Names that bodies and queries of the interfaces have, and some that they have not.</summary>
    internal static IReadOnlyList<string> Names => s_names;
}
