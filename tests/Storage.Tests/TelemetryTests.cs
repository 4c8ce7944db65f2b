using Microsoft.Extensions.DependencyInjection;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Runs;
using Tracker.Storage.Telemetry;

namespace Tracker.Storage.Tests;

[Collection(MeterCollection.Name)]
public sealed class TelemetryTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_is_measured_once_however_often_it_is_sent()
    {
        var (run, attempt) = await StartAsync();
        using var measured = new Measurements();
        var flush = Flush(1, 137);
        await storage.Writer.FlushAsync(run, attempt, flush, Token);
        await storage.Writer.FlushAsync(run, attempt, flush, Token);

        measured.Of("tracker.ingest.points").ShouldBe([137]);
        measured.Of("tracker.ingest.flush.size").ShouldBe([137]);
        measured.Of("tracker.ingest.flush.duration").ShouldHaveSingleItem().ShouldBeInRange(1e-5, 60);
    }

    [Fact]
    public async Task An_attempt_is_measured_from_its_wait_to_its_end()
    {
        var host = await storage.RegisterHostAsync("measured");
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        await ExecuteAsync($"UPDATE runs SET state_since = now() - interval '90 seconds' WHERE id = {runs[0]}");
        using var measured = new Measurements();
        await storage.SucceedAsync(runs[0], host, 0.5);
        var second = await storage.StartAsync(runs[1], host);
        await storage.Attempts.EndAsync(runs[1], second.Attempt, new(AttemptOutcome.Failed, 1, null, "no data", FailureKind.BadData), Token);
        await storage.Attempts.EndAsync(runs[1], second.Attempt, new(AttemptOutcome.Failed, 1, null, "no data", FailureKind.BadData), Token);

        measured.Of("tracker.run.wait")[0].ShouldBeInRange(90, 150);
        measured.Of("tracker.run.wait").Count.ShouldBe(2);
        measured.Sums("tracker.run.wait").Keys.ShouldBe(["Cpu"]);
        measured.Sums("tracker.attempts.ended").ShouldBe(new Dictionary<string, double> { ["Succeeded"] = 1, ["Failed BadData"] = 1 }, ignoreOrder: true);
        measured.Sums("tracker.recoveries").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_write_after_the_end_counts_as_refused()
    {
        var (run, attempt) = await StartAsync();
        await storage.Attempts.SucceedAsync(run, attempt, Results.With(0.5), Token);
        await storage.Attempts.EndAsync(run, attempt, new(AttemptOutcome.Succeeded, 0, null, null), Token);
        using var measured = new Measurements();
        await Should.ThrowAsync<FencedException>(storage.Writer.FlushAsync(run, attempt, Flush(1, 1), Token));
        await Should.ThrowAsync<FencedException>(storage.Attempts.DiscardCheckpointAsync(run, attempt, "late", Token));

        measured.Of("tracker.fencing.refusals").Sum().ShouldBe(2);
        measured.Of("tracker.ingest.points").ShouldBeEmpty();
    }

    [Fact]
    public async Task Recoveries_are_counted_by_their_kind()
    {
        var (restarted, lost) = (await storage.RegisterHostAsync("restarted"), await storage.RegisterHostAsync("lost"));
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 4));
        await storage.StartAsync(runs[0], restarted);
        await storage.StartAsync(runs[1], lost);
        await storage.AssignAsync(runs[2], lost);
        await storage.AssignAsync(runs[3], restarted);
        await ExecuteAsync($"UPDATE hosts SET heartbeat_at = now() - interval '1 hour', stopped_at = now() WHERE id = {lost}");
        using var measured = new Measurements();
        await storage.Attempts.BeginAsync(runs[0], restarted, Token);
        await storage.Get<IDispatcher>().RecoverAsync(_ => true, Token);
        await TakeFromEngineAsync(runs[3]);
        await storage.Get<RunReconciler>().RepairAsync(Token);

        measured.Sums("tracker.recoveries").ShouldBe(new Dictionary<string, double> { ["HostRestarted"] = 1, ["HostLost"] = 2, ["Repaired"] = 1 }, ignoreOrder: true);
        measured.Sums("tracker.attempts.ended").Where(e => e.Key.StartsWith("Lost", StringComparison.Ordinal)).Sum(e => e.Value).ShouldBe(2);
    }

    [Fact]
    public async Task What_is_rolled_back_was_never_there()
    {
        using var measured = new Measurements();
        await Should.ThrowAsync<InvalidOperationException>(storage.Get<TrackerDatabase>().TransactAsync(session =>
        {
            SchedulingMetrics.Recovered(session, Recovery.Repaired);
            throw new InvalidOperationException("no");
        }, Token));
        measured.Sums("tracker.recoveries").ShouldBeEmpty();
    }

    [Fact]
    public async Task Queue_and_slots_are_counted_for_the_whole_cluster()
    {
        await ExecuteAsync("DELETE FROM runs");
        await ExecuteAsync("UPDATE hosts SET stopped_at = now()");
        var (cpu, gpu, drained) = (await storage.RegisterHostAsync("cpus", cpu: 3), await storage.RegisterHostAsync("gpus", cpu: 1, cuda: 2), await storage.RegisterHostAsync("drained", cpu: 5));
        await storage.Hosts.SetDrainAsync(drained, drain: true, Token);
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(""", "device": "cpu" """, seeds: 4));
        await storage.SubmitAsync(SweepsToTest.Next(""", "device": "cuda", "priority": "high" """));
        await storage.AssignAsync(runs[0], cpu);
        await storage.StartAsync(runs[1], cpu);
        gpu.ShouldBeGreaterThan(0);

        using var measured = new Measurements();
        SchedulingMetrics.Observed.ShouldBeTrue();
        SchedulingMetrics.Cluster = await ActivatorUtilities.CreateInstance<ClusterWatch>(storage.Get<IServiceProvider>()).CountAsync(Token);
        measured.Observe();

        measured.Sums("tracker.queue.length").ShouldBe(
            new Dictionary<string, double>
            {
                ["Cpu Low"] = 0, ["Cpu Normal"] = 2, ["Cpu High"] = 0, ["Cuda Low"] = 0, ["Cuda Normal"] = 0, ["Cuda High"] = 1,
            }, ignoreOrder: true);
        measured.Sums("tracker.slots.offered").ShouldBe(
            new Dictionary<string, double> { ["cpus Cpu"] = 3, ["gpus Cpu"] = 1, ["gpus Cuda"] = 2, ["drained Cpu"] = 0 }, ignoreOrder: true);
        measured.Sums("tracker.slots.used").ShouldBe(
            new Dictionary<string, double> { ["cpus Cpu"] = 2, ["gpus Cpu"] = 0, ["gpus Cuda"] = 0, ["drained Cpu"] = 0 }, ignoreOrder: true);
    }

    [Fact]
    public void What_is_not_known_is_not_told()
    {
        SchedulingMetrics.Cluster = null;
        using var measured = new Measurements();
        measured.Observe();
        measured.Of("tracker.queue.length").ShouldBeEmpty();
    }

    private async Task<(long Run, int Attempt)> StartAsync()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        return (runs[0], (await storage.StartAsync(runs[0], await storage.RegisterHostAsync("writer"))).Attempt);
    }

    private async Task TakeFromEngineAsync(long run)
    {
        await using var connection = await storage.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await storage.Queue.RemoveAsync(connection, transaction, [run], Token);
        await transaction.CommitAsync(Token);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static RunFlush Flush(long sequence, int points) => new(
        sequence, [.. Enumerable.Range(1, points).Select(s => new MetricPoint(s, s / 10.0, MetricNames.TrainLoss, s * 10, 1.0 / s))], null, null, []);
}
