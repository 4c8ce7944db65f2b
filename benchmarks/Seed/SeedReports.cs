using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Tracker.Benchmarks.Seed;

/// <summary>Where what programs and people have added is shown.</summary>
/// <param name="Experiment">An experiment of programs outside.</param>
/// <param name="Run">One of its runs, which is over.</param>
/// <param name="Webhook">A webhook that was told of much.</param>
internal sealed record SeededReports(long Experiment, long Run, long Webhook);

/// <summary>
/// What a product that is used for a while has beside its own runs, for pictures: runs of programs outside in every state, tokens, accounts, webhooks with what
/// they were told, and a recycle bin. All but what only time brings comes in by the interfaces that programs use.
/// </summary>
/// <param name="url">Where the web process listens.</param>
/// <param name="token">A token of an admin.</param>
/// <param name="source">Its database.</param>
internal sealed class SeedReports(string url, string token, NpgsqlDataSource source) : IDisposable
{
    private const int Epochs = 30;
    private readonly HttpClient _http = new() { BaseAddress = new(new Uri(url), "api/"), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    public async Task<SeededReports> WriteAsync()
    {
        var (experiment, runs) = await ExperimentAsync("ResNet-50 by PyTorch", [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2]);
        await TimeAsync(runs);
        await BinAsync(runs[6]);
        await AccountsAsync();
        return new(experiment, runs[0], await WebhooksAsync());
    }

    public void Dispose() => _http.Dispose();

    private async Task<(long Experiment, List<long> Runs)> ExperimentAsync(string name, double[] rates)
    {
        var experiment = (await MlflowAsync("experiments/create", new { name, tags = (object[])[Pair("mlflow.note.content", "The same recipe by another program, to compare with."), Pair("team", "vision")] }))
            .GetProperty("experiment_id").GetString()!;
        var runs = new List<long>();
        foreach (var (i, rate) in rates.Index())
        {
            var began = DateTimeOffset.UtcNow.AddMinutes(-200 + 20 * i);
            var id = (await MlflowAsync("runs/create", new
            {
                experiment_id = experiment, run_name = string.Create(CultureInfo.InvariantCulture, $"sgd-lr{rate}"), start_time = began.ToUnixTimeMilliseconds(),
                tags = (object[])[Pair("mlflow.user", "priya"), Pair("mlflow.source.name", "train.py"), Pair("mlflow.source.git.commit", "4f1c0de2a97b"), Pair("optimizer", "SGD with momentum")],
            })).GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
            await MlflowAsync("runs/log-batch", new
            {
                run_id = id, metrics = Curves(rate, began),
                @params = (object[])[Pair("network", "resnet50"), Pair("dataset", "imagenet"), Pair("batch_size", "1024"), Pair("lr", rate.ToString(CultureInfo.InvariantCulture)), Pair("epochs", $"{Epochs}"), Pair("augmentation", "random resized crop, flip")],
            });
            if (i < 3) await MlflowAsync("runs/update", new { run_id = id, status = "FINISHED", end_time = began.AddMinutes(19).ToUnixTimeMilliseconds() });
            runs.Add((long)ulong.Parse(id, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }
        return (long.Parse(experiment, CultureInfo.InvariantCulture), runs);
    }

    private static object[] Curves(double rate, DateTimeOffset began) =>
    [
        .. Enumerable.Range(1, Epochs).SelectMany(epoch =>
        {
            var (at, share) = (began.AddSeconds(38 * epoch).ToUnixTimeMilliseconds(), 1 - Math.Exp(-epoch / (4 + rate)));
            var wave = 0.012 * Math.Sin(epoch * (1 + rate));
            return (object[])[Point("train_loss", 6.9 - 5.4 * share + 4 * wave, epoch, at), Point("val_loss", 6.9 - 4.9 * share + 6 * wave, epoch, at), Point("val_top1", 0.74 * share + wave, epoch, at)];
        }),
    ];

    /// <summary>One run that nobody hears of, and one that was given up.</summary>
    private async Task TimeAsync(List<long> runs)
    {
        await ExecuteAsync("UPDATE runs SET reported_at = now() - interval '42 minutes' WHERE id = $1", runs[3]);
        await ExecuteAsync(
            """
            UPDATE runs SET state = 'Failed', state_since = now(), started_at = now() - interval '28 hours', reported_at = now() - interval '25 hours', finished_at = now() - interval '25 hours',
              failure_kind = 'HostLost', failure_reason = 'its program was not heard of for 24 hours. It runs again as soon as it reports.' WHERE id = $1
            """, runs[5]);
    }

    private async Task BinAsync(long run)
    {
        await RestAsync(HttpMethod.Delete, $"runs/{run}");
        var (old, _) = await ExperimentAsync("First tries", [0.3, 0.6]);
        await RestAsync(HttpMethod.Delete, $"sweeps/{old}");
        var sweep = await RestAsync(HttpMethod.Post, "sweeps", new
        {
            name = "Ghost batches, wrong data set", network = "f1", dataset = "fashion-mnist", smallBatch = 128, methods = (string[])["sb"], seeds = (int[])[0, 1], labels = (string[])["nowhere"], trainExamples = 640, rerun = true,
        });
        await RestAsync(HttpMethod.Delete, $"sweeps/{sweep.GetProperty("id").GetInt64()}");
    }

    private async Task AccountsAsync()
    {
        await RestAsync(HttpMethod.Post, "tokens", new { name = "Notebook on the cluster", scope = "write", expiresInDays = 90 });
        await RestAsync(HttpMethod.Post, "tokens", new { name = "Weekly report", scope = "read" });
        await RestAsync(HttpMethod.Post, "users", new { name = "tomas", role = "viewer" });
        var nightly = await RestAsync(HttpMethod.Post, "users", new { name = "nightly-sweeps", role = "member", service = true });
        await RestAsync(HttpMethod.Post, $"users/{nightly.GetProperty("id").GetInt64()}/tokens", new { name = "cron", scope = "write", expiresInDays = 365 });
        await RestAsync(HttpMethod.Put, "retention", new { pointDays = 180, logDays = 365, checkpointDays = 60, binDays = 30 });
    }

    private async Task<long> WebhooksAsync()
    {
        var hook = (await RestAsync(HttpMethod.Post, "webhooks", new { name = "Team channel", url = "https://chat.example.org/hooks/7Qm2", events = (string[])["sweep.finished", "run.failed", "table.changed"] })).GetProperty("id").GetInt64();
        var paused = (await RestAsync(HttpMethod.Post, "webhooks", new { name = "Cluster dashboard", url = "https://dash.example.org/api/runs", events = (string[])["run.finished"], network = "resnet44" })).GetProperty("id").GetInt64();
        // What receivers answered: there are none here.
        await ExecuteAsync(
            """
            WITH told AS (
              INSERT INTO webhook_events (kind, at, data, run_id, sweep_id, xact)
              SELECT CASE WHEN i % 4 = 1 THEN 'run.failed' ELSE 'sweep.finished' END, now() - make_interval(mins => 37 * i), jsonb_build_object('sweep', jsonb_build_object('id', i, 'name', 'Learning rates, part ' || i)), NULL, i,
                (1000 + i)::text::xid8
              FROM generate_series(9, 1, -1) AS i RETURNING id, at, sweep_id
            ), deliveries AS (
              INSERT INTO webhook_deliveries (webhook_id, event_id, state, tries, due_at, ended_at)
              SELECT $1, id, CASE sweep_id WHEN 1 THEN 'Waiting' WHEN 6 THEN 'GivenUp' ELSE 'Delivered' END, CASE sweep_id WHEN 1 THEN 2 WHEN 6 THEN 3 ELSE 1 END,
                CASE sweep_id WHEN 1 THEN now() + interval '3 hours' ELSE at END, CASE sweep_id WHEN 1 THEN NULL ELSE at + interval '1 second' END
              FROM told ORDER BY at RETURNING id, tries, state, due_at, ended_at
            )
            INSERT INTO webhook_attempts (delivery_id, try, at, milliseconds, status, error, response)
            SELECT d.id, t, coalesce(d.ended_at, now()) - make_interval(mins => 4 * (d.tries - t)), 84 + 31 * t, CASE WHEN d.state = 'Delivered' THEN 200 ELSE 503 END,
              CASE WHEN d.state = 'Delivered' THEN NULL ELSE 'answered 503' END, CASE WHEN d.state = 'Delivered' THEN 'ok' ELSE 'upstream is being deployed' END
            FROM deliveries d CROSS JOIN LATERAL generate_series(1, d.tries) AS t
            """, hook);
        await ExecuteAsync("UPDATE webhooks SET last_at = now() - interval '2 minutes', last_status = 503, last_error = 'answered 503', failing_since = now() - interval '6 minutes' WHERE id = $1", hook);
        await ExecuteAsync(
            "UPDATE webhooks SET active = false, paused_at = now() - interval '1 day', last_at = now() - interval '1 day', last_error = 'nobody answers at dash.example.org', failing_since = now() - interval '4 days' WHERE id = $1", paused);
        return hook;
    }

    private static object Pair(string key, string value) => new { key, value };

    private static object Point(string key, double value, int step, long timestamp) => new { key, value, step, timestamp };

    private Task<JsonElement> MlflowAsync(string path, object body) => SendAsync(HttpMethod.Post, $"2.0/mlflow/{path}", body);

    private Task<JsonElement> RestAsync(HttpMethod method, string path, object? body = null) => SendAsync(method, $"v1/{path}", body);

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path} answered {(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    private async Task ExecuteAsync(string sql, long id)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync();
    }
}
