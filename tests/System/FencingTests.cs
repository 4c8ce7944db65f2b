using Tracker.Domain;
using Tracker.Storage;
using Tracker.System.Tests.Support;

namespace Tracker.System.Tests;

/// <summary>A host that is silent for longer than its lease while its run goes on: the run moves, and the old attempt can write nothing more.</summary>
[Collection(SharedTracker.Name)]
public sealed class FencingTests(TestTracker tracker)
{
    /// <summary>Longer than it takes a run to be lost and to start elsewhere.</summary>
    private static readonly TimeSpan s_run = TimeSpan.FromSeconds(24);

    private static readonly TimeSpan s_blink = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_frozen_host_loses_its_run_and_what_its_child_writes_later_is_refused()
    {
        var runId = await tracker.SubmitAsync("frozen", await tracker.EpochsLastingAsync(s_run));
        var undisturbed = tracker.UndisturbedAsync(runId);
        await using var frozen = await tracker.StartHostAsync("frozen");
        await tracker.WaitAsync(runId, "the run trains", r => r.Progress?.Step > 20, frozen);
        await using var heir = await tracker.StartHostAsync("frozen-heir");
        var child = frozen.Children().ShouldHaveSingleItem();
        frozen.Freeze();
        HostProcess.IsAlive(child).ShouldBeTrue("only the host is frozen");

        await ShouldMoveAsync(runId, frozen, heir, "frozen-heir");
        await ShouldEndAsync(child);
        (await tracker.Audit.RefusedWritesAsync(runId)).ShouldBeGreaterThan(0);
        frozen.Thaw();
        await ShouldHaveFinishedAsync(runId, heir, undisturbed);
        await ShouldServeAgainAsync(frozen, heir);
    }

    [Fact]
    public async Task A_host_that_is_cut_off_for_a_moment_keeps_its_run_and_for_long_loses_it()
    {
        await using var network = NetworkCut.Before(tracker.ConnectionString);
        var runId = await tracker.SubmitAsync("cut off", await tracker.EpochsLastingAsync(s_run));
        var undisturbed = tracker.UndisturbedAsync(runId);
        await using var cut = await tracker.StartHostAsync("cut", through: network);
        await tracker.WaitAsync(runId, "the run trains", r => r.Progress?.Step > 20, cut);
        await using var heir = await tracker.StartHostAsync("cut-heir");
        network.Cut();
        await Task.Delay(s_blink);
        network.Heal();
        var step = (await tracker.RunAsync(runId)).Progress.ShouldNotBeNull().Step;
        (await tracker.WaitAsync(runId, "its points come again", r => r.Progress?.Step > step, cut)).Attempt.ShouldBe(1);

        var child = cut.Children().ShouldHaveSingleItem();
        network.Cut();
        await ShouldMoveAsync(runId, cut, heir, "cut-heir");
        HostProcess.IsAlive(child).ShouldBeTrue("it cannot know yet");
        network.Heal();
        await ShouldEndAsync(child);
        await ShouldHaveFinishedAsync(runId, heir, undisturbed);
        await ShouldServeAgainAsync(cut, heir);
    }

    /// <summary>The other host takes the run over, once it is sure.</summary>
    private async Task ShouldMoveAsync(long runId, HostProcess from, HostProcess to, string name)
    {
        var moved = await tracker.WaitAsync(runId, "the other host trains the run", r => r is { Attempt: 2, State: RunState.Running }, to, Limits.Start);
        moved.HostName.ShouldBe(name, from.Output);
        var hosts = await tracker.Hosts.ListAsync(CancellationToken.None);
        hosts.Single(h => h.Name == from.Name).State.ShouldBe(HostState.Lost);
    }

    /// <summary>The child of the lost attempt ends by itself when a write of its is refused.</summary>
    private static async Task ShouldEndAsync(int child)
    {
        using var limit = new CancellationTokenSource(Limits.Start);
        using var timer = new PeriodicTimer(Limits.Pace);
        while (HostProcess.IsAlive(child)) await timer.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>When the other host is gone, the one that is back takes the next run.</summary>
    private async Task ShouldServeAgainAsync(HostProcess back, HostProcess other)
    {
        (await other.TerminateAsync()).ShouldBe(0, other.Output);
        var next = await tracker.SubmitAsync($"after {back.Name}", epochs: 1);
        await tracker.WaitAsync(next, "the next run succeeds", r => r.State == RunState.Succeeded, back);
        var attempt = (await tracker.Runs.AttemptsAsync(next, CancellationToken.None)).ShouldHaveSingleItem();
        (attempt.HostName, attempt.Attempt).ShouldBe((back.Name, 1));
        (await tracker.Hosts.ListAsync(CancellationToken.None)).Single(h => h.Name == back.Name).State.ShouldBe(HostState.Up);
    }

    private async Task ShouldHaveFinishedAsync(long runId, HostProcess heir, Task<UndisturbedRun> undisturbed)
    {
        (await tracker.WaitAsync(runId, "the run succeeds", r => r.State == RunState.Succeeded, heir)).Attempt.ShouldBe(2, await tracker.DescribeAsync(runId));
        (await tracker.Runs.AttemptsAsync(runId, CancellationToken.None)).Select(a => (a.HostName, a.Outcome))
            .ShouldBe([(heir.Name, AttemptOutcome.Succeeded), (heir.Name[..^"-heir".Length], AttemptOutcome.Lost)]);
        await undisturbed;
        await tracker.ShouldBeUndisturbedAsync(runId);
        await tracker.Audit.ShouldBeCleanAsync();
    }
}
