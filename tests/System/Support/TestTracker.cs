using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tracker.Domain;
using Tracker.Migrations;
using Tracker.Storage;
using Tracker.Tests.Postgres;

namespace Tracker.System.Tests.Support;

/// <summary>A server with the product's schema, a data directory, and the product's services over them. Shared by all tests.</summary>
public sealed class TestTracker : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task<UndisturbedRun>>> _undisturbed = new(StringComparer.Ordinal);
    private readonly string _folder = Directory.CreateTempSubdirectory("tracker-system-").FullName;
    private PostgresCluster? _postgres;
    private ServiceProvider? _services;

    internal PostgresCluster Postgres => _postgres!;

    internal string ConnectionString { get; private set; } = "";

    internal string DataDirectory => _folder;

    internal IRuns Runs => _services!.GetRequiredService<IRuns>();

    internal ISweeps Sweeps => _services!.GetRequiredService<ISweeps>();

    internal IHosts Hosts => _services!.GetRequiredService<IHosts>();

    internal Audit Audit => new(ConnectionString);

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
        await RestartPostgresAfterAsync(meanwhile);
    }

    /// <summary>Kills the server, and starts it again after a while.</summary>
    internal async Task KillPostgresAsync(Func<Task> meanwhile)
    {
        await Postgres.KillAsync();
        await RestartPostgresAfterAsync(meanwhile);
    }

    /// <summary>Starts a host that gives each run one thread, and waits until it takes runs.</summary>
    internal Task<HostProcess> StartHostAsync(string name, string? data = null, int slots = 1, NetworkCut? through = null) => HostProcess.Start(
        through?.ConnectionString ?? ConnectionString, data ?? DataDirectory, name,
        "--cpu-slots", $"{slots}", "--cuda-slots", "0", "--threads", "1", "--checkpoint-seconds", "1", "--downloads", "forbid").ReadyAsync();

    /// <summary>Submits one run.</summary>
    /// <returns>Its id.</returns>
    internal async Task<long> SubmitAsync(string name, int epochs, int seed = 0) => (await SubmitAsync(name, epochs, [seed])).ShouldHaveSingleItem();

    /// <summary>Submits a run for each seed.</summary>
    /// <returns>Their ids, in the order of the seeds.</returns>
    internal async Task<IReadOnlyList<long>> SubmitAsync(string name, int epochs, IEnumerable<int> seeds, int examples = 4096, string dataset = "fashion-mnist")
    {
        var sweep = SpecReader.ReadSweep($$"""
            { "name": "{{name}}", "network": "f1", "dataset": "{{dataset}}", "methods": ["sb"], "smallBatch": 64, "seeds": [{{string.Join(", ", seeds)}}],
              "epochs": {{epochs}}, "trainExamples": {{examples}}, "device": "cpu", "rerun": true }
            """);
        var id = await Sweeps.SubmitAsync(sweep, ownerId: null, CancellationToken.None);
        return [.. (await Runs.OfSweepAsync(id, CancellationToken.None)).Select(r => r.Id)];
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

    /// <summary>Waits until runs are over, and looks all the time whether two processes train one of them.</summary>
    internal async Task FinishAsync(IReadOnlyList<long> runIds, TimeSpan limit, Func<Task>? meanwhile = null)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            TrainingProcess.All().GroupBy(p => p.RunId).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty("a run is trained twice at once");
            var left = await Audit.ReadAsync($"SELECT id::text FROM runs WHERE id IN ({string.Join(", ", runIds)}) AND state NOT IN ('Succeeded', 'Failed', 'Cancelled') ORDER BY id");
            if (left.Count == 0) return;
            if (since.Elapsed > limit)
            {
                var first = await DescribeAsync(long.Parse(left[0], CultureInfo.InvariantCulture));
                // The tests that follow would have to train them.
                foreach (var run in left) await Runs.CancelAsync(long.Parse(run, CultureInfo.InvariantCulture), CancellationToken.None);
                throw new InvalidOperationException($"After {limit.TotalSeconds:0} s {left.Count} of {runIds.Count} runs are not over.\n{first}");
            }
            if (meanwhile is not null) await meanwhile();
            await Task.Delay(Limits.Pace);
        }
    }

    /// <summary>All points of a run.</summary>
    internal async Task<IReadOnlyList<Point>> PointsAsync(long runId)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand("SELECT name, step, value FROM metric_points p JOIN metric_names n ON n.id = p.metric_id WHERE run_id = $1");
        command.Parameters.Add(new() { Value = runId });
        await using var reader = await command.ExecuteReaderAsync();
        var points = new List<Point>();
        while (await reader.ReadAsync()) points.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetDouble(2)));
        return points;
    }

    /// <summary>Trains a run by itself, once for all that are the same.</summary>
    internal async Task<UndisturbedRun> UndisturbedAsync(long runId) => await UndisturbedAsync((await RunAsync(runId)).Spec);

    private Task<UndisturbedRun> UndisturbedAsync(RunSpec spec) => _undisturbed.GetOrAdd(spec.Fingerprint(), _ => new(() => UndisturbedRun.TrainAsync(spec))).Value;

    /// <summary>How many epochs of a submitted run last so long on this machine, when it has a core for itself.</summary>
    internal async Task<int> EpochsLastingAsync(TimeSpan time)
    {
        var spec = SpecReader.ReadRun("""
            { "network": "f1", "dataset": "fashion-mnist", "method": "sb", "smallBatch": 64, "batch": 64, "seed": 0, "epochs": 15, "trainExamples": 4096, "device": "cpu" }
            """);
        return (int)Math.Ceiling(time.TotalSeconds / (await UndisturbedAsync(spec)).SecondsPerEpoch);
    }

    /// <summary>Asserts that a run came to what it comes to without faults, with each point once.</summary>
    internal async Task ShouldBeUndisturbedAsync(long runId) =>
        (await UndisturbedAsync(runId)).ShouldBeLike(await RunAsync(runId), await PointsAsync(runId));

    internal async Task<IReadOnlyList<string>> EventsAsync(long runId) =>
        [.. (await Runs.EventsAsync(runId, 200, CancellationToken.None)).Reverse().Select(e => e.Message)];

    private async Task RestartPostgresAfterAsync(Func<Task> meanwhile)
    {
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

    internal async Task<string> DescribeAsync(long runId)
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
