using System.Collections.Concurrent;
using Tracker.Domain;
using Tracker.Storage.Runs;

namespace Tracker.Storage.Tests;

/// <summary>The real job engine on a database of its own for each test, since a host takes every run that it finds.</summary>
public sealed class JobEngineTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly StorageFixture _storage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _storage.InitializeAsync();

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task Runs_start_by_priority_and_then_in_the_order_of_submission()
    {
        var (_, low) = await _storage.SubmitAsync(SweepsToTest.Next(""", "priority": "low" """, seeds: 2));
        var (_, normal) = await _storage.SubmitAsync(SweepsToTest.Next("", seeds: 3));
        var (_, high) = await _storage.SubmitAsync(SweepsToTest.Next(""", "priority": "high" """, seeds: 2));
        await using var host = await TestHost.StartAsync(_storage, "host", new(1, 0));
        (await host.TakeAsync(7)).ShouldBe([.. high, .. normal, .. low]);
    }

    [Fact]
    public async Task A_changed_priority_moves_the_queued_runs()
    {
        var (_, first) = await _storage.SubmitAsync(SweepsToTest.Next("", seeds: 2));
        var (later, second) = await _storage.SubmitAsync(SweepsToTest.Next("", seeds: 2));
        await _storage.Sweeps.ChangeAsync(later, null, null, Priority.High, Token);
        await using var host = await TestHost.StartAsync(_storage, "host", new(1, 0));
        (await host.TakeAsync(4)).ShouldBe([.. second, .. first]);
    }

    [Fact]
    public async Task A_host_takes_no_more_runs_than_it_has_slots_of_their_class()
    {
        await _storage.RegisterHostAsync("gpu", cpu: 1, cuda: 1);
        var (_, cpu) = await _storage.SubmitAsync(SweepsToTest.Next(""", "device": "cpu" """, seeds: 3));
        var (_, cuda) = await _storage.SubmitAsync(SweepsToTest.Next(""", "device": "any" """, seeds: 2));
        await using var host = await TestHost.StartAsync(_storage, "host", new(2, 1), hold: true);
        (await host.TakeAsync(3)).ShouldBe([cpu[0], cpu[1], cuda[0]], ignoreOrder: true);
        host.Executing.ShouldBe(3);
        host.Release(cuda[0]);
        (await host.TakeAsync(1)).ShouldBe([cuda[1]]);
        host.Release(cpu[1]);
        (await host.TakeAsync(1)).ShouldBe([cpu[2]]);
    }

    [Fact]
    public async Task What_is_queued_in_a_transaction_that_is_rolled_back_was_never_queued()
    {
        var (_, runs) = await _storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        await using (var connection = await _storage.DataSource.OpenConnectionAsync(Token))
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            await _storage.Queue.EnqueueAsync(connection, transaction, [new(999_999, DeviceClass.Cpu, Priority.High, 1)], Token);
            await _storage.Queue.RemoveAsync(connection, transaction, [runs[0]], Token);
            await transaction.RollbackAsync(Token);
        }
        (await _storage.Queue.HeldRunsAsync(Token)).ShouldBe(runs, ignoreOrder: true);
    }

    [Fact]
    public async Task A_run_of_a_host_that_dies_is_handed_to_another()
    {
        var (_, runs) = await _storage.SubmitAsync(SweepsToTest.Next());
        var dead = await TestHost.StartAsync(_storage, "dead", new(1, 0), hold: true);
        (await dead.TakeAsync(1)).ShouldBe(runs);
        await dead.VanishAsync();
        await using var host = await TestHost.StartAsync(_storage, "other", new(1, 0));
        (await host.TakeAsync(1)).ShouldBe(runs);
        await dead.DisposeAsync();
    }

    [Fact]
    public async Task A_drained_host_hands_out_nothing_until_it_resumes()
    {
        var (_, runs) = await _storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        await using var host = await TestHost.StartAsync(_storage, "host", new(1, 0), hold: true);
        (await host.TakeAsync(1)).ShouldBe([runs[0]]);
        await host.Engine.DrainAsync(Token).WaitAsync(s_patience, Token);
        host.Executing.ShouldBe(0);
        var (_, urgent) = await _storage.SubmitAsync(SweepsToTest.Next(""", "priority": "high" """));
        await host.Engine.ResumeAsync(Token);
        (await host.TakeAsync(1)).ShouldBe(urgent);
    }

    [Fact]
    public async Task A_run_whose_handler_fails_before_it_begins_goes_back_after_a_while()
    {
        var (_, runs) = await _storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        await using var host = await TestHost.StartAsync(_storage, "host", new(1, 0), failures: 1);
        (await host.TakeAsync(2)).ShouldBe(runs);
        await using (var command = _storage.DataSource.CreateCommand($"UPDATE runs SET not_before = now() WHERE id = {runs[0]} AND state = 'Queued' AND not_before > now()"))
        {
            (await command.ExecuteNonQueryAsync(Token)).ShouldBe(1);
        }
        await _storage.Get<RunReconciler>().ReleaseDueAsync(Token);
        (await host.TakeAsync(1)).ShouldBe([runs[0]]);
    }

    [Fact]
    public async Task A_host_that_comes_back_under_its_name_takes_its_own_runs_again_at_once()
    {
        var (_, runs) = await _storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        var dead = await TestHost.StartAsync(_storage, "host", new(1, 0), hold: true);
        (await dead.TakeAsync(1)).ShouldBe([runs[0]]);
        await dead.VanishAsync();
        await using var host = await TestHost.StartAsync(_storage, "host", new(1, 0));
        (await host.TakeAsync(2)).ShouldBe(runs, ignoreOrder: true);
        await dead.DisposeAsync();
    }

    [Fact]
    public async Task A_run_that_is_put_back_while_it_is_executed_is_handed_out_again_until_it_is_done()
    {
        var (sweep, runs) = await _storage.SubmitAsync(SweepsToTest.Next(""", "maxParallel": 1 """, seeds: 2));
        var hostId = await _storage.RegisterHostAsync("host");
        var drained = false;
        await using var host = await TestHost.StartAsync(_storage, "host", new(2, 0), execute: async runId =>
        {
            var attempt = (await _storage.Attempts.BeginAsync(runId, hostId, "cpu", Token)).ShouldNotBeNull();
            await _storage.Attempts.ChildStartedAsync(runId, attempt.Attempt, 1, Token);
            var drain = !drained;
            drained = true;
            if (!drain) await _storage.Attempts.SucceedAsync(runId, attempt.Attempt, Results.With(0.5), Token);
            await _storage.Attempts.EndAsync(runId, attempt.Attempt, new(drain ? AttemptOutcome.Drained : AttemptOutcome.Succeeded, 0, null, null), Token);
        });
        (await host.TakeAsync(3)).ShouldBe([runs[0], runs[0], runs[1]]);
        await host.IdleAsync();
        (await _storage.Sweeps.FindAsync(sweep, Token)).ShouldNotBeNull().Counts.Succeeded.ShouldBe(2);
        (await _storage.Queue.HeldRunsAsync(Token)).ShouldBeEmpty();
        await using var command = _storage.DataSource.CreateCommand("SELECT (SELECT count(*) FROM qrtz_job_details) + (SELECT count(*) FROM qrtz_fired_triggers)");
        (await command.ExecuteScalarAsync(Token)).ShouldBe(0L);
    }

    [Fact]
    public async Task Two_hosts_share_the_queue_and_no_run_is_handed_out_twice()
    {
        var (_, runs) = await _storage.SubmitAsync(SweepsToTest.Next(seeds: 30));
        var taken = new ConcurrentQueue<long>();
        var all = new TaskCompletionSource();
        Task Note(long run)
        {
            taken.Enqueue(run);
            if (taken.Count >= runs.Count) all.TrySetResult();
            return Task.CompletedTask;
        }
        var one = await TestHost.StartAsync(_storage, "one", new(2, 0), execute: Note);
        var two = await TestHost.StartAsync(_storage, "two", new(2, 0), execute: Note);
        await all.Task.WaitAsync(s_patience, Token);
        await one.DisposeAsync();
        await two.DisposeAsync();
        taken.ShouldBe(runs, ignoreOrder: true);
        (await _storage.Queue.HeldRunsAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_that_crashed_is_handed_out_again_after_its_wait_without_anybody_asking()
    {
        var (_, runs) = await _storage.SubmitAsync(SweepsToTest.Next());
        var hostId = await _storage.RegisterHostAsync("host");
        await using var host = await TestHost.StartAsync(_storage, "host", new(1, 0), upkeep: true, execute: async runId =>
        {
            var attempt = (await _storage.Attempts.BeginAsync(runId, hostId, "cpu", Token)).ShouldNotBeNull();
            await _storage.Attempts.EndAsync(runId, attempt.Attempt, new(AttemptOutcome.Failed, null, 9, "killed", FailureKind.Crashed), Token);
        });
        // The third is noted after the second has begun and ended.
        (await host.TakeAsync(3)).ShouldBe([runs[0], runs[0], runs[0]]);
        var attempts = await _storage.Runs.AttemptsAsync(runs[0], Token);
        (attempts[^2].StartedAt - attempts[^1].EndedAt).ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
    }
}
