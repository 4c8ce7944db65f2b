using Tracker.Domain;
using Tracker.System.Tests.Support;

namespace Tracker.System.Tests;

[Collection(SharedTracker.Name)]
public sealed class ExactResumeTests(TestTracker tracker)
{
    private const int Epochs = 15;
    private const int Kills = 12;

    /// <summary>Without a checkpoint in between, a run that crashes for the fourth time or loses its third host is given up, and rightly so.</summary>
    private const int DeathsInARow = 2;

    [Fact]
    public async Task A_run_killed_at_least_ten_times_ends_like_one_that_was_not()
    {
        var runId = await tracker.SubmitAsync("killed", Epochs);
        var random = new Random(2017);
        var host = await tracker.StartHostAsync("killed");
        var (kills, deaths, step) = (0, 0, 0L);
        try
        {
            while (kills < Kills)
            {
                var child = await ChildAsync(host, runId);
                await Task.Delay(random.Next(50, 2200));
                var run = await tracker.RunAsync(runId);
                run.State.IsFinal().ShouldBeFalse($"the run was over after {kills} kills: make it longer");
                if (run.Checkpoint?.Step > step) (step, deaths) = (run.Checkpoint.Step, 0);
                if (deaths == DeathsInARow) continue;
                if (random.Next(3) > 0) HostProcess.KillNow(child);
                else host = await KillHostAsync(host, child);
                deaths++;
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
        await tracker.ShouldBeUndisturbedAsync(runId);
        Directory.GetFiles(Path.Combine(tracker.DataDirectory, "runs", $"{runId}")).ShouldHaveSingleItem("only the last checkpoint is kept");
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
