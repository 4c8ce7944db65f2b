using System.Text;
using System.Text.Json;
using Npgsql;
using Tracker.Tests.Postgres;

namespace Tracker.Browser.Tests;

/// <summary>The product with everything named and noted by somebody who means harm: markup, scripts, SQL, text from right to left, words without end.</summary>
public sealed class HostileTracker : BrowsedTracker
{
    private PostgresCluster _postgres = null!;

    public long Sweep { get; private set; }

    /// <summary>A run of it, which waits for ever.</summary>
    public long Run { get; private set; }

    public long Outside { get; private set; }

    /// <summary>Runs that a program outside reports.</summary>
    public IReadOnlyList<long> OutsideRuns { get; private set; } = [];

    /// <summary>What something is called: as hostile as a text can be, and told from others by its last word.</summary>
    public static string Name(string what) => $"\"><img class=hostile src=x onerror=hacked(1)> ' OR 1=1; -- \u202egnp.\u202c שלום {what}";

    /// <summary>What is said of something; longer than any name may be.</summary>
    public static string Note(string what) => $"</textarea><script class=hostile>hacked(2)</script> {{{{7*7}}}} javascript:hacked(3) {new string('W', 120)} {what}";

    public override async ValueTask InitializeAsync()
    {
        _postgres = await PostgresCluster.StartAsync();
        await base.InitializeAsync();
        await SubmitAsync();
        await ReportAsync();
        await NameTheRestAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    protected override Task StartAsync() => UpAsync([], ("TRACKER_DB", _postgres.ConnectionString));

    private async Task SubmitAsync()
    {
        (Sweep, Run) = await SubmitAsync(Name("sweep"));
        await SendAsync(HttpMethod.Patch, $"sweeps/{Sweep}", new { notes = Note("of-the-sweep") });
        await SendAsync(HttpMethod.Patch, $"runs/{Run}", new { notes = Note("of-the-run"), tags = (string[])["<b class=hostile>tag", "' OR 1=1 --"] });
        var (deleted, _) = await SubmitAsync(Name("deleted"));
        await SendAsync(HttpMethod.Delete, $"sweeps/{deleted}");
    }

    private async Task<(long Sweep, long Run)> SubmitAsync(string name)
    {
        var sweep = (await SendAsync(HttpMethod.Post, "sweeps", new
        {
            name, network = "f1", dataset = "fashion-mnist", smallBatch = 128, methods = (string[])["sb"], seeds = (int[])[0], labels = (string[])["nowhere"], trainExamples = 640, rerun = true,
        })).GetProperty("id").GetInt64();
        return (sweep, (await SendAsync(HttpMethod.Get, $"runs?sweep={sweep}")).GetProperty("items")[0].GetProperty("id").GetInt64());
    }

    /// <summary>Two runs of an experiment, which MLflow's interface takes with any text as name and value.</summary>
    private async Task ReportAsync()
    {
        var experiment = await MlflowAsync("experiments/create", new { name = Name("exp"), tags = (object[])[Pair("mlflow.note.content", Note("of-the-exp")), Pair("purpose", Name("exp-tag"))] });
        Outside = long.Parse(experiment.GetProperty("experiment_id").GetString()!);
        foreach (var i in (int[])[1, 2])
        {
            var run = (await MlflowAsync("runs/create", new
            {
                experiment_id = $"{Outside}", run_name = Name($"outside-{i}"), start_time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
                tags = (object[])[Pair("mlflow.note.content", Note("of-the-outside")), Pair("mlflow.user", Name("user")), Pair("mlflow.source.name", Name("source")), Pair("שלום:tag", Name("tag-value"))],
            })).GetProperty("run").GetProperty("info").GetProperty("run_id").GetString();
            await MlflowAsync("runs/log-batch", new
            {
                run_id = run,
                metrics = (object[])[.. Points("שלום: loss of W"), .. Points("validation/accuracy")],
                @params = (object[])[Pair("network", Name("network")), Pair("dataset", Name("dataset")), Pair("batch_size", "64"), Pair("שלום: note", Name("param-value"))],
            });
            // The second one is over, and so on the leaderboards.
            if (i == 2) await MlflowAsync("runs/update", new { run_id = run, status = "FINISHED", end_time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() });
        }
        OutsideRuns = [.. (await SendAsync(HttpMethod.Get, $"runs?sweep={Outside}")).GetProperty("items").EnumerateArray().Select(run => run.GetProperty("id").GetInt64())];
    }

    private async Task NameTheRestAsync()
    {
        await SendAsync(HttpMethod.Post, "tokens", new { name = Name("token"), scope = "read" });
        await SendAsync(HttpMethod.Post, "webhooks", new { name = Name("hook"), url = "https://example.org/%3Cimg%20class=hostile%3E", events = (string[])["run.failed"], active = false });
        await SendAsync(HttpMethod.Post, "users", new { name = "o-o--img.src-x", role = "viewer", password = "a password of nobody" });
        await using var source = NpgsqlDataSource.Create(_postgres.ConnectionString);
        await using var command = source.CreateCommand(
            """
            INSERT INTO hosts (name, version, process_id, devices, labels, started_at, heartbeat_at, machine, machine_id, instance)
            SELECT $1, '1.0.0', 1, $2::jsonb, ARRAY[$3], now(), now() + interval '1 day', $1, 'm', 'i';
            """);
        foreach (var value in (string[])[Name("host"), JsonSerializer.Serialize(new[] { new { @class = "Cuda", name = "cuda:0", model = Name("model"), memoryBytes = 8_000_000_000, cores = 0, slots = 0 } }), Name("label")])
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
        await using var others = source.CreateCommand(
            """
            WITH view AS (INSERT INTO saved_views (owner_id, page, name, query) SELECT id, 'runs', $2, '?filter=state+%3D+running' FROM users WHERE user_name = 'admin')
            INSERT INTO run_logs (run_id, attempt, line, at, level, text) VALUES ($1, 1, 1, now(), 'Info', $3)
            """);
        foreach (var value in (object[])[Run, Name("view"), Name("log-line")]) others.Parameters.Add(new() { Value = value });
        await others.ExecuteNonQueryAsync();
    }

    private static object Pair(string key, string value) => new { key, value };

    private static IEnumerable<object> Points(string key) =>
        Enumerable.Range(1, 5).Select(step => (object)new { key, value = 0.1 * step, step, timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() });

    private Task<JsonElement> MlflowAsync(string path, object body) => SendAsync(HttpMethod.Post, $"../2.0/mlflow/{path}", body);

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var http = Api();
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }
}

/// <summary>Tests that share the hostile product.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HostileTrackerCollection : ICollectionFixture<HostileTracker>
{
    public const string Name = "hostile tracker";
}
