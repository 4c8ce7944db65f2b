using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Runs;

namespace Tracker.Storage.Tests;

/// <summary>Each disagreement by itself, and all of them at random.</summary>
public class ReconcilerTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RunReconciler Reconciler => storage.Get<RunReconciler>();

    [Fact]
    public async Task A_queued_run_that_the_engine_lost_waits_again()
    {
        var run = await SubmitAsync();
        await storage.AssignAsync(run, await storage.RegisterHostAsync("forgetful"));
        await TakeFromEngineAsync(run);
        await RepairedAsync(run, "the job engine had lost it; it waits again");
        (await storage.StateAsync(run)).ShouldBe(RunState.Queued);
    }

    [Fact]
    public async Task A_run_that_its_host_does_not_begin_waits_again()
    {
        var run = await SubmitAsync();
        await storage.AssignAsync(run, await storage.RegisterHostAsync("stuck"));
        await ExecuteAsync($"UPDATE runs SET assigned_at = now() - interval '50 seconds' WHERE id = {run}");
        (await Reconciler.RepairAsync(Token)).ShouldBe(0);
        await ExecuteAsync($"UPDATE runs SET assigned_at = now() - interval '70 seconds' WHERE id = {run}");
        await RepairedAsync(run, "had not begun it for a minute; it waits again");
        (await storage.Queue.HeldRunsAsync(Token)).ShouldNotContain(run);
    }

    [Fact]
    public async Task A_run_that_has_begun_is_left_to_its_host_when_the_engine_lost_it()
    {
        var run = await SubmitAsync();
        await storage.StartAsync(run, await storage.RegisterHostAsync("trains"));
        await TakeFromEngineAsync(run);
        (await Reconciler.RepairAsync(Token)).ShouldBe(0);
        (await storage.StateAsync(run)).ShouldBe(RunState.Running);
    }

    [Fact]
    public async Task A_run_that_is_over_or_deleted_is_taken_out_of_the_engine()
    {
        var run = await SubmitAsync();
        await storage.SucceedAsync(run, await storage.RegisterHostAsync("host"), 0.5);
        await ExecuteAsync($"UPDATE runs SET state_since = now() - interval '1 minute' WHERE id = {run}");
        await EnqueueAsync(run);
        await EnqueueAsync(888_888);
        (await Reconciler.RepairAsync(Token)).ShouldBe(2);
        var held = await storage.Queue.HeldRunsAsync(Token);
        held.ShouldNotContain(run);
        held.ShouldNotContain(888_888);
        (await Reconciler.RepairAsync(Token)).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_left_in_the_engine_of_an_execution_of_a_run_that_is_over_is_removed()
    {
        var run = await SubmitAsync();
        await storage.SucceedAsync(run, await storage.RegisterHostAsync("host"), 0.5);
        await ExecuteAsync($"UPDATE runs SET state_since = now() - interval '1 minute' WHERE id = {run}");
        await ExecuteAsync(
            $"""
             INSERT INTO qrtz_fired_triggers (sched_name, entry_id, trigger_name, trigger_group, instance_name, fired_time, sched_time, priority, state, job_name, job_group, is_nonconcurrent, requests_recovery)
             VALUES ('tracker', 'left', '{run}', 'runs', 'host', 1, 1, 5, 'EXECUTING', '{run}', 'runs', false, true)
             """);
        (await storage.Queue.HeldRunsAsync(Token)).ShouldContain(run);
        await RepairedAsync(run, "the job engine still held this run");
    }

    [Fact]
    public async Task What_the_engine_knows_of_a_run_that_is_over_and_not_handed_out_any_more_is_removed()
    {
        var run = await SubmitAsync();
        await storage.SucceedAsync(run, await storage.RegisterHostAsync("host"), 0.5);
        await ExecuteAsync($"UPDATE runs SET state_since = now() - interval '1 minute' WHERE id = {run}");
        await EnqueueAsync(run);
        await ExecuteAsync($"DELETE FROM qrtz_simple_triggers WHERE trigger_name LIKE '{run}-%'; DELETE FROM qrtz_triggers WHERE job_name = '{run}'");
        (await storage.Queue.HeldRunsAsync(Token)).ShouldNotContain(run);
        (await storage.Queue.KnownRunsAsync(Token)).ShouldContain(run);
        await RepairedAsync(run, "the job engine still held this run");
        (await storage.Queue.KnownRunsAsync(Token)).ShouldNotContain(run);
    }

    [Fact]
    public async Task A_run_that_is_recorded_as_training_without_an_attempt_waits_again()
    {
        var run = await SubmitAsync();
        await storage.StartAsync(run, await storage.RegisterHostAsync("host"));
        await ExecuteAsync($"UPDATE attempts SET ended_at = now(), outcome = 'Drained' WHERE run_id = {run}");
        await RepairedAsync(run, "no attempt of it was going on");
        (await storage.StateAsync(run)).ShouldBe(RunState.Queued);
        (await AttemptAsync(run)).ShouldBe((AttemptOutcome.Drained, null));
    }

    [Fact]
    public async Task An_attempt_that_is_open_although_its_run_is_over_is_closed_as_the_run_ended()
    {
        var run = await SubmitAsync();
        await storage.SucceedAsync(run, await storage.RegisterHostAsync("host"), 0.5);
        await ExecuteAsync($"UPDATE attempts SET ended_at = NULL, outcome = NULL WHERE run_id = {run}");
        await RepairedAsync(run, "had been left open; it is closed");
        (await AttemptAsync(run)).ShouldBe((AttemptOutcome.Succeeded, null));
    }

    [Fact]
    public async Task An_attempt_that_is_open_beside_a_newer_one_is_closed_and_the_newer_one_goes_on()
    {
        var run = await SubmitAsync();
        var host = await storage.RegisterHostAsync("host");
        await storage.StartAsync(run, host);
        await storage.StartAsync(run, host);
        await ExecuteAsync($"UPDATE attempts SET ended_at = NULL, outcome = NULL WHERE run_id = {run} AND attempt = 1");
        await RepairedAsync(run, "had been left open; it is closed");
        (await storage.Runs.AttemptsAsync(run, Token)).Select(a => a.Outcome).ShouldBe([null, AttemptOutcome.Lost]);
        await storage.Writer.FlushAsync(run, 2, new(1, [], null, null, []), Token);
    }

    [Fact]
    public async Task A_run_that_counted_fewer_attempts_than_there_are_goes_on_from_the_last()
    {
        var run = await SubmitAsync();
        var host = await storage.RegisterHostAsync("host");
        var first = await storage.StartAsync(run, host);
        await storage.Attempts.EndAsync(run, first.Attempt, new(AttemptOutcome.Drained, 143, null, null), Token);
        await ExecuteAsync($"UPDATE runs SET attempt = 0 WHERE id = {run}");
        await RepairedAsync(run, "it goes on from the last");
        (await storage.BeginAsync(run, host)).ShouldNotBeNull().Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_host_holds_that_has_ended_waits_again()
    {
        var (given, trained) = (await SubmitAsync(), await SubmitAsync());
        var host = await storage.RegisterHostAsync("ended");
        await storage.AssignAsync(given, host);
        await storage.StartAsync(trained, host);
        await ExecuteAsync($"UPDATE hosts SET stopped_at = now() - interval '1 minute' WHERE id = {host}");
        (await Reconciler.RepairAsync(Token)).ShouldBe(2);
        foreach (var run in new[] { given, trained }) (await storage.StateAsync(run)).ShouldBe(RunState.Queued);
        (await AttemptAsync(trained)).ShouldBe((AttemptOutcome.Lost, null));
        (await Invariants.BrokenAsync(storage, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_that_is_held_back_for_years_may_start()
    {
        var run = await SubmitAsync();
        await ExecuteAsync($"UPDATE runs SET not_before = now() + interval '3 years' WHERE id = {run}");
        await RepairedAsync(run, "it may start now");
        (await storage.Runs.FindAsync(run, Token)).ShouldNotBeNull().NotBefore.ShouldBeNull();
    }

    [Fact]
    public async Task A_wish_for_a_run_that_no_host_holds_is_carried_out()
    {
        var (paused, cancelled) = (await SubmitAsync(), await SubmitAsync());
        await ExecuteAsync($"UPDATE runs SET wish = CASE id WHEN {paused} THEN 'Pause' ELSE 'Cancel' END WHERE id IN ({paused}, {cancelled})");
        (await Reconciler.RepairAsync(Token)).ShouldBe(2);
        (await storage.StateAsync(paused)).ShouldBe(RunState.Paused);
        (await storage.StateAsync(cancelled)).ShouldBe(RunState.Cancelled);
    }

    [Fact]
    public async Task The_device_time_of_users_who_are_gone_is_forgotten()
    {
        await ExecuteAsync("INSERT INTO device_usage (owner_id, seconds, as_of) VALUES (777, 5, now()), (0, 5, now()) ON CONFLICT DO NOTHING");
        (await Reconciler.RepairAsync(Token)).ShouldBe(1);
        (await Reconciler.RepairAsync(Token)).ShouldBe(0);
    }

    [Fact]
    public async Task A_repair_is_one_line_of_the_log_with_run_and_attempt()
    {
        using var log = new RecordingLog();
        await using var services = storage.Services().AddRunQueueClient().AddLogging(l => l.AddProvider(log)).BuildServiceProvider();
        var run = await SubmitAsync();
        var host = await storage.RegisterHostAsync("host");
        var first = await storage.StartAsync(run, host);
        await storage.Attempts.EndAsync(run, first.Attempt, new(AttemptOutcome.Drained, 143, null, null), Token);
        await storage.AssignAsync(run, host);
        await TakeFromEngineAsync(run);
        (await services.GetRequiredService<RunReconciler>().RepairAsync(Token)).ShouldBe(1);
        (await log.NextAsync(l => l.Message.Contains("repaired", StringComparison.Ordinal))).Message
            .ShouldBe($"Run {run}, attempt 1 repaired: the job engine had lost it; it waits again.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_is_damaged_one_pass_repairs_and_a_second_finds_nothing(int seed)
    {
        var random = new Random(seed);
        var host = await storage.RegisterHostAsync($"damaged {seed}");
        var twins = new RunTwins(storage);
        var runs = new List<long>();
        foreach (var state in RunTwins.States.Keys) runs.AddRange(await twins.MakeAsync(state, 6, host));
        (await Reconciler.RepairAsync(Token)).ShouldBe(0);

        foreach (var run in runs) await DamageAsync(random, run);
        await ExecuteAsync("UPDATE runs SET state_since = now() - interval '1 minute'");
        (await Invariants.BrokenAsync(storage, Token)).ShouldNotBeEmpty();
        (await Reconciler.RepairAsync(Token)).ShouldBeGreaterThan(0);
        (await Invariants.BrokenAsync(storage, Token)).ShouldBeEmpty();
        (await Reconciler.RepairAsync(Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Ten_thousand_runs_in_order_are_looked_through_in_a_moment()
    {
        await storage.SubmitAsync(SweepsToTest.Next(seeds: 10_000));
        await ExecuteAsync("ANALYZE runs");
        await Reconciler.RepairAsync(Token);
        var since = TimeProvider.System.GetTimestamp();
        (await Reconciler.RepairAsync(Token)).ShouldBe(0);
        // A hundredth of this where nothing else runs; what must not be is a query for each run.
        TimeProvider.System.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(3));
    }

    /// <summary>What a hand in the database or a restored backup could do to a run, within the constraints of its row.</summary>
    private async Task DamageAsync(Random random, long run)
    {
        switch (random.Next(8))
        {
            case 0: await ExecuteAsync($"UPDATE attempts SET ended_at = now(), outcome = 'Drained' WHERE run_id = {run} AND ended_at IS NULL"); break;
            case 1: await ExecuteAsync($"UPDATE attempts SET ended_at = NULL, outcome = NULL WHERE run_id = {run}"); break;
            case 2: await ExecuteAsync($"UPDATE runs SET attempt = attempt - 1 WHERE id = {run} AND state NOT IN ('Succeeded', 'Failed', 'Cancelled')"); break;
            case 3: await ExecuteAsync($"UPDATE runs SET attempt = attempt + 2 WHERE id = {run}"); break;
            case 4: await ExecuteAsync($"UPDATE runs SET wish = 'Pause', not_before = now() + interval '1 year' WHERE id = {run} AND state IN ('Queued', 'Paused')"); break;
            case 5: await ExecuteAsync($"UPDATE runs SET assigned = false, host_id = NULL, state = 'Queued' WHERE id = {run} AND assigned"); break;
            case 6: await TakeFromEngineAsync(run); break;
            default: await EnqueueAsync(run); break;
        }
    }

    private async Task<long> SubmitAsync() => (await storage.SubmitAsync(SweepsToTest.Next())).RunIds[0];

    private async Task<(AttemptOutcome? Outcome, FailureKind? Failure)> AttemptAsync(long run)
    {
        var attempt = (await storage.Runs.AttemptsAsync(run, Token)).Single();
        return (attempt.Outcome, attempt.Failure);
    }

    /// <summary>One pass makes this repair of this run and no other, and tells it; a second one finds nothing.</summary>
    private async Task RepairedAsync(long run, string repair)
    {
        (await Reconciler.RepairAsync(Token)).ShouldBe(1);
        (await storage.Runs.EventsAsync(run, 5, Token)).ShouldContain(e => e.Message.StartsWith("Repaired: ") && e.Message.Contains(repair));
        (await Reconciler.RepairAsync(Token)).ShouldBe(0);
    }

    private Task TakeFromEngineAsync(long run) => InTransactionAsync((connection, transaction) => storage.Queue.RemoveAsync(connection, transaction, [run], Token));

    private Task EnqueueAsync(long run) =>
        InTransactionAsync((connection, transaction) => storage.Queue.EnqueueAsync(connection, transaction, [new(run, "lane", Priority.Normal, 1)], Token));

    private async Task InTransactionAsync(Func<NpgsqlConnection, NpgsqlTransaction, Task> work)
    {
        await using var connection = await storage.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await work(connection, transaction);
        await transaction.CommitAsync(Token);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
