using Tracker.Domain;

namespace Tracker.Storage.Tests;

/// <summary>What follows each kind of failure, and what is counted against a run.</summary>
public class FailureTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_on_which_three_hosts_vanish_in_a_row_is_quarantined_and_names_them()
    {
        var run = await SubmitAsync();
        foreach (var name in new[] { "alpha", "beta" })
        {
            await LoseAsync(run, name);
            (await storage.StateAsync(run)).ShouldBe(RunState.Queued);
        }
        await LoseAsync(run, "gamma");

        var view = await ViewAsync(run);
        (view.State, view.Quarantined, view.FailureKind).ShouldBe((RunState.Failed, true, FailureKind.HostLost));
        view.FailureReason.ShouldNotBeNull().ShouldStartWith("3 times in a row a host vanished while it held this run ('alpha' at 20");
        view.FailureReason.ShouldMatch("'alpha' at .*'beta' at .*'gamma' at .* UTC");
        (await storage.Runs.EventsAsync(run, 1, Token)).Single().Message.ShouldStartWith("Host lost: 3 times");
        (await storage.Runs.AttemptsAsync(run, Token)).ShouldAllBe(a => a.Outcome == AttemptOutcome.Lost && a.Failure == FailureKind.HostLost);
        (await storage.Queue.HeldRunsAsync(Token)).ShouldNotContain(run);
    }

    [Fact]
    public async Task A_retry_takes_a_run_out_of_quarantine_with_a_fresh_allowance()
    {
        var run = await SubmitAsync();
        for (var i = 0; i < 3; i++) await LoseAsync(run, $"host {i}");
        (await storage.Runs.RetryAsync(run, Token)).ShouldBe(new VerbResult(1, 0));
        (await ViewAsync(run)).Quarantined.ShouldBeFalse();
        for (var i = 0; i < 2; i++) await LoseAsync(run, $"host {i}");
        (await storage.StateAsync(run)).ShouldBe(RunState.Queued);
    }

    [Fact]
    public async Task A_checkpoint_between_lost_hosts_starts_the_count_anew()
    {
        var run = await SubmitAsync();
        for (var i = 1; i <= 4; i++)
        {
            var host = await storage.RegisterHostAsync("hardly");
            var attempt = await storage.StartAsync(run, host);
            await storage.Writer.FlushAsync(run, attempt.Attempt, new(1, [], null, new(i, "/c", new string('d', 64), 9), []), Token);
            await storage.RegisterHostAsync("hardly");
            (await storage.StateAsync(run)).ShouldBe(RunState.Queued);
        }
    }

    [Fact]
    public async Task A_host_that_ends_in_order_does_not_count_against_what_it_still_held()
    {
        var run = await SubmitAsync();
        for (var i = 0; i < 4; i++)
        {
            var host = await storage.RegisterHostAsync("orderly");
            await storage.StartAsync(run, host);
            await storage.Hosts.StoppedAsync(host, "", Token);
            (await storage.StateAsync(run)).ShouldBe(RunState.Queued);
        }
        var attempts = await storage.Runs.AttemptsAsync(run, Token);
        attempts.Count.ShouldBe(4);
        attempts.ShouldAllBe(a => a.Outcome == AttemptOutcome.Lost && a.Failure == null);
    }

    [Fact]
    public async Task A_host_that_falls_silent_is_lost_and_one_that_ended_is_not()
    {
        var (silent, ended) = (await SubmitAsync(), await SubmitAsync());
        var (one, two) = (await storage.RegisterHostAsync("silent"), await storage.RegisterHostAsync("ended"));
        await storage.StartAsync(silent, one);
        await storage.StartAsync(ended, two);
        await ExecuteAsync($"UPDATE hosts SET heartbeat_at = now() - interval '1 hour', stopped_at = CASE WHEN id = {two} THEN now() END WHERE id IN ({one}, {two})");
        await ServerHasBeenUpAsync();

        (await storage.Get<IDispatcher>().RecoverAsync(_ => true, Token)).ShouldBe(2);
        (await storage.Runs.AttemptsAsync(silent, Token)).Single().Failure.ShouldBe(FailureKind.HostLost);
        (await storage.Runs.AttemptsAsync(ended, Token)).Single().Failure.ShouldBeNull();
        (await storage.Get<IDispatcher>().RecoverAsync(_ => true, Token)).ShouldBe(0);
    }

    [Fact]
    public async Task A_run_that_is_to_be_paused_is_paused_when_its_host_vanishes_and_quarantined_all_the_same()
    {
        var run = await SubmitAsync();
        await LoseAsync(run, "a", RunWish.Pause);
        (await storage.StateAsync(run)).ShouldBe(RunState.Paused);
        await storage.Runs.ResumeAsync(run, Token);
        for (var i = 0; i < 2; i++) await LoseAsync(run, "b");
        await LoseAsync(run, "c", RunWish.Pause);
        (await ViewAsync(run)).Quarantined.ShouldBeTrue();
    }

    [Fact]
    public async Task A_database_that_was_away_costs_the_run_nothing()
    {
        var run = await SubmitAsync();
        var host = await storage.RegisterHostAsync("host");
        for (var i = 0; i < 5; i++)
        {
            var attempt = await storage.StartAsync(run, host);
            (await storage.Attempts.EndAsync(run, attempt.Attempt, new(AttemptOutcome.Drained, ExitCodes.DatabaseAway, null, "away", FailureKind.DatabaseAway), Token))
                .ShouldBe(RunState.Queued);
        }
        var view = await ViewAsync(run);
        (view.NotBefore, view.FailureKind).ShouldBe((null, null));
        (await storage.Runs.AttemptsAsync(run, Token)).ShouldAllBe(a => a.Failure == FailureKind.DatabaseAway);
    }

    [Fact]
    public async Task Kills_and_crashes_count_together()
    {
        var run = await SubmitAsync();
        var host = await storage.RegisterHostAsync("host");
        FailureKind[] kinds = [FailureKind.Killed, FailureKind.Crashed, FailureKind.Killed, FailureKind.Crashed];
        var states = new List<RunState>();
        foreach (var kind in kinds)
        {
            var attempt = await storage.StartAsync(run, host);
            states.Add(await storage.Attempts.EndAsync(run, attempt.Attempt, new(AttemptOutcome.Failed, null, 9, "SIGKILL.", kind), Token));
        }
        states.ShouldBe([RunState.Queued, RunState.Queued, RunState.Queued, RunState.Failed]);
    }

    [Fact]
    public async Task Writes_of_an_attempt_that_is_over_are_refused_and_counted_and_told_once()
    {
        var run = await SubmitAsync();
        var host = await storage.RegisterHostAsync("host");
        var first = await storage.StartAsync(run, host);
        await storage.Attempts.EndAsync(run, first.Attempt, new(AttemptOutcome.Lost, null, null, "gone"), Token);
        await RefusedAsync(() => storage.Writer.FlushAsync(run, 1, new(1, [], null, null, []), Token));
        await storage.StartAsync(run, host);
        await RefusedAsync(() => storage.Writer.FlushAsync(run, 1, new(1, [], null, null, []), Token));
        await RefusedAsync(() => storage.Writer.AppendLogAsync(run, 1, [new(1, 1, DateTimeOffset.UnixEpoch, EventLevel.Info, "late")], Token));
        await RefusedAsync(() => storage.Attempts.ChildStartedAsync(run, 1, new(1, 1), Token));
        await RefusedAsync(() => storage.Attempts.DiscardCheckpointAsync(run, 1, "damaged", Token));
        await RefusedAsync(() => storage.Attempts.SucceedAsync(run, 1, Results.With(0.5), Token));

        (await storage.Runs.AttemptsAsync(run, Token)).Select(a => a.RefusedWrites).ShouldBe([0, 6]);
        (await storage.Runs.EventsAsync(run, 100, Token)).Count(e => e.Message == "A write of attempt 1 was refused: it is over.").ShouldBe(1);
        (await storage.Runs.LogAsync(run, 0, 0, 10, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_last_words_of_an_attempt_that_is_over_are_kept_while_no_other_has_begun()
    {
        var run = await SubmitAsync();
        var attempt = await storage.StartAsync(run, await storage.RegisterHostAsync("host"));
        await storage.Attempts.SucceedAsync(run, attempt.Attempt, Results.With(0.5), Token);
        await storage.Writer.AppendLogAsync(run, attempt.Attempt, [new(1, 1, DateTimeOffset.UnixEpoch, EventLevel.Info, "done")], Token);
        (await storage.Runs.LogAsync(run, 0, 0, 10, Token)).Single().Text.ShouldBe("done");
    }

    private static async Task RefusedAsync(Func<Task> write) => (await Should.ThrowAsync<FencedException>(write())).Attempt.ShouldBe(1);

    private async Task<long> SubmitAsync() => (await storage.SubmitAsync(SweepsToTest.Next())).RunIds[0];

    /// <summary>Begins the run on a host whose process is then started again, without having ended in order.</summary>
    private async Task LoseAsync(long run, string name, RunWish wish = RunWish.None)
    {
        await storage.StartAsync(run, await storage.RegisterHostAsync(name));
        if (wish == RunWish.Pause) await storage.Runs.PauseAsync(run, Token);
        await storage.RegisterHostAsync(name);
    }

    private async Task<RunView> ViewAsync(long run) => (await storage.Runs.FindAsync(run, Token)).ShouldNotBeNull();

    /// <summary>Silence counts from the server's start at the earliest, which the tests' own server may just have made.</summary>
    private async Task ServerHasBeenUpAsync()
    {
        await using var command = storage.DataSource.CreateCommand(
            "SELECT pg_sleep(greatest(0, @lost + 0.1 - extract(epoch FROM now() - pg_postmaster_start_time())))");
        command.Parameters.AddWithValue("lost", HostView.LostAfter.TotalSeconds);
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
