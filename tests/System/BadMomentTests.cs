using System.Diagnostics;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.System.Tests.Support;

namespace Tracker.System.Tests;

[Collection(SharedTracker.Name)]
public sealed class BadMomentTests(TestTracker tracker)
{
    [Fact]
    public async Task A_full_disk_keeps_the_old_checkpoint_and_the_run_goes_on()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A small file system can only be mounted by root.");
        // One checkpoint of F1, weights and momentum, is 11.7 MB: there is room for one.
        await using var disk = await SmallDisk.MountAsync("16m");
        var runId = await tracker.SubmitAsync("disk full", 3);
        await using var host = await tracker.StartHostAsync("disk-full", disk.Path);
        var run = await tracker.WaitAsync(runId, "the run succeeds", r => r.State == RunState.Succeeded, host);

        run.Attempt.ShouldBe(1);
        var events = await tracker.EventsAsync(runId);
        events.ShouldContain(e => e.Contains("could not be written") && e.Contains("The run goes on; the checkpoint of step"), string.Join('\n', events));
        var checkpoint = run.Checkpoint.ShouldNotBeNull();
        checkpoint.Step.ShouldBeLessThan(run.Result.ShouldNotBeNull().Steps);
        new FileInfo(checkpoint.Path).Length.ShouldBe(checkpoint.Bytes);
        Directory.GetFiles(Path.Combine(disk.Path, "runs", $"{runId}")).ShouldBe([checkpoint.Path]);
    }

    [Fact]
    public async Task A_damaged_checkpoint_starts_the_run_from_scratch_and_says_why()
    {
        var runId = await tracker.SubmitAsync("damaged", 3, seed: 3);
        await using (var first = await tracker.StartHostAsync("damaged"))
        {
            await tracker.WaitAsync(runId, "the run trains", r => r.Progress?.Step > 5, first);
            (await first.TerminateAsync()).ShouldBe(0, first.Output);
        }
        var path = (await tracker.RunAsync(runId)).Checkpoint.ShouldNotBeNull().Path;
        await using (var file = File.OpenWrite(path))
        {
            file.Seek(-100, SeekOrigin.End);
            file.Write(new byte[50]);
        }

        await using var second = await tracker.StartHostAsync("damaged");
        await tracker.WaitAsync(runId, "the run succeeds", r => r.State == RunState.Succeeded, second);
        (await tracker.EventsAsync(runId)).ShouldContain(e => e.Contains("is damaged: expected SHA-256"));
        (await tracker.Runs.AttemptsAsync(runId, CancellationToken.None))[0].FirstStep.ShouldBe(0);
        (await tracker.PointsAsync(runId)).Count(p => p is { Name: MetricNames.TrainLoss, Step: 1 }).ShouldBe(1);
    }

    [Fact]
    public async Task A_host_that_cannot_reach_Postgres_says_so_and_ends()
    {
        var clock = Stopwatch.StartNew();
        await using var host = HostProcess.Start("Host=127.0.0.1;Port=1;Username=tracker;Password=secret", tracker.DataDirectory, "alone", "--wait", "1");

        (await host.ExitAsync()).ShouldBe(1);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        host.Output.ShouldContain("Postgres at 127.0.0.1:1 cannot be used: Connection refused");
        host.Output.ShouldContain("TRACKER_DB");
        host.Output.ShouldNotContain("secret");
        host.Output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_host_that_is_asked_to_end_while_Postgres_is_away_ends_and_its_run_goes_on_later()
    {
        var runId = await tracker.SubmitAsync("end without Postgres", 3);
        await using var first = await tracker.StartHostAsync("cut-off");
        await tracker.WaitAsync(runId, "the run trains", r => r.Progress?.Step > 5, first);
        await tracker.StopPostgresAsync(async () =>
        {
            (await first.TerminateAsync()).ShouldBe(1, first.Output);
            first.Output.ShouldContain("other hosts take over");
        });

        await using var second = await tracker.StartHostAsync("cut-off");
        (await tracker.WaitAsync(runId, "the run succeeds", r => r.State == RunState.Succeeded, second)).Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task A_host_that_was_killed_for_good_is_soon_shown_as_lost_and_its_runs_go_to_another_or_wait()
    {
        var runs = new[] { await tracker.SubmitAsync("takeover", 6), await tracker.SubmitAsync("wait", 6, seed: 1) };
        await using var first = await tracker.StartHostAsync("doomed", slots: 2);
        foreach (var run in runs) await tracker.WaitAsync(run, "the run trains", r => r.Progress?.Step > 5, first);
        await using var second = await tracker.StartHostAsync("heir");
        await first.KillAsync();
        var killed = Stopwatch.StartNew();

        await UntilAsync(async () => (await tracker.Hosts.ListAsync(CancellationToken.None)).Single(h => h.Name == "doomed").State == HostState.Lost);
        killed.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
        await tracker.WaitAsync(runs[0], "the earlier run is trained by the other host", r => r is { State: RunState.Running, HostName: "heir" }, second);
        (await tracker.RunAsync(runs[1])).State.ShouldBe(RunState.Queued, "the other host has one slot");
        killed.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));

        await tracker.FinishAsync(runs, Limits.Run);
        foreach (var run in runs)
        {
            (await tracker.Runs.AttemptsAsync(run, CancellationToken.None)).Select(a => (a.HostName, a.Outcome))
                .ShouldBe([("heir", AttemptOutcome.Succeeded), ("doomed", AttemptOutcome.Lost)], second.Output);
            await tracker.ShouldBeUndisturbedAsync(run);
        }
        await tracker.Audit.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_second_host_of_the_same_name_is_refused()
    {
        await using var first = await tracker.StartHostAsync("twin");
        await using var second = HostProcess.Start(tracker.ConnectionString, tracker.DataDirectory, "twin");

        (await second.ExitAsync()).ShouldBe(1);
        second.Output.ShouldContain("'twin' is already running");
    }
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Limits.Start);
        using var timer = new PeriodicTimer(Limits.Pace);
        while (!await holds()) await timer.WaitForNextTickAsync(limit.Token);
    }
}
