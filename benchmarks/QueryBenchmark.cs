using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tracker.Domain;
using Tracker.Migrations;
using Tracker.Storage;

namespace Tracker.Benchmarks;

/// <summary>How long charts wait for their series: a hundred runs of 100,000 points each, and one of a million; then lists, files and a purge.</summary>
internal sealed class QueryBenchmark(string database, string results, string web)
{
    private const int Runs = 100;
    private const int Points = 100_000;
    private const int LongPoints = 1_000_000;
    private const int Repetitions = 15;

    public async Task RunAsync()
    {
        await TrackerMigrator.MigrateAsync(database, CancellationToken.None);
        await using var services = new ServiceCollection().AddLogging().AddTrackerStorage(database).AddRunQueueClient().BuildServiceProvider();
        var ids = await SubmitAsync(services);
        Console.WriteLine($"{Runs} runs of {Points:N0} points of one metric and one of {LongPoints:N0}; medians of {Repetitions}.");
        await FillAsync(services, ids);
        IReadOnlyList<long> many = [.. ids.Take(Runs)];
        var (metrics, all) = (services.GetRequiredService<IMetrics>(), new List<object>());
        foreach (var (name, goal, query) in new (string, double, SeriesQuery)[]
        {
            ("100 runs, 500 buckets", 300, Query(many, 500)),
            ("100 runs, 300 buckets", 300, Query(many, 300)),
            ("100 runs, 300 buckets, logarithmic", 300, Query(many, 300, MetricAxis.LogStep)),
            ("100 runs, 300 buckets of a tenth, by time", 300, Query(many, 300, MetricAxis.Time) with { From = 400, To = 600 }),
            ("1 run of a million, 1,000 buckets", 60, Query([ids[Runs]], 1000)),
            ("1 run of a million, 1,000 buckets of a hundredth", 60, Query([ids[Runs]], 1000) with { From = 500_000, To = 510_000 }),
        })
        {
            var (milliseconds, buckets) = await MeasureAsync(metrics, query);
            Console.WriteLine($"{name,-52}{milliseconds.Median,7:0.0} ms  {$"≤ {goal:0}",6}  ({milliseconds.Minimum:0.0}-{milliseconds.Maximum:0.0}), {buckets:N0} buckets");
            all.Add(new { Case = name, Goal = goal, Milliseconds = milliseconds, Buckets = buckets });
        }
        await using (var server = await MeasuredWeb.StartAsync(web, database))
            all.AddRange(await new ArchiveBenchmark(services, database, server).RunAsync(many, ids[Runs], (long)Runs * Points));
        await Report.WriteAsync(results, "query", all);
    }

    private static SeriesQuery Query(IReadOnlyList<long> runs, int buckets, MetricAxis axis = MetricAxis.Step) => new(runs, [MetricNames.TrainLoss], buckets, axis);

    private static async Task<(Spread Milliseconds, int Buckets)> MeasureAsync(IMetrics metrics, SeriesQuery query)
    {
        var (times, buckets) = (new List<double>(), 0);
        for (var i = -2; i < Repetitions; i++)
        {
            var clock = Stopwatch.StartNew();
            var series = await metrics.SeriesAsync(query, CancellationToken.None);
            if (i >= 0) times.Add(clock.Elapsed.TotalMilliseconds);
            buckets = series.Sum(s => s.Buckets.Count);
        }
        return (Spread.Of(times), buckets);
    }

    private static async Task<IReadOnlyList<long>> SubmitAsync(ServiceProvider services)
    {
        var sweep = SpecReader.ReadSweep($$"""
            { "name": "query", "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "methods": ["sb"], "seeds": [{{string.Join(',', Enumerable.Range(0, Runs + 1))}}], "rerun": true }
            """);
        var id = await services.GetRequiredService<ISweeps>().SubmitAsync(sweep, null, default);
        return [.. (await services.GetRequiredService<IRuns>().OfSweepAsync(id, default)).Select(r => r.Id)];
    }

    private static async Task FillAsync(ServiceProvider services, IReadOnlyList<long> ids)
    {
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            $"""
             SET synchronous_commit = off;
             INSERT INTO metric_names (name) VALUES ('train/loss') ON CONFLICT DO NOTHING;
             INSERT INTO metric_points (run_id, metric_id, step, epoch, wall_ms, value)
             SELECT r.id, (SELECT id FROM metric_names WHERE name = 'train/loss'), s, s / 469.0, 20 * s, 2.3 / ln(s + 2) + 0.01 * sin(s * r.id)
             FROM unnest(@runs) WITH ORDINALITY AS r(id, place), generate_series(1, CASE WHEN r.place <= {Runs} THEN {Points} ELSE {LongPoints} END) AS s;
             ANALYZE metric_points;
             SELECT summarise_series(@runs);
             ANALYZE metric_rollups
             """, connection) { CommandTimeout = 0 };
        command.Parameters.AddWithValue("runs", ids.ToArray());
        await command.ExecuteNonQueryAsync();
    }
}
