using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tracker.Domain;
using Tracker.Migrations;
using Tracker.Storage;

namespace Tracker.Benchmarks;

/// <summary>The queue as it is used: large submissions, the way from a submission to the first metric, starts and pages while 10,000 runs wait, and a host at rest.</summary>
/// <param name="database">A server without other work.</param>
/// <param name="results">Where the results go.</param>
/// <param name="jobs">The job host's program.</param>
/// <param name="web">The web program.</param>
internal sealed class QueueBenchmark(string database, string results, string jobs, string web)
{
    private const int Repetitions = 5;
    private const int Starts = 20;
    private const int Pages = 30;
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly List<object> _results = [];
    private readonly string _data = Directory.CreateTempSubdirectory("tracker-bench-").FullName;

    public async Task RunAsync()
    {
        await TrackerMigrator.MigrateAsync(database, CancellationToken.None);
        await using var services = new ServiceCollection().AddLogging().AddTrackerStorage(database).AddRunQueueClient().BuildServiceProvider();
        var (sweeps, source) = (services.GetRequiredService<ISweeps>(), services.GetRequiredService<NpgsqlDataSource>());
        Console.WriteLine($"{"",-62}{"goal",12}{"median",12}{"(least-most)",18}");
        try
        {
            await using (var host = await StartHostAsync())
            {
                await FirstMetricsAsync(sweeps, source);
                await RestAsync(host);
            }
            await SubmissionsAsync(sweeps);
            await using (await StartHostAsync()) await NextStartsAsync(source);
            await PagesAsync();
        }
        finally
        {
            Directory.Delete(_data, recursive: true);
        }
        await Report.WriteAsync(results, "queue", _results);
    }

    private void Tell(string what, string unit, double goal, IReadOnlyCollection<double> values)
    {
        var spread = Spread.Of(values);
        Console.WriteLine($"{what,-62}{$"≤ {goal:0.##} {unit}",12}{$"{spread.Median:0.##} {unit}",12}{$"({spread.Minimum:0.##}-{spread.Maximum:0.##})",18}");
        _results.Add(new { What = what, Unit = unit, Goal = goal, Result = spread });
    }

    private Task<MeasuredServer> StartHostAsync() => MeasuredServer.StartAsync(
        jobs, " offers ", new Dictionary<string, string> { ["TRACKER_DB"] = database }, "host", "--name", "bench", "--data", _data, "--cpu-slots", "1", "--cuda-slots", "0");

    /// <summary>From the call that submits a run to its first point in the database, on a host that waits for it.</summary>
    private async Task FirstMetricsAsync(ISweeps sweeps, NpgsqlDataSource source)
    {
        var seconds = new List<double>();
        // The first one brings program and data into the system's memory.
        for (var repetition = -1; repetition < Repetitions; repetition++)
        {
            var clock = Stopwatch.StartNew();
            var sweep = await sweeps.SubmitAsync(Sweep("first metric", [repetition + 1]), null, default);
            await UntilAsync(source, $"SELECT EXISTS (SELECT FROM metric_points p JOIN runs r ON r.id = p.run_id WHERE r.sweep_id = {sweep})");
            if (repetition >= 0) seconds.Add(clock.Elapsed.TotalSeconds);
            await UntilAsync(source, $"SELECT NOT EXISTS (SELECT FROM runs WHERE sweep_id = {sweep} AND state <> 'Succeeded')");
        }
        Tell("From submit to the first metric, idle host", "s", 2.5, seconds);
    }

    private async Task RestAsync(MeasuredServer host)
    {
        var cpu = await host.CpuPercentAsync(s_rest);
        Tell($"Host at rest, share of a core over {s_rest.TotalSeconds:0} s", "%", 1, [cpu]);
        Tell("Host at rest, resident memory", "MB", 150, [host.ResidentMegabytes()]);
    }

    private async Task SubmissionsAsync(ISweeps sweeps)
    {
        var seconds = new List<double>();
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var sweep = Sweep("thousand", Enumerable.Range(0, 1_000));
            var clock = Stopwatch.StartNew();
            var id = await sweeps.SubmitAsync(sweep, null, default);
            seconds.Add(clock.Elapsed.TotalSeconds);
            await sweeps.CancelAsync(id, default);
        }
        Tell("Submit a sweep of 1,000 runs", "s", 2, seconds);
        var many = Sweep("ten thousand", Enumerable.Range(0, 10_000));
        var whole = Stopwatch.StartNew();
        await sweeps.SubmitAsync(many, null, default);
        Tell("Submit a sweep of 10,000 runs", "s", 15, [whole.Elapsed.TotalSeconds]);
    }

    /// <summary>From the end that one run's attempt records to the start that the next one's records, on one slot.</summary>
    private async Task NextStartsAsync(NpgsqlDataSource source)
    {
        await UntilAsync(source, $"SELECT count(*) > {Starts} FROM runs r JOIN sweeps s ON s.id = r.sweep_id WHERE s.name = 'ten thousand' AND r.state = 'Succeeded'");
        await using var command = source.CreateCommand(
            """
            SELECT 1000 * extract(epoch FROM a.started_at - lag(a.ended_at) OVER (ORDER BY a.started_at))::double precision
            FROM attempts a JOIN runs r ON r.id = a.run_id JOIN sweeps s ON s.id = r.sweep_id WHERE s.name = 'ten thousand' ORDER BY a.started_at OFFSET 1
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var gaps = new List<double>();
        while (gaps.Count < Starts && await reader.ReadAsync()) gaps.Add(reader.GetDouble(0));
        Tell("Start of the next of 10,000 runs after a slot is free", "ms", 200, gaps);
    }

    private async Task PagesAsync()
    {
        await using var server = await MeasuredWeb.StartAsync(web, database);
        var milliseconds = new List<double>();
        for (var page = -Repetitions; page < Pages; page++)
        {
            var clock = Stopwatch.StartNew();
            using var response = await server.Client.GetAsync(new Uri("/api/v1/queue", UriKind.Relative));
            response.EnsureSuccessStatusCode();
            if (page >= 0) milliseconds.Add(clock.Elapsed.TotalMilliseconds);
        }
        Tell("GET /queue, first page, 10,000 runs waiting", "ms", 100, milliseconds);
    }

    private static async Task UntilAsync(NpgsqlDataSource source, string condition)
    {
        using var limit = new CancellationTokenSource(s_patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        await using var command = source.CreateCommand(condition);
        while (await command.ExecuteScalarAsync(limit.Token) is not true) await timer.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>The smallest runs there are: one epoch of a few images.</summary>
    private static SweepSpec Sweep(string name, IEnumerable<int> seeds) => SpecReader.ReadSweep($$"""
        { "name": "{{name}}", "network": "f1", "dataset": "fashion-mnist", "methods": ["sb"], "smallBatch": 64, "epochs": 1, "trainExamples": 512,
          "device": "cpu", "rerun": true, "seeds": [{{string.Join(", ", seeds)}}] }
        """);
}
