using Tracker.Domain;
using Tracker.System.Tests.Support;

namespace Tracker.System.Tests;

[Collection(SharedTracker.Name)]
public sealed class OutageTests(TestTracker tracker)
{
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_crash = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Runs_lose_nothing_while_Postgres_is_stopped_for_twenty_seconds_and_later_crashes()
    {
        var early = new List<long>();
        while (early.Count < 4) early.Add(await tracker.SubmitAsync($"stopped beneath {early.Count}", epochs: 15));
        var late = await tracker.SubmitAsync("crashed beneath", epochs: 3, seeds: [0, 1, 2, 3], examples: 2048);
        await using var fleet = await Fleet.StartAsync(tracker, slots: 2, "outage-1", "outage-2");
        foreach (var run in early) await tracker.WaitAsync(run, "the first points are there", r => r.Progress?.Step > 20);
        var children = fleet.Up.SelectMany(h => h.Children()).ToList();
        children.Count.ShouldBe(4);
        await tracker.StopPostgresAsync(async () =>
        {
            await Task.Delay(s_stop);
            children.ShouldAllBe(c => HostProcess.IsAlive(c), "training goes on, or waits to record its result");
        });
        await tracker.WaitAsync(late[0], "a later run trains", r => r.State is RunState.Running or RunState.Succeeded);
        await tracker.KillPostgresAsync(() => Task.Delay(s_crash));
        await tracker.FinishAsync([.. early, .. late], Limits.Run);

        foreach (var run in early) (await tracker.RunAsync(run)).Attempt.ShouldBe(1, fleet.Output);
        foreach (var run in (long[])[.. early, .. late]) await tracker.ShouldBeUndisturbedAsync(run);
        await tracker.Audit.ShouldBeCleanAsync();
        foreach (var host in fleet.Up) (await host.TerminateAsync()).ShouldBe(0, host.Output);
    }
}
