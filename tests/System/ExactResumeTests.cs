using Tracker.Domain;
using Tracker.System.Tests.Support;

namespace Tracker.System.Tests;

[Collection(SharedTracker.Name)]
public sealed class ExactResumeTests(TestTracker tracker)
{
    private const int Epochs = 15;
    private const int Kills = 12;

    /// <summary>Between kills of the child there is at times no checkpoint; three such crashes in a row are tried again, a fourth is not.</summary>
    private const int CrashesInARow = 2;

    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(20);
    private static long? s_reference;

    [Fact]
    public async Task A_run_killed_at_least_ten_times_ends_like_one_that_was_not()
    {
        var reference = await ReferenceAsync();
        var runId = await tracker.SubmitAsync("killed", Epochs);
        var random = new Random(2017);
        var host = await tracker.StartHostAsync("killed");
        var (kills, crashes, step) = (0, 0, 0L);
        try
        {
            while (kills < Kills)
            {
                var child = await ChildAsync(host, runId);
                await Task.Delay(random.Next(50, 2200));
                var run = await tracker.RunAsync(runId);
                run.State.IsFinal().ShouldBeFalse($"the run was over after {kills} kills: make it longer");
                if (run.Checkpoint?.Step > step) (step, crashes) = (run.Checkpoint.Step, 0);
                if (random.Next(3) > 0 && crashes < CrashesInARow)
                {
                    HostProcess.KillNow(child);
                    crashes++;
                }
                else
                {
                    host = await KillHostAsync(host, child);
                }
                kills++;
            }
            await tracker.WaitAsync(runId, "the run succeeds", r => r.State == RunState.Succeeded, host);
        }
        finally
        {
            await host.DisposeAsync();
        }
        kills.ShouldBeGreaterThanOrEqualTo(10);
        (await tracker.RunAsync(runId)).Attempt.ShouldBeGreaterThan(Kills / 2);
        await tracker.ShouldBeAlikeAsync(reference, runId);
        Directory.GetFiles(Path.Combine(tracker.DataDirectory, "runs", $"{runId}")).ShouldHaveSingleItem("only the last checkpoint is kept");
    }

    [Fact]
    public async Task A_run_during_which_Postgres_was_stopped_loses_nothing()
    {
        var reference = await ReferenceAsync();
        var runId = await tracker.SubmitAsync("outage", Epochs);
        await using var host = await tracker.StartHostAsync("outage");
        await tracker.WaitAsync(runId, "the first points are there", r => r.Progress?.Step > 20, host);
        var child = host.Children().ShouldHaveSingleItem();
        await tracker.StopPostgresAsync(async () =>
        {
            await Task.Delay(s_outage);
            HostProcess.IsAlive(child).ShouldBeTrue("training goes on, or waits to record its result");
        });

        var run = await tracker.WaitAsync(runId, "the run succeeds", r => r.State == RunState.Succeeded, host);
        run.Attempt.ShouldBe(1);
        await tracker.ShouldBeAlikeAsync(reference, runId);
        (await host.TerminateAsync()).ShouldBe(0, host.Output);
    }

    /// <summary>A run that nobody disturbed.</summary>
    private async Task<long> ReferenceAsync()
    {
        if (s_reference is { } known) return known;
        var runId = await tracker.SubmitAsync("reference", Epochs);
        await using var host = await tracker.StartHostAsync("reference");
        var run = await tracker.WaitAsync(runId, "the run succeeds", r => r.State == RunState.Succeeded, host);
        run.Attempt.ShouldBe(1);
        (await host.TerminateAsync()).ShouldBe(0, host.Output);
        s_reference = runId;
        return runId;
    }

    /// <summary>Waits for a training process: the run may be between two attempts.</summary>
    private async Task<int> ChildAsync(HostProcess host, long runId)
    {
        var child = 0;
        await tracker.WaitAsync(runId, "a training process is there", _ => host.Children() is [var first, ..] && (child = first) > 0, host, Limits.Start);
        return child;
    }

    /// <summary>Kills the host; its child must go with it, and a host of the same name takes over.</summary>
    private async Task<HostProcess> KillHostAsync(HostProcess host, int child)
    {
        await host.KillAsync();
        await Task.Delay(Limits.Pace);
        HostProcess.IsAlive(child).ShouldBeFalse("the training process must die with its host");
        await host.DisposeAsync();
        return await tracker.StartHostAsync("killed");
    }
}
