using System.Text.Json;
using Tracker.Domain;

namespace Tracker.Storage.Tests;

public class AttemptTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static readonly AttemptEnd s_crash = new(AttemptOutcome.Failed, null, 9, "Killed by SIGKILL.", FailureKind.Crashed);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_resumed_run_keeps_the_points_up_to_its_checkpoint_and_loses_the_later_ones()
    {
        var (run, host) = await SubmitAsync();
        var first = await storage.StartAsync(run, host);
        await FlushAsync(run, first.Attempt, 1, [1, 2, 3], checkpointAt: 3);
        await FlushAsync(run, first.Attempt, 2, [4, 5]);
        var second = (await storage.BeginAsync(run, host)).ShouldNotBeNull();
        second.Checkpoint.ShouldNotBeNull().Step.ShouldBe(3);
        (await StepsAsync(run)).ShouldBe([1, 2, 3]);
        var view = (await storage.Runs.FindAsync(run, Token)).ShouldNotBeNull();
        view.Progress.ShouldNotBeNull().Step.ShouldBe(3);
        var attempts = await storage.Runs.AttemptsAsync(run, Token);
        attempts.Select(a => a.Outcome).ShouldBe([null, AttemptOutcome.Lost]);
        attempts.Select(a => (a.FirstStep, a.LastStep)).ShouldBe([(3, 3), (0, 5)]);
    }

    [Theory]
    [InlineData("checkpoint-3.safetensors", true)]
    [InlineData("checkpoint-3-unevaluated.safetensors", false)]
    public async Task Validation_points_of_the_checkpoint_s_own_step_stay_only_when_the_checkpoint_is_evaluated(string file, bool stay)
    {
        var (run, host) = await SubmitAsync();
        var first = await storage.StartAsync(run, host);
        await FlushAsync(run, first.Attempt, 1, [1, 2, 3]);
        var evaluated = new MetricPoint(3, 1, MetricNames.ValidationAccuracy, 30, 0.5);
        await storage.Writer.FlushAsync(run, first.Attempt, new(2, [evaluated], null, new CheckpointInfo(3, "/data/" + file, new string('a', 64), 1), []), Token);
        var second = (await storage.BeginAsync(run, host)).ShouldNotBeNull();
        (await StepsAsync(run)).ShouldBe(stay ? [1, 2, 3, 3] : [1, 2, 3]);
        if (!stay) await storage.Writer.FlushAsync(run, second.Attempt, new(1, [evaluated], null, null, []), Token);
        (await StepsAsync(run)).ShouldBe([1, 2, 3, 3]);
    }

    [Fact]
    public async Task A_run_without_a_checkpoint_starts_from_scratch()
    {
        var (run, host) = await SubmitAsync();
        var first = await storage.StartAsync(run, host);
        await FlushAsync(run, first.Attempt, 1, [1, 2]);
        (await storage.BeginAsync(run, host)).ShouldNotBeNull().Checkpoint.ShouldBeNull();
        (await StepsAsync(run)).ShouldBeEmpty();
        (await storage.Runs.FindAsync(run, Token)).ShouldNotBeNull().Progress.ShouldBeNull();
    }

    [Fact]
    public async Task A_discarded_checkpoint_takes_all_points_with_it()
    {
        var (run, host) = await SubmitAsync();
        var first = await storage.StartAsync(run, host);
        await FlushAsync(run, first.Attempt, 1, [1, 2], checkpointAt: 2);
        var second = await storage.StartAsync(run, host);
        await storage.Attempts.DiscardCheckpointAsync(run, second.Attempt, "its SHA-256 differs", Token);
        (await StepsAsync(run)).ShouldBeEmpty();
        (await storage.Runs.FindAsync(run, Token)).ShouldNotBeNull().Checkpoint.ShouldBeNull();
        (await storage.Runs.EventsAsync(run, 1, Token)).Single().Message.ShouldContain("SHA-256");
    }

    [Fact]
    public async Task A_run_that_crashes_four_times_without_a_checkpoint_fails()
    {
        var (run, host) = await SubmitAsync();
        for (var crash = 1; crash <= 3; crash++)
        {
            (await CrashAsync(run, host)).ShouldBe(RunState.Queued);
            var view = (await storage.Runs.FindAsync(run, Token)).ShouldNotBeNull();
            (view.NotBefore.ShouldNotBeNull() - view.StateSince).ShouldBe(TimeSpan.FromSeconds(1 << (crash - 1)));
        }
        (await CrashAsync(run, host)).ShouldBe(RunState.Failed);
        var failed = (await storage.Runs.FindAsync(run, Token)).ShouldNotBeNull();
        failed.FailureKind.ShouldBe(FailureKind.Crashed);
        failed.FailureReason.ShouldBe("Killed by SIGKILL.");
        failed.FinishedAt.ShouldNotBeNull();
        (await storage.Runs.RecentFailuresAsync(10, Token)).ShouldContain(r => r.Id == run);
        (await storage.Queue.HeldRunsAsync(Token)).ShouldNotContain(run);
    }

    [Fact]
    public async Task A_checkpoint_between_crashes_starts_the_count_anew()
    {
        var (run, host) = await SubmitAsync();
        for (var i = 1; i <= 6; i++)
        {
            var attempt = await storage.StartAsync(run, host);
            await FlushAsync(run, attempt.Attempt, 1, [i], checkpointAt: i);
            (await storage.Attempts.EndAsync(run, attempt.Attempt, s_crash, Token)).ShouldBe(RunState.Queued);
        }
    }

    [Theory]
    [InlineData(FailureKind.BadData)]
    [InlineData(FailureKind.Diverged)]
    [InlineData(FailureKind.OutOfMemory)]
    public async Task A_fault_that_would_only_happen_again_is_not_tried_again(FailureKind kind)
    {
        var (run, host) = await SubmitAsync();
        var attempt = await storage.StartAsync(run, host);
        (await storage.Attempts.EndAsync(run, attempt.Attempt, new(AttemptOutcome.Failed, 3, null, "no", kind), Token)).ShouldBe(RunState.Failed);
    }

    [Fact]
    public async Task A_drained_run_goes_back_to_its_place_and_leaves_the_engine()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        var host = await storage.RegisterHostAsync("drains");
        var attempt = await storage.StartAsync(runs[0], host);
        (await storage.Attempts.EndAsync(runs[0], attempt.Attempt, new(AttemptOutcome.Drained, 143, null, null), Token)).ShouldBe(RunState.Queued);
        (await storage.Get<IQueue>().ReadAsync(100, 0, Token)).Entries.Select(e => e.Run.Id).Where(runs.Contains).ShouldBe(runs);
        (await storage.Queue.HeldRunsAsync(Token)).ShouldNotContain(runs[0]);
    }

    [Fact]
    public async Task The_end_of_an_attempt_is_recorded_once()
    {
        var (run, host) = await SubmitAsync();
        var attempt = await storage.StartAsync(run, host);
        (await storage.Attempts.EndAsync(run, attempt.Attempt, s_crash, Token)).ShouldBe(RunState.Queued);
        (await storage.Attempts.EndAsync(run, attempt.Attempt, s_crash with { Reason = "again" }, Token)).ShouldBe(RunState.Queued);
        var recorded = (await storage.Runs.AttemptsAsync(run, Token)).Single();
        recorded.Reason.ShouldBe("Killed by SIGKILL.");
        recorded.Signal.ShouldBe(9);
    }

    [Fact]
    public async Task The_exit_code_of_a_child_that_succeeded_is_kept_and_its_success_stands()
    {
        var (run, host) = await SubmitAsync();
        var attempt = await storage.StartAsync(run, host);
        await storage.Attempts.SucceedAsync(run, attempt.Attempt, Results.With(0.75), Token);
        (await storage.Attempts.EndAsync(run, attempt.Attempt, new(AttemptOutcome.Failed, null, 9, "killed after success", FailureKind.Crashed), Token)).ShouldBe(RunState.Succeeded);
        var recorded = (await storage.Runs.AttemptsAsync(run, Token)).Single();
        recorded.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        recorded.Signal.ShouldBe(9);
        var kept = (await storage.Runs.FindAsync(run, Token)).ShouldNotBeNull().Result;
        JsonSerializer.Serialize(kept).ShouldBe(JsonSerializer.Serialize(Results.With(0.75)));
    }

    [Fact]
    public async Task A_child_that_claims_success_without_a_result_has_failed()
    {
        var (run, host) = await SubmitAsync();
        var attempt = await storage.StartAsync(run, host);
        (await storage.Attempts.EndAsync(run, attempt.Attempt, new(AttemptOutcome.Succeeded, 0, null, null), Token)).ShouldBe(RunState.Queued);
        (await storage.Runs.AttemptsAsync(run, Token)).Single().Outcome.ShouldBe(AttemptOutcome.Failed);
    }

    [Fact]
    public async Task A_run_that_is_not_to_be_trained_is_not_begun()
    {
        var (run, host) = await SubmitAsync();
        await storage.Runs.PauseAsync(run, Token);
        (await storage.BeginAsync(run, host)).ShouldBeNull();
        await storage.Runs.CancelAsync(run, Token);
        (await storage.BeginAsync(run, host)).ShouldBeNull();
        (await storage.BeginAsync(987_654, host)).ShouldBeNull();
        (await storage.StateAsync(run)).ShouldBe(RunState.Cancelled);
    }

    [Fact]
    public async Task A_run_that_had_succeeded_when_its_host_died_leaves_the_engine_when_another_is_handed_it()
    {
        var (run, host) = await SubmitAsync();
        var attempt = await storage.StartAsync(run, host);
        await storage.Attempts.SucceedAsync(run, attempt.Attempt, Results.With(0.75), Token);
        (await storage.Queue.KnownRunsAsync(Token)).ShouldContain(run);
        (await storage.Attempts.BeginAsync(run, await storage.RegisterHostAsync("heir"), Token)).ShouldBeNull();
        (await storage.Queue.KnownRunsAsync(Token)).ShouldNotContain(run);
        (await storage.StateAsync(run)).ShouldBe(RunState.Succeeded);
    }

    [Fact]
    public async Task A_run_whose_specification_is_no_longer_accepted_fails_and_says_why()
    {
        var (run, host) = await SubmitAsync();
        await using (var command = storage.DataSource.CreateCommand($"UPDATE runs SET spec = jsonb_set(spec, '{{network}}', '\"gone\"') WHERE id = {run}"))
        {
            await command.ExecuteNonQueryAsync(Token);
        }
        (await storage.BeginAsync(run, host)).ShouldBeNull();
        var view = (await storage.Runs.FindAsync(run, Token)).ShouldNotBeNull();
        (view.State, view.FailureKind).ShouldBe((RunState.Failed, FailureKind.BadSpecification));
        view.FailureReason.ShouldNotBeNull().ShouldContain("gone");
        (await storage.Queue.HeldRunsAsync(Token)).ShouldNotContain(run);
    }

    [Fact]
    public async Task A_wish_that_the_dead_host_did_not_carry_out_is_carried_out_by_the_next()
    {
        var (run, host) = await SubmitAsync();
        await storage.StartAsync(run, host);
        await storage.Runs.PauseAsync(run, Token);
        (await storage.Attempts.WishesAsync(host, Token))[run].ShouldBe(RunWish.Pause);
        (await storage.BeginAsync(run, host)).ShouldBeNull();
        (await storage.StateAsync(run)).ShouldBe(RunState.Paused);
    }

    [Fact]
    public async Task A_pause_that_is_taken_back_while_the_child_stops_puts_the_run_back_in_the_queue()
    {
        var (run, host) = await SubmitAsync();
        var attempt = await storage.StartAsync(run, host);
        await storage.Runs.PauseAsync(run, Token);
        await storage.Runs.ResumeAsync(run, Token);
        (await storage.Attempts.EndAsync(run, attempt.Attempt, new(AttemptOutcome.Paused, 143, null, null), Token)).ShouldBe(RunState.Queued);
        (await storage.Queue.HeldRunsAsync(Token)).ShouldNotContain(run);
    }

    [Fact]
    public async Task A_run_that_was_cancelled_is_not_tried_again_after_a_crash()
    {
        var (run, host) = await SubmitAsync();
        var attempt = await storage.StartAsync(run, host);
        await storage.Runs.CancelAsync(run, Token);
        (await storage.Attempts.EndAsync(run, attempt.Attempt, s_crash, Token)).ShouldBe(RunState.Cancelled);
    }

    private async Task<(long Run, long Host)> SubmitAsync()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        return (runs[0], await storage.RegisterHostAsync("host"));
    }

    private async Task<RunState> CrashAsync(long run, long host)
    {
        var attempt = await storage.StartAsync(run, host);
        return await storage.Attempts.EndAsync(run, attempt.Attempt, s_crash, Token);
    }

    private Task FlushAsync(long run, int attempt, long sequence, long[] steps, long? checkpointAt = null) => storage.Writer.FlushAsync(run, attempt, new(
        sequence, [.. steps.Select(s => new MetricPoint(s, s / 10.0, MetricNames.TrainLoss, s * 10, 1))],
        new(steps[^1], 20, steps[^1] / 10.0, 2, 1000, 5, 1, null, null),
        checkpointAt is { } step ? new(step, "/data/c", new string('c', 64), 10) : null, []), Token);

    private async Task<long[]> StepsAsync(long run) =>
        [.. (await storage.Metrics.SeriesAsync([run], [], 1000, MetricAxis.Step, Token)).SelectMany(s => s.Buckets).Select(b => b.Step)];
}
