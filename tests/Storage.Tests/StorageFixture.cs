using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tracker.Domain;
using Tracker.Tests.Postgres;

namespace Tracker.Storage.Tests;

/// <summary>A database and the services of a process that queues runs, as the web process registers them.</summary>
public sealed class StorageFixture : TestDatabase
{
    private ServiceProvider? _services;

    public ISweeps Sweeps => Get<ISweeps>();

    public IRuns Runs => Get<IRuns>();

    public IAttempts Attempts => Get<IAttempts>();

    public IRunWriter Writer => Get<IRunWriter>();

    public IRunQueue Queue => Get<IRunQueue>();

    public IHosts Hosts => Get<IHosts>();

    public IMetrics Metrics => Get<IMetrics>();

    public ITables Tables => Get<ITables>();

    public ILeaderboards Leaderboards => Get<ILeaderboards>();

    public NpgsqlDataSource DataSource => Get<NpgsqlDataSource>();

    public T Get<T>() where T : notnull => _services!.GetRequiredService<T>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _services = Services().AddRunQueueClient().BuildServiceProvider();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Storage without a job engine, for another process on the same database.</summary>
    public IServiceCollection Services() => new ServiceCollection().AddLogging().AddTrackerStorage(ConnectionString);

    public Task<long> RegisterHostAsync(string name, int cpu = 4, int cuda = 0) => Hosts.RegisterAsync(new(name, "test", 1,
    [
        new(DeviceClass.Cpu, "cpu", "A processor", 1 << 30, 8, cpu),
        .. cuda > 0 ? [new HostDevice(DeviceClass.Cuda, "cuda:0", "A GPU", 1 << 30, 0, cuda)] : Array.Empty<HostDevice>(),
    ], []), Token);

    /// <summary>Submits a sweep and answers the ids of its own runs, in order.</summary>
    public async Task<(long SweepId, IReadOnlyList<long> RunIds)> SubmitAsync(SweepSpec sweep)
    {
        var id = await Sweeps.SubmitAsync(sweep, null, Token);
        var runs = await Runs.OfSweepAsync(id, Token);
        return (id, [.. runs.Where(r => !r.Reused).Select(r => r.Id)]);
    }

    /// <summary>Gives a host's processor to a queued run, whatever the policy would say, and hands it to the engine.</summary>
    public async Task AssignAsync(long runId, long hostId)
    {
        await using var connection = await DataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using (var command = new NpgsqlCommand("UPDATE runs SET assigned = true, host_id = $2, device_name = 'cpu' WHERE id = $1 AND state = 'Queued'", connection, transaction))
        {
            command.Parameters.Add(new() { Value = runId });
            command.Parameters.Add(new() { Value = hostId });
            (await command.ExecuteNonQueryAsync(Token)).ShouldBe(1);
        }
        await Queue.EnqueueAsync(connection, transaction, [new(runId, $"lane of host {hostId}", Priority.Normal, runId)], Token);
        await transaction.CommitAsync(Token);
    }

    /// <summary>Begins a run as a host does; what an earlier process of some host held is lost before.</summary>
    public async Task<StartedAttempt?> BeginAsync(long runId, long hostId)
    {
        var run = await Runs.FindAsync(runId, Token);
        if (run is { State: RunState.Starting or RunState.Running })
            await Attempts.EndAsync(runId, run.Attempt, new(AttemptOutcome.Lost, null, null, "The host vanished.", FailureKind.HostLost), Token);
        if (run is { State: RunState.Queued or RunState.Starting or RunState.Running } && await StateAsync(runId) == RunState.Queued) await AssignAsync(runId, hostId);
        return await Attempts.BeginAsync(runId, hostId, Token);
    }

    /// <summary>Begins a run as a host does, up to the running child.</summary>
    public async Task<StartedAttempt> StartAsync(long runId, long hostId)
    {
        var attempt = (await BeginAsync(runId, hostId)).ShouldNotBeNull();
        await Attempts.ChildStartedAsync(runId, attempt.Attempt, new(4711, 1), Token);
        return attempt;
    }

    /// <summary>Trains a run as far as storage can tell.</summary>
    public Task SucceedAsync(long runId, long hostId, double accuracy) => SucceedAsync(runId, hostId, Results.With(accuracy));

    public async Task SucceedAsync(long runId, long hostId, RunResult result)
    {
        var attempt = await StartAsync(runId, hostId);
        await Attempts.SucceedAsync(runId, attempt.Attempt, result, Token);
        await Attempts.EndAsync(runId, attempt.Attempt, new(AttemptOutcome.Succeeded, 0, null, null), Token);
    }

    /// <summary>Notes that another run was on the device of this one.</summary>
    public async Task ShareAsync(long runId)
    {
        await using var command = DataSource.CreateCommand("UPDATE runs SET shared = true WHERE id = $1");
        command.Parameters.Add(new() { Value = runId });
        (await command.ExecuteNonQueryAsync(Token)).ShouldBe(1);
    }

    public async Task<RunState> StateAsync(long runId) => (await Runs.FindAsync(runId, Token)).ShouldNotBeNull().State;

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}

/// <summary>Results as a child reports them.</summary>
internal static class Results
{
    public static RunResult With(double accuracy) => new(
        accuracy, accuracy, 0.3, 0.2, 100, 1, 10, 2, 1000, 1_462_794, new string('a', 64),
        new Provenance("0.1.0", "1.13.1", "cpu", 2, "host", "Linux", DateTimeOffset.UnixEpoch))
    {
        Diagnostics = [new(DiagnosticNames.Sharpness, 1.5, new Dictionary<string, double> { ["loss"] = 0.01, ["sharpness1e-3"] = 205.14 })],
    };
}

/// <summary>Sweeps to submit; each has a learning rate of its own, so that no test reuses the runs of another.</summary>
internal static class SweepsToTest
{
    private static int s_number;

    public static SweepSpec Next(string extra = "", int seeds = 1)
    {
        var rate = 0.1 + (Interlocked.Increment(ref s_number) / 10_000.0);
        return SpecReader.ReadSweep($$"""
            { "name": "Test", "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "methods": ["sb"], "epochs": 2, "trainExamples": 1280,
              "seeds": [{{string.Join(',', Enumerable.Range(0, seeds))}}], "parameters": { "learningRate": {{rate:R}} } {{extra}} }
            """);
    }
}
