using Tracker.Domain;
using Tracker.Storage.Runs;

namespace Tracker.Storage.Tests;

/// <summary>What hosts hold, and who gets it when they return it, fall silent, drain or are removed.</summary>
public sealed class HeldRunTests : Dispatching
{
    [Fact]
    public async Task Nobody_but_the_host_that_was_given_a_run_begins_it()
    {
        var (_, runs) = await SubmitAsync();
        var mine = await Storage.RegisterHostAsync("mine", cpu: 1);
        var other = await Storage.RegisterHostAsync("other", cpu: 1);
        (await Storage.Attempts.BeginAsync(runs[0], mine, Token)).ShouldBeNull();
        await FillAsync(mine);
        (await Storage.Attempts.BeginAsync(runs[0], other, Token)).ShouldBeNull();
        var attempt = (await Storage.Attempts.BeginAsync(runs[0], mine, Token)).ShouldNotBeNull();
        attempt.Device.ShouldBe("cpu");
        (await Storage.Attempts.BeginAsync(runs[0], other, Token)).ShouldBeNull();
        (await Storage.Runs.FindAsync(runs[0], Token)).ShouldNotBeNull().Attempt.ShouldBe(attempt.Attempt);
    }

    [Fact]
    public async Task A_host_returns_what_it_did_not_begin_but_not_what_another_has_been_given_since()
    {
        var (_, runs) = await SubmitAsync();
        await Storage.RegisterHostAsync("former", cpu: 1);
        await FillAsync(await Storage.RegisterHostAsync("present", cpu: 1));
        var back = Storage.Get<RunReturn>();
        await back.ReturnAsync(runs[0], "former", TimeSpan.Zero, Token);
        (await Storage.Queue.HeldRunsAsync(Token)).ShouldBe(runs);
        (await ScalarAsync<bool>($"SELECT assigned FROM runs WHERE id = {runs[0]}")).ShouldBeTrue();
        await back.ReturnAsync(runs[0], "present", TimeSpan.Zero, Token);
        (await Storage.Queue.HeldRunsAsync(Token)).ShouldBeEmpty();
        (await ScalarAsync<bool>($"SELECT assigned FROM runs WHERE id = {runs[0]}")).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_silent_host_holds_waits_again_and_is_fetched_by_another()
    {
        var (_, runs) = await SubmitAsync(seeds: 2);
        var silent = await Storage.RegisterHostAsync("silent", cpu: 2);
        await FillAsync(silent);
        var attempt = (await Storage.Attempts.BeginAsync(runs[0], silent, Token)).ShouldNotBeNull();
        var other = await Storage.RegisterHostAsync("other", cpu: 2);
        (await Dispatcher.RecoverAsync(_ => true, Token)).ShouldBe(0);

        await SilenceAsync(silent);
        (await Storage.Hosts.ListAsync(Token)).Single(h => h.Id == silent).State.ShouldBe(HostState.Lost);
        (await Dispatcher.RecoverAsync(_ => true, Token)).ShouldBe(2);
        (await Dispatcher.RecoverAsync(_ => true, Token)).ShouldBe(0);
        (await FillAsync(other)).ShouldBe(runs);
        var lost = (await Storage.Runs.AttemptsAsync(runs[0], Token)).Single();
        (lost.Attempt, lost.Outcome, lost.Failure).ShouldBe((attempt.Attempt, AttemptOutcome.Lost, FailureKind.HostLost));
        lost.Reason.ShouldNotBeNull().ShouldContain("'silent'");
        (await Storage.Runs.AttemptsAsync(runs[1], Token)).ShouldBeEmpty();
        (await FillAsync(silent)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_that_has_not_long_been_in_contact_with_the_server_takes_nobody_for_lost()
    {
        var (_, runs) = await SubmitAsync();
        var host = await Storage.RegisterHostAsync("host", cpu: 1);
        await FillAsync(host);
        (await Storage.Attempts.BeginAsync(runs[0], host, Token)).ShouldNotBeNull();
        await SilenceAsync(host);
        DateTimeOffset? told = null;
        (await Dispatcher.RecoverAsync(now => { told = now; return false; }, Token)).ShouldBe(0);
        told.ShouldNotBeNull();
        (await Storage.StateAsync(runs[0])).ShouldBe(RunState.Starting);
        (await Dispatcher.RecoverAsync(_ => true, Token)).ShouldBe(1);
    }

    [Fact]
    public async Task A_training_process_that_is_frozen_while_it_sends_points_does_not_keep_its_run()
    {
        var (_, runs) = await SubmitAsync();
        var host = await Storage.RegisterHostAsync("host", cpu: 1);
        await FillAsync(host);
        (await Storage.Attempts.BeginAsync(runs[0], host, Token)).ShouldNotBeNull();
        await SilenceAsync(host);
        await using var frozen = await Storage.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await frozen.BeginTransactionAsync(Token);
        await HoldAsync(transaction, runs[0]);
        await using var points = await frozen.BeginBinaryImportAsync("COPY metric_points FROM STDIN (FORMAT binary)", Token);
        (await Dispatcher.RecoverAsync(_ => true, Token).WaitAsync(TimeSpan.FromSeconds(20), Token)).ShouldBe(1);
        (await Storage.StateAsync(runs[0])).ShouldBe(RunState.Queued);
        (await Should.ThrowAsync<Exception>(async () => await points.CompleteAsync(Token))).ShouldNotBeOfType<OperationCanceledException>();
    }

    [Fact]
    public async Task A_host_waits_only_for_a_moment_for_a_run_that_is_kept_locked_on_its_device()
    {
        var (_, runs) = await SubmitAsync(seeds: 2);
        var host = await Storage.RegisterHostAsync("host", cpu: 2);
        await Storage.AssignAsync(runs[0], host);
        await using (var connection = await Storage.DataSource.OpenConnectionAsync(Token))
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            await HoldAsync(transaction, runs[0]);
            var given = await Should.ThrowAsync<Npgsql.PostgresException>(Dispatcher.FillAsync(host, Token).WaitAsync(TimeSpan.FromSeconds(20), Token));
            given.SqlState.ShouldBe("55P03");
            TransientErrors.IsTransient(given).ShouldBeTrue();
        }
        (await Dispatcher.FillAsync(host, Token)).ShouldBe(1);
    }

    private static async Task HoldAsync(Npgsql.NpgsqlTransaction transaction, long run)
    {
        await using var hold = new Npgsql.NpgsqlCommand($"SELECT FROM runs WHERE id = {run} FOR NO KEY UPDATE", transaction.Connection, transaction);
        await hold.ExecuteNonQueryAsync(Token);
    }

    [Fact]
    public async Task A_host_that_is_heard_of_again_while_it_is_taken_for_lost_keeps_what_it_holds()
    {
        var (_, runs) = await SubmitAsync(seeds: 2);
        var host = await Storage.RegisterHostAsync("host", cpu: 2);
        await FillAsync(host);
        (await Storage.Attempts.BeginAsync(runs[0], host, Token)).ShouldNotBeNull();
        await SilenceAsync(host);
        // Between the look and the recovery, which then finds it alive.
        (await Dispatcher.RecoverAsync(_ => { Storage.Hosts.HeartbeatAsync(host, "", Token).Wait(Token); return true; }, Token)).ShouldBe(0);
        (await Storage.StateAsync(runs[0])).ShouldBe(RunState.Starting);
        (await ScalarAsync<bool>($"SELECT assigned FROM runs WHERE id = {runs[1]}")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_host_that_starts_again_gives_back_what_its_former_process_held()
    {
        var (_, runs) = await SubmitAsync(seeds: 2);
        var host = await Storage.RegisterHostAsync("host", cpu: 2);
        await FillAsync(host);
        await Storage.Attempts.BeginAsync(runs[0], host, Token);
        (await Storage.RegisterHostAsync("host", cpu: 1)).ShouldBe(host);
        (await Storage.Queue.HeldRunsAsync(Token)).ShouldBeEmpty();
        (await FillAsync(host)).ShouldBe([runs[0]]);
    }

    [Fact]
    public async Task A_draining_host_fetches_nothing_and_what_it_has_not_begun_is_taken_back()
    {
        var (_, runs) = await SubmitAsync(seeds: 3);
        var host = await Storage.RegisterHostAsync("host", cpu: 2);
        await FillAsync(host);
        await Storage.Attempts.BeginAsync(runs[0], host, Token);
        await Storage.Hosts.SetDrainAsync(host, drain: true, Token);
        (await Dispatcher.TakeBackAsync(host, Token)).ShouldBe(1);
        (await FillAsync(host)).ShouldBeEmpty();
        await Storage.Hosts.SetDrainAsync(host, drain: false, Token);
        (await FillAsync(host)).ShouldBe([runs[1]]);
    }

    [Fact]
    public async Task A_host_is_removed_only_when_it_is_silent_and_holds_nothing()
    {
        var (_, runs) = await SubmitAsync();
        var host = await Storage.RegisterHostAsync("host", cpu: 1);
        await FillAsync(host);
        (await Should.ThrowAsync<InvalidOperationException>(Storage.Hosts.RemoveAsync(host, Token))).Message.ShouldContain("is up");
        await SilenceAsync(host);
        (await Should.ThrowAsync<InvalidOperationException>(Storage.Hosts.RemoveAsync(host, Token))).Message.ShouldContain("holds 1 run,");
        await Dispatcher.RecoverAsync(_ => true, Token);
        (await Storage.Hosts.RemoveAsync(host, Token)).ShouldBeTrue();
        (await Storage.Hosts.RemoveAsync(host, Token)).ShouldBeFalse();
        (await Storage.Hosts.ListAsync(Token)).ShouldBeEmpty();
        (await Storage.RegisterHostAsync("host", cpu: 1)).ShouldBe(host);
        (await FillAsync(host)).ShouldBe(runs);
    }
}
