using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MathNet.Numerics.Statistics;
using Tracker.Domain;

namespace Tracker.Benchmarks;

/// <summary>
/// Programs outside, each with a run of its own, that report by the interface of MLflow: first as many points a second as the goal says, spread
/// evenly; then each the next batch as soon as it has the answer to the last one. The first tells how long a program waits, the second what the
/// server can take: there all of them always wait for each other.
/// </summary>
internal sealed class ReportBenchmark(MeasuredWeb server)
{
    private const int Clients = 20;
    private const int PointsPerBatch = 500;
    private const int Names = 4;
    private const double Goal = 50_000;
    private const double GoalMilliseconds = 50;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(Clients * PointsPerBatch / Goal);

    private readonly List<double> _milliseconds = [];

    private sealed class Reporter(string run)
    {
        private int _batch;

        /// <summary>The body of its next batch, later in steps than all before. It costs the machine little: it is the server that is measured.</summary>
        public ReadOnlyMemory<byte> Next()
        {
            var (body, now) = (new System.Buffers.ArrayBufferWriter<byte>(64 * 1024), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            using var json = new Utf8JsonWriter(body);
            json.WriteStartObject();
            json.WriteString("run_id", run);
            json.WriteStartArray("metrics");
            for (var i = 0; i < PointsPerBatch; i++)
            {
                json.WriteStartObject();
                json.WriteString("key", MetricNames.All[i % Names]);
                json.WriteNumber("value", Math.Sin(i));
                json.WriteNumber("timestamp", now);
                json.WriteNumber("step", (_batch * (PointsPerBatch / Names)) + (i / Names));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            json.Flush();
            _batch++;
            return body.WrittenMemory;
        }
    }

    public async Task<IReadOnlyList<object>> RunAsync()
    {
        var reporters = new List<Reporter>();
        for (var i = 0; i < Clients; i++) reporters.Add(await CreateAsync(i));
        await AtOnceAsync(reporters, s_warmUp);
        return
        [
            await MeasureAsync("evenly", reporters, EvenlyAsync),
            await MeasureAsync("at once", reporters, AtOnceAsync),
        ];
    }

    private async Task<object> MeasureAsync(string pace, List<Reporter> reporters, Func<List<Reporter>, TimeSpan, Task> report)
    {
        _milliseconds.Clear();
        var (clock, before, own) = (Stopwatch.StartNew(), server.Process.Processors, Environment.CpuUsage.TotalTime);
        await report(reporters, s_measured);
        var (seconds, batches) = (clock.Elapsed.TotalSeconds, _milliseconds.Count);
        var (speed, median, p95) = (batches * PointsPerBatch / seconds, _milliseconds.Median(), _milliseconds.Quantile(0.95));
        var (web, clients) = ((server.Process.Processors - before).TotalSeconds / seconds, (Environment.CpuUsage.TotalTime - own).TotalSeconds / seconds);
        var evenly = report == EvenlyAsync;
        Console.WriteLine(
            $"log-batch, {Clients} clients, {PointsPerBatch} points each, {pace,-8}{speed,10:N0} points/s{(evenly ? $" of {Goal:N0} offered" : $" (goal {Goal:N0})")}, "
            + $"p95 {p95:0.0} ms{(evenly ? $" (goal {GoalMilliseconds:0})" : "")}, median {median:0.0} ms; the web process took {web:0.00} processors, the clients {clients:0.00}");
        return new
        {
            LogBatch = pace, PointsPerSecond = speed, Goal, Clients, PointsPerBatch, P95Milliseconds = p95, GoalMilliseconds = evenly ? GoalMilliseconds : (double?)null,
            MedianMilliseconds = median, Batches = batches, WebProcessors = web, ClientProcessors = clients,
        };
    }

    /// <summary>A report counts from when it is due: one that waits for the answer to the last one waits like a program that has to hold it back.</summary>
    private Task EvenlyAsync(List<Reporter> reporters, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        return Task.WhenAll(reporters.Select(async (reporter, place) =>
        {
            for (var due = s_interval * place / Clients; due < time; due += s_interval)
            {
                if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed);
                await SendAsync(reporter);
                Took(clock.Elapsed - due);
            }
        }));
    }

    private Task AtOnceAsync(List<Reporter> reporters, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        return Task.WhenAll(reporters.Select(async reporter =>
        {
            while (clock.Elapsed < time)
            {
                var since = clock.Elapsed;
                await SendAsync(reporter);
                Took(clock.Elapsed - since);
            }
        }));
    }

    private void Took(TimeSpan time)
    {
        lock (_milliseconds) _milliseconds.Add(time.TotalMilliseconds);
    }

    private async Task<Reporter> CreateAsync(int place)
    {
        var body = new { experiment_id = "0", run_name = $"bench {place}", start_time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() };
        var made = await PostAsync("create", JsonContent.Create(body));
        return new(made.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!);
    }

    private async Task SendAsync(Reporter reporter)
    {
        using var content = new ReadOnlyMemoryContent(reporter.Next()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        await PostAsync("log-batch", content);
    }

    private async Task<JsonElement> PostAsync(string verb, HttpContent content)
    {
        using var answer = await server.Client.PostAsync(new Uri($"/api/2.0/mlflow/runs/{verb}", UriKind.Relative), content);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new InvalidOperationException($"{verb}: {answer.StatusCode} {text}");
    }
}
