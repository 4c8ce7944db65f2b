using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Tracker.Domain;
using Tracker.Migrations;
using Tracker.Storage;

namespace Tracker.Benchmarks;

/// <summary>
/// How many metric points a second the writer takes: full flushes, the durability of the launcher's Postgres, one and several runs at once; beside
/// it what psql's <c>\copy</c> takes of the same points into a like table, and what programs outside report over HTTP.
/// </summary>
/// <param name="database">A server without other work.</param>
/// <param name="results">Where the results go.</param>
/// <param name="web">The web program.</param>
internal sealed class IngestBenchmark(string database, string results, string web)
{
    private const int PointsPerFlush = 10_000;
    private const int Flushes = 50;
    private const int Names = 4;
    private const int Repetitions = 5;
    private const double Goal = 300_000;
    private const double GoalOfPsql = 0.7;

    private readonly List<object> _results = [];

    public async Task RunAsync()
    {
        await TrackerMigrator.MigrateAsync(database, CancellationToken.None);
        await using var services = new ServiceCollection().AddLogging().AddTrackerStorage(database).AddRunQueueClient().BuildServiceProvider();
        Console.WriteLine($"{Flushes} flushes of {PointsPerFlush:N0} points for each run, {Repetitions} times; medians.");
        await MeasureAsync(services, 1);
        await CompareAsync(services);
        foreach (var writers in (int[])[1, 2, 4])
        {
            var speeds = new List<double>();
            for (var repetition = 0; repetition < Repetitions; repetition++) speeds.Add(await MeasureAsync(services, writers));
            var spread = Spread.Of(speeds);
            Console.WriteLine($"{writers} run{(writers == 1 ? "" : "s")} at once: {spread.Median,12:N0} points/s (goal {Goal:N0})");
            _results.Add(new { Writers = writers, Goal, PointsPerSecond = spread });
        }
        await using (var server = await MeasuredWeb.StartAsync(web, database)) _results.AddRange(await new ReportBenchmark(server).RunAsync());
        await Report.WriteAsync(results, "ingest", _results);
    }

    /// <summary>One run by the writer and the same points by psql, in turns, so that both have the same machine.</summary>
    private async Task CompareAsync(ServiceProvider services)
    {
        var (psql, file) = (new Psql(database), Path.GetTempFileName());
        var (ratios, theirs) = (new List<double>(), new List<double>());
        try
        {
            await File.WriteAllLinesAsync(file, Enumerable.Range(0, Flushes).SelectMany(Points).Select(p => string.Create(
                CultureInfo.InvariantCulture, $"1\t{Array.IndexOf([.. MetricNames.All], p.Name)}\t{p.Step}\t{(float)p.Epoch}\t{p.WallMs}\t{p.Value}")));
            for (var repetition = 0; repetition < Repetitions; repetition++)
            {
                var ours = await MeasureAsync(services, 1);
                await psql.RunAsync("DROP TABLE IF EXISTS like_points; CREATE TABLE like_points (LIKE metric_points INCLUDING ALL) PARTITION BY HASH (run_id)");
                for (var part = 0; part < 16; part++) await psql.RunAsync($"CREATE TABLE like_points_{part} PARTITION OF like_points FOR VALUES WITH (MODULUS 16, REMAINDER {part})");
                theirs.Add(Flushes * PointsPerFlush / (await psql.RunAsync($@"\copy like_points from '{file}'")).TotalSeconds);
                ratios.Add(ours / theirs[^1]);
            }
            await psql.RunAsync("DROP TABLE like_points");
        }
        finally
        {
            File.Delete(file);
        }
        var (speed, ratio) = (Spread.Of(theirs), Spread.Of(ratios));
        Console.WriteLine($@"psql \copy, one transaction: {speed.Median,12:N0} points/s; the writer's share {ratio.Median:0.00} ({ratio.Minimum:0.00}-{ratio.Maximum:0.00}, goal {GoalOfPsql})");
        _results.Add(new { Psql = speed, Goal = GoalOfPsql, Share = ratio });
    }

    private static async Task<double> MeasureAsync(ServiceProvider services, int writers)
    {
        var attempts = new List<StartedAttempt>();
        var host = await services.GetRequiredService<IHosts>().RegisterAsync(
            new("bench", "bench", Environment.ProcessId, [new(DeviceClass.Cpu, "cpu", "any", 0, 1, 64)], []), default);
        foreach (var _ in Enumerable.Range(0, writers)) attempts.Add(await StartAsync(services, host));
        var points = Enumerable.Range(0, Flushes).Select(Points).ToList();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(attempts.Select(attempt => WriteAsync(services.GetRequiredService<IRunWriter>(), attempt, points)));
        return (double)writers * Flushes * PointsPerFlush / clock.Elapsed.TotalSeconds;
    }

    private static async Task<StartedAttempt> StartAsync(ServiceProvider services, long host)
    {
        var sweep = SpecReader.ReadSweep("""{ "name": "bench", "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "methods": ["sb"], "rerun": true }""");
        var id = await services.GetRequiredService<ISweeps>().SubmitAsync(sweep, null, default);
        var run = (await services.GetRequiredService<IRuns>().OfSweepAsync(id, default))[0].Id;
        var attempts = services.GetRequiredService<IAttempts>();
        await services.GetRequiredService<IDispatcher>().FillAsync(host, default);
        var attempt = await attempts.BeginAsync(run, host, default) ?? throw new InvalidOperationException($"Run {run} cannot be started.");
        await attempts.ChildStartedAsync(run, attempt.Attempt, new(Environment.ProcessId, 0), default);
        return attempt;
    }

    private static async Task WriteAsync(IRunWriter writer, StartedAttempt attempt, List<List<MetricPoint>> points)
    {
        foreach (var (flush, some) in points.Index()) await writer.FlushAsync(attempt.RunId, attempt.Attempt, new(flush + 1, some, null, null, []), default);
    }

    private static List<MetricPoint> Points(int flush)
    {
        var first = (long)flush * (PointsPerFlush / Names);
        return [.. Enumerable.Range(0, PointsPerFlush).Select(i => new MetricPoint(first + (i / Names) + 1, i / 100.0, MetricNames.All[i % Names], flush * 500, Math.Sin(i)))];
    }
}
