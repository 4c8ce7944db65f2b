using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tracker.Domain;
using Tracker.Migrations;
using Tracker.Storage;
using Tracker.Tests.Postgres;

namespace Tracker.System.Tests.Support;

/// <summary>One metric point, as far as two trainings of the same run must agree.</summary>
internal readonly record struct Point(string Name, long Step, double Value);

/// <summary>A server with the product's schema, a data directory, and the product's services over them. Shared by all tests.</summary>
public sealed class TestTracker : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tracker-system-").FullName;
    private PostgresCluster? _postgres;
    private ServiceProvider? _services;

    internal PostgresCluster Postgres => _postgres!;

    internal string ConnectionString { get; private set; } = "";

    internal string DataDirectory => _folder;

    internal IRuns Runs => _services!.GetRequiredService<IRuns>();

    internal ISweeps Sweeps => _services!.GetRequiredService<ISweeps>();

    internal IHosts Hosts => _services!.GetRequiredService<IHosts>();

    public async ValueTask InitializeAsync()
    {
        _postgres = await PostgresCluster.StartAsync();
        ConnectionString = _postgres.ConnectionString;
        await TrackerMigrator.MigrateAsync(ConnectionString, CancellationToken.None);
        _services = new ServiceCollection().AddLogging().AddTrackerStorage(ConnectionString).AddRunQueueClient().BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        if (_postgres is not null) await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Stops the server for a while.</summary>
    internal async Task StopPostgresAsync(Func<Task> meanwhile)
    {
        await Postgres.StopAsync();
        try
        {
            await meanwhile();
        }
        finally
        {
            await Postgres.RestartAsync();
            // The connections in this process's own pool went with the server.
            _services!.GetRequiredService<NpgsqlDataSource>().Clear();
        }
    }

    /// <summary>Starts a host with one slot of one thread, and waits until it takes runs.</summary>
    internal Task<HostProcess> StartHostAsync(string name, string? data = null) =>
        HostProcess.Start(ConnectionString, data ?? DataDirectory, name, "--cpu-slots", "1", "--cuda-slots", "0", "--threads", "1", "--checkpoint-seconds", "1").ReadyAsync();

    /// <summary>Submits one run.</summary>
    /// <returns>Its id.</returns>
    internal async Task<long> SubmitAsync(string name, int epochs, int seed = 0)
    {
        var sweep = SpecReader.ReadSweep($$"""
            { "name": "{{name}}", "network": "f1", "dataset": "fashion-mnist", "methods": ["sb"], "smallBatch": 64, "seeds": [{{seed}}],
              "epochs": {{epochs}}, "trainExamples": 4096, "device": "cpu", "rerun": true }
            """);
        var id = await Sweeps.SubmitAsync(sweep, ownerId: null, CancellationToken.None);
        return (await Runs.OfSweepAsync(id, CancellationToken.None)).ShouldHaveSingleItem().Id;
    }

    internal async Task<RunView> RunAsync(long runId) => (await Runs.FindAsync(runId, CancellationToken.None)).ShouldNotBeNull();

    /// <summary>Waits until a run is as expected; fails with all that is known of it.</summary>
    internal async Task<RunView> WaitAsync(long runId, string what, Func<RunView, bool> expected, HostProcess? host = null, TimeSpan? limit = null)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            var run = await RunAsync(runId);
            if (expected(run)) return run;
            var hopeless = run.State.IsFinal() && since.Elapsed > TimeSpan.FromSeconds(2);
            if (hopeless || since.Elapsed > (limit ?? Limits.Run)) throw new InvalidOperationException($"Waited {since.Elapsed.TotalSeconds:0} s for: {what}.\n{await DescribeAsync(runId)}\n{host?.Output}");
            await Task.Delay(Limits.Pace);
        }
    }

    /// <summary>All points of a run, ordered.</summary>
    internal async Task<IReadOnlyList<Point>> PointsAsync(long runId)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand("SELECT name, step, value FROM metric_points p JOIN metric_names n ON n.id = p.metric_id WHERE run_id = $1 ORDER BY name, step");
        command.Parameters.Add(new() { Value = runId });
        await using var reader = await command.ExecuteReaderAsync();
        var points = new List<Point>();
        while (await reader.ReadAsync()) points.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetDouble(2)));
        return points;
    }

    /// <summary>Asserts that two trainings of one specification cannot be told apart, but by how fast they went.</summary>
    internal async Task ShouldBeAlikeAsync(long expected, long actual)
    {
        var (one, other) = (await RunAsync(expected), await RunAsync(actual));
        other.Result.ShouldNotBeNull().WeightsSha256.ShouldBe(one.Result.ShouldNotBeNull().WeightsSha256);
        (other.Result.FinalValidationAccuracy, other.Result.BestValidationAccuracy, other.Result.FinalValidationLoss, other.Result.FinalTrainLoss, other.Result.Steps)
            .ShouldBe((one.Result.FinalValidationAccuracy, one.Result.BestValidationAccuracy, one.Result.FinalValidationLoss, one.Result.FinalTrainLoss, one.Result.Steps));
        var (points, others) = (Lasting(await PointsAsync(expected)), Lasting(await PointsAsync(actual)));
        points.Count.ShouldBeGreaterThan(100);
        others.Select(p => (p.Name, p.Step)).ShouldBe(points.Select(p => (p.Name, p.Step)));
        others.Where(IsDeterministic).ShouldBe(points.Where(IsDeterministic));
    }

    internal async Task<IReadOnlyList<string>> EventsAsync(long runId) =>
        [.. (await Runs.EventsAsync(runId, 200, CancellationToken.None)).Reverse().Select(e => e.Message)];

    /// <summary>Without what was measured of the machine, whose very steps a clock decides.</summary>
    private static IReadOnlyList<Point> Lasting(IEnumerable<Point> points) => [.. points.Where(p => !MetricNames.IsOfSystem(p.Name))];

    private static bool IsDeterministic(Point point) => point.Name != MetricNames.SamplesPerSecond;

    private async Task<string> DescribeAsync(long runId)
    {
        var run = await RunAsync(runId);
        var attempts = await Runs.AttemptsAsync(runId, CancellationToken.None);
        var log = await Runs.LogAsync(runId, 0, 0, 50, CancellationToken.None);
        return string.Create(CultureInfo.InvariantCulture,
            $"Run {runId} is {run.State}, wish {run.Wish}, attempt {run.Attempt}, step {run.Progress?.Step}, checkpoint {run.Checkpoint?.Step}, failure {run.FailureReason}\n")
            + string.Join('\n', attempts.Select(a => $"attempt {a.Attempt} on {a.HostName}: {a.Outcome} {a.ExitCode} {a.Signal} {a.Reason}"))
            + "\nevents:\n" + string.Join('\n', await EventsAsync(runId))
            + "\nlog:\n" + string.Join('\n', log.Select(l => l.Text));
    }
}
