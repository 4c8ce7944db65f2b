using Tracker.Domain;
using Tracker.Storage;
using Tracker.System.Tests.Support;

namespace Tracker.System.Tests;

[Collection(SharedTracker.Name)]
public sealed class VerbTests(TestTracker tracker)
{
    // Many times what a host takes to see a wish, on a fast machine too.
    private const int Epochs = 20;

    [Fact]
    public async Task A_run_is_paused_with_a_checkpoint_resumed_from_it_and_cancelled()
    {
        var runId = await tracker.SubmitAsync("verbs", 60);
        await using var host = await tracker.StartHostAsync("verbs");
        await tracker.WaitAsync(runId, "the run trains", r => r.Progress?.Step > 5, host);

        (await tracker.Runs.PauseAsync(runId, CancellationToken.None)).ShouldBe(new VerbResult(1, 0));
        var paused = await tracker.WaitAsync(runId, "the run is paused", r => r.State == RunState.Paused, host, Limits.Start);
        var step = paused.Checkpoint.ShouldNotBeNull().Step;
        step.ShouldBeGreaterThan(5);
        host.Children().ShouldBeEmpty();

        await tracker.Runs.ResumeAsync(runId, CancellationToken.None);
        await tracker.WaitAsync(runId, "the run trains again", r => r.Progress?.Step > step, host);
        (await tracker.Runs.AttemptsAsync(runId, CancellationToken.None))[0].FirstStep.ShouldBe(step);

        await tracker.Runs.CancelAsync(runId, CancellationToken.None);
        var cancelled = await tracker.WaitAsync(runId, "the run is cancelled", r => r.State == RunState.Cancelled, host, Limits.Start);
        cancelled.Result.ShouldBeNull();
        (await tracker.PointsAsync(runId)).ShouldNotBeEmpty();
        host.Children().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_host_that_is_asked_to_end_puts_its_run_back_and_another_finishes_it()
    {
        var runId = await tracker.SubmitAsync("drain", Epochs);
        await using var first = await tracker.StartHostAsync("drain-1");
        await tracker.WaitAsync(runId, "the run trains", r => r.Progress?.Step > 5, first);

        (await first.TerminateAsync()).ShouldBe(0, first.Output);
        var drained = await tracker.RunAsync(runId);
        drained.State.ShouldBe(RunState.Queued, first.Output);
        var step = drained.Checkpoint.ShouldNotBeNull().Step;
        (await tracker.Hosts.ListAsync(CancellationToken.None)).Single(h => h.Name == "drain-1").State.ShouldBe(HostState.Stopped);

        await using var second = await tracker.StartHostAsync("drain-2");
        await tracker.WaitAsync(runId, "the run succeeds", r => r.State == RunState.Succeeded, second);
        var attempts = await tracker.Runs.AttemptsAsync(runId, CancellationToken.None);
        attempts.Select(a => (a.HostName, a.Outcome)).ShouldBe([("drain-2", AttemptOutcome.Succeeded), ("drain-1", AttemptOutcome.Drained)]);
        attempts[0].FirstStep.ShouldBe(step);
    }

    [Fact]
    public async Task A_host_that_a_user_drains_lives_and_takes_runs_again_later()
    {
        var runId = await tracker.SubmitAsync("drain by wish", Epochs);
        await using var host = await tracker.StartHostAsync("wish");
        await tracker.WaitAsync(runId, "the run trains", r => r.Progress?.Step > 5, host);
        var hostId = (await tracker.Hosts.ListAsync(CancellationToken.None)).Single(h => h.Name == "wish").Id;

        await tracker.Hosts.SetDrainAsync(hostId, drain: true, CancellationToken.None);
        await tracker.WaitAsync(runId, "the run is back in the queue", r => r.State == RunState.Queued, host, Limits.Start);
        await tracker.Hosts.SetDrainAsync(hostId, drain: false, CancellationToken.None);
        var done = await tracker.WaitAsync(runId, "the run succeeds", r => r.State == RunState.Succeeded, host);
        done.Attempt.ShouldBe(2);
    }
}
