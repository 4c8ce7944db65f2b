using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Tracker.Domain;
using Tracker.Migrations;
using Tracker.Storage;

namespace Tracker.Benchmarks;

/// <summary>How many metric points a second the writer takes: full flushes, the durability of the launcher's Postgres, one and several runs at once.</summary>
internal sealed class IngestBenchmark(string database, string results)
{
    private const int PointsPerFlush = 10_000;
    private const int Flushes = 50;
    private const int Repetitions = 3;

    public async Task RunAsync()
    {
        await TrackerMigrator.MigrateAsync(database, CancellationToken.None);
        await using var services = new ServiceCollection().AddLogging().AddTrackerStorage(database).AddRunQueueClient().BuildServiceProvider();
        Console.WriteLine($"{Flushes} flushes of {PointsPerFlush:N0} points for each run, {Repetitions} times; medians.");
        var all = new List<object>();
        foreach (var writers in (int[])[1, 2, 4])
        {
            var speeds = new List<double>();
            for (var repetition = 0; repetition < Repetitions; repetition++) speeds.Add(await MeasureAsync(services, writers));
            var spread = Spread.Of(speeds);
            Console.WriteLine($"{writers} run{(writers == 1 ? "" : "s")} at once: {spread.Median,12:N0} points/s");
            all.Add(new { Writers = writers, PointsPerSecond = spread });
        }
        await Report.WriteAsync(results, "ingest", all);
    }

    private static async Task<double> MeasureAsync(ServiceProvider services, int writers)
    {
        var attempts = new List<StartedAttempt>();
        var host = await services.GetRequiredService<IHosts>().RegisterAsync(
            new("bench", "bench", Environment.ProcessId, [new(DeviceClass.Cpu, "cpu", "any", 0, 1, 64)], []), default);
        foreach (var _ in Enumerable.Range(0, writers)) attempts.Add(await StartAsync(services, host));
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(attempts.Select(attempt => WriteAsync(services.GetRequiredService<IRunWriter>(), attempt)));
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

    private static async Task WriteAsync(IRunWriter writer, StartedAttempt attempt)
    {
        const int Names = 4;
        for (var flush = 0; flush < Flushes; flush++)
        {
            var first = (long)flush * (PointsPerFlush / Names);
            var points = Enumerable.Range(0, PointsPerFlush).Select(i => new MetricPoint(
                first + (i / Names) + 1, i / 100.0, MetricNames.All[i % Names], flush * 500, Math.Sin(i))).ToList();
            await writer.FlushAsync(attempt.RunId, attempt.Attempt, new(flush + 1, points, null, null, []), default);
        }
    }
}
