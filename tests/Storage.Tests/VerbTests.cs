using Tracker.Domain;

namespace Tracker.Storage.Tests;

public class VerbTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verbs_on_a_sweep_change_what_they_can_once_and_nothing_the_second_time()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 4));
        var host = await storage.RegisterHostAsync("host");
        await storage.SucceedAsync(runs[0], host, 0.9);
        await storage.StartAsync(runs[1], host);
        (await storage.Sweeps.PauseAsync(sweep, Token)).ShouldBe(new VerbResult(3, 1));
        (await storage.Sweeps.PauseAsync(sweep, Token)).ShouldBe(new VerbResult(0, 4));
        (await storage.Queue.HeldRunsAsync(Token)).ShouldNotContain(runs[2]);
        (await storage.Sweeps.ResumeAsync(sweep, Token)).ShouldBe(new VerbResult(3, 1));
        (await storage.Sweeps.ResumeAsync(sweep, Token)).ShouldBe(new VerbResult(0, 4));
        (await storage.Sweeps.StopAsync(sweep, Token)).ShouldBe(new VerbResult(2, 2));
        (await storage.Sweeps.CancelAsync(sweep, Token)).ShouldBe(new VerbResult(1, 3));
        (await storage.Sweeps.CancelAsync(sweep, Token)).ShouldBe(new VerbResult(0, 4));
        (await storage.Sweeps.RetryAsync(sweep, Token)).ShouldBe(new VerbResult(2, 2));
        var counts = (await storage.Sweeps.FindAsync(sweep, Token)).ShouldNotBeNull().Counts;
        counts.ShouldBe(new RunCounts(Queued: 2, 0, Running: 1, 0, Succeeded: 1, 0, 0));
    }

    [Fact]
    public async Task Verbs_on_what_does_not_exist_answer_nothing()
    {
        (await storage.Runs.PauseAsync(123_456, Token)).ShouldBeNull();
        (await storage.Sweeps.CancelAsync(123_456, Token)).ShouldBeNull();
        (await storage.Runs.FindAsync(123_456, Token)).ShouldBeNull();
        (await storage.Sweeps.FindAsync(123_456, Token)).ShouldBeNull();
        (await storage.Runs.DeleteAsync(123_456, Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task Verbs_that_race_with_a_host_leave_the_run_either_held_or_wished()
    {
        var host = await storage.RegisterHostAsync("host");
        for (var round = 0; round < 15; round++)
        {
            var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next());
            var run = runs[0];
            await storage.AssignAsync(run, host);
            var begin = storage.Attempts.BeginAsync(run, host, Token);
            await Task.WhenAll(begin, storage.Runs.PauseAsync(run, Token), storage.Sweeps.PauseAsync(sweep, Token), storage.Sweeps.PauseAsync(sweep, Token));
            var view = (await storage.Runs.FindAsync(run, Token)).ShouldNotBeNull();
            if (await begin is null) view.State.ShouldBe(RunState.Paused);
            else (view.State, view.Wish).ShouldBe((RunState.Starting, RunWish.Pause));
        }
    }

    [Fact]
    public async Task Of_verbs_that_race_each_other_exactly_one_changes_the_run()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => storage.Runs.CancelAsync(runs[0], Token)));
        results.Sum(r => r!.Changed).ShouldBe(1);
        var retries = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => storage.Runs.RetryAsync(runs[0], Token)));
        retries.Sum(r => r!.Changed).ShouldBe(1);
    }

    [Fact]
    public async Task A_retried_run_goes_on_from_its_checkpoint()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        var host = await storage.RegisterHostAsync("host");
        var first = await storage.StartAsync(runs[0], host);
        await storage.Writer.FlushAsync(runs[0], first.Attempt, new(1, [], null, new(5, "/c", new string('d', 64), 9), []), Token);
        await storage.Attempts.EndAsync(runs[0], first.Attempt, new(AttemptOutcome.Failed, 4, null, "out of memory", FailureKind.OutOfMemory), Token);
        await storage.Runs.RetryAsync(runs[0], Token);
        (await storage.BeginAsync(runs[0], host)).ShouldNotBeNull().Checkpoint.ShouldNotBeNull().Step.ShouldBe(5);
    }

    [Fact]
    public async Task A_run_retried_from_scratch_has_neither_points_nor_checkpoint_but_its_former_attempts()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        var host = await storage.RegisterHostAsync("host");
        foreach (var run in runs)
        {
            var first = await storage.StartAsync(run, host);
            await storage.Writer.FlushAsync(
                run, first.Attempt, new(1, [new(5, 0.1, MetricNames.TrainLoss, 1, 1)], new(5, 20, 0.5, 2, 1000, 5, 1, null, null), new(5, "/c", new string('d', 64), 9), []), Token);
            await storage.Attempts.EndAsync(run, first.Attempt, new(AttemptOutcome.Failed, 5, null, "NaN.", FailureKind.Diverged), Token);
        }
        (await storage.Runs.RetryAsync(runs[0], RetryFrom.Scratch, Token)).ShouldBe(new VerbResult(1, 0));
        (await storage.Sweeps.RetryAsync(sweep, RetryFrom.Scratch, Token)).ShouldBe(new VerbResult(1, 1));
        foreach (var run in runs)
        {
            var view = (await storage.Runs.FindAsync(run, Token)).ShouldNotBeNull();
            (view.State, view.Progress, view.Checkpoint, view.FailureKind, view.StartedAt).ShouldBe((RunState.Queued, null, null, null, null));
            (await storage.BeginAsync(run, host)).ShouldNotBeNull().Checkpoint.ShouldBeNull();
            (await storage.Metrics.SeriesAsync([run], [], 100, MetricAxis.Step, Token)).ShouldBeEmpty();
            (await storage.Runs.AttemptsAsync(run, Token)).Select(a => (a.Attempt, a.FirstStep)).ShouldBe([(2, 0), (1, 0)]);
        }
    }

    [Fact]
    public async Task A_stopped_run_is_cancelled_while_it_waits_and_finishes_when_it_trains()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 3));
        var host = await storage.RegisterHostAsync("host");
        await storage.Runs.PauseAsync(runs[1], Token);
        await storage.StartAsync(runs[2], host);
        (await storage.Runs.StopAsync(runs[0], Token)).ShouldBe(new VerbResult(1, 0));
        (await storage.Runs.StopAsync(runs[1], Token)).ShouldBe(new VerbResult(1, 0));
        (await storage.Runs.StopAsync(runs[2], Token)).ShouldBe(new VerbResult(0, 1));
        (await storage.Runs.StopAsync(runs[0], Token)).ShouldBe(new VerbResult(0, 1));
        var states = new List<RunState>();
        foreach (var run in runs) states.Add(await storage.StateAsync(run));
        states.ShouldBe([RunState.Cancelled, RunState.Cancelled, RunState.Running]);
    }

    [Fact]
    public async Task A_new_priority_is_kept_and_hosts_are_told()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var changes = storage.Get<IChanges>().ListenAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = changes.MoveNextAsync().AsTask();
        // The first notification tells that the listener is there.
        while (!next.IsCompleted)
        {
            await storage.Runs.ChangeAsync(runs[1], "here", null, Token);
            await Task.WhenAny(next, Task.Delay(50, Token));
        }

        (await storage.Runs.ChangeAsync(runs[0], null, null, Priority.High, Token)).ShouldNotBeNull().Priority.ShouldBe(Priority.High);
        while (changes.Current.Kind != ChangeKind.Queue) (await changes.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token)).ShouldBeTrue();
        await storage.Sweeps.ChangeAsync(sweep, null, null, Priority.Low, Token);
        do (await changes.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token)).ShouldBeTrue();
        while (changes.Current.Kind != ChangeKind.Queue);
        foreach (var run in runs) (await storage.Runs.FindAsync(run, Token)).ShouldNotBeNull().Priority.ShouldBe(Priority.Low);
        await stop.CancelAsync();
    }

    [Fact]
    public async Task An_active_run_cannot_be_deleted_and_a_finished_one_goes_to_the_bin_with_its_points()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        var host = await storage.RegisterHostAsync("host");
        var attempt = await storage.StartAsync(runs[0], host);
        await storage.Writer.FlushAsync(runs[0], attempt.Attempt, new(1, [new(1, 0.1, MetricNames.TrainLoss, 1, 1)], null, null, []), Token);
        (await Should.ThrowAsync<InvalidOperationException>(storage.Runs.DeleteAsync(runs[0], Token))).Message.ShouldContain("Cancel it first");
        await storage.Attempts.SucceedAsync(runs[0], attempt.Attempt, Results.With(0.5), Token);
        (await storage.Runs.DeleteAsync(runs[0], Token)).ShouldBeTrue();
        (await storage.Runs.FindAsync(runs[0], Token)).ShouldBeNull();
        await using var command = storage.DataSource.CreateCommand($"SELECT count(*) FROM metric_points WHERE run_id = {runs[0]}");
        (await command.ExecuteScalarAsync(Token)).ShouldBe(1L);
    }

    [Fact]
    public async Task Notes_and_tags_change_one_at_a_time()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        await storage.Runs.ChangeAsync(runs[0], "look again", null, Token);
        var view = (await storage.Runs.ChangeAsync(runs[0], null, ["odd", "keep"], Token)).ShouldNotBeNull();
        (view.Notes, string.Join(' ', view.Tags)).ShouldBe(("look again", "odd keep"));
    }
}
