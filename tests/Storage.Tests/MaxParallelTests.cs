using Tracker.Domain;
using Tracker.Storage.Runs;

namespace Tracker.Storage.Tests;

public class MaxParallelTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_engine_sees_only_as_many_runs_as_may_train_at_once_and_the_next_when_one_ends()
    {
        var (_, runs) = await SubmitAsync();
        var host = await storage.RegisterHostAsync("host");
        (await HeldAsync(runs)).ShouldBe([runs[0], runs[1]]);
        await storage.SucceedAsync(runs[0], host, 0.9);
        (await HeldAsync(runs)).ShouldBe([runs[1], runs[2]]);
        var attempt = await storage.StartAsync(runs[1], host);
        await storage.Attempts.EndAsync(runs[1], attempt.Attempt, new(AttemptOutcome.Failed, 3, null, "no data", FailureKind.BadData), Token);
        (await HeldAsync(runs)).ShouldBe([runs[2], runs[3]]);
    }

    [Fact]
    public async Task A_run_that_waits_after_a_crash_leaves_its_place_to_the_next()
    {
        var (_, runs) = await SubmitAsync();
        var host = await storage.RegisterHostAsync("host");
        var attempt = await storage.StartAsync(runs[0], host);
        await storage.Attempts.EndAsync(runs[0], attempt.Attempt, new(AttemptOutcome.Failed, null, 9, "killed", FailureKind.Crashed), Token);
        (await HeldAsync(runs)).ShouldBe([runs[1], runs[2]]);
    }

    [Fact]
    public async Task Pausing_and_cancelling_queued_runs_lets_others_move_up()
    {
        var (_, runs) = await SubmitAsync();
        await storage.Runs.PauseAsync(runs[0], Token);
        (await HeldAsync(runs)).ShouldBe([runs[1], runs[2]]);
        await storage.Runs.CancelAsync(runs[1], Token);
        (await HeldAsync(runs)).ShouldBe([runs[2], runs[3]]);
        await storage.Runs.ResumeAsync(runs[0], Token);
        (await HeldAsync(runs)).ShouldBe([runs[2], runs[3]]);
        await storage.Runs.DeleteAsync(runs[2], Token);
        (await HeldAsync(runs)).ShouldBe([runs[3], runs[4]]);
    }

    [Fact]
    public async Task Runs_that_end_at_the_same_moment_never_let_too_many_in()
    {
        var (_, runs) = await SubmitAsync();
        var host = await storage.RegisterHostAsync("host");
        for (var wave = 0; wave < 4; wave += 2)
        {
            var pair = await HeldAsync(runs);
            pair.Count.ShouldBe(2);
            await Task.WhenAll(pair.Select(run => storage.SucceedAsync(run, host, 0.5)));
        }
        (await HeldAsync(runs)).ShouldBe([runs[4], runs[5]]);
    }

    [Fact]
    public async Task Of_a_long_sweep_the_engine_holds_only_the_next_runs_and_gets_one_for_each_that_leaves()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: QueueRelease.Window + 3));
        (await HeldAsync(runs)).ShouldBe([.. runs.Take(QueueRelease.Window)]);
        await storage.SucceedAsync(runs[0], await storage.RegisterHostAsync("host"), 0.5);
        await storage.Runs.CancelAsync(runs[QueueRelease.Window + 1], Token);
        await storage.Runs.CancelAsync(runs[1], Token);
        (await HeldAsync(runs)).ShouldBe([.. runs.Skip(2).Take(QueueRelease.Window - 1), runs[QueueRelease.Window + 2]]);
    }

    private Task<(long SweepId, IReadOnlyList<long> RunIds)> SubmitAsync() => storage.SubmitAsync(SweepsToTest.Next(""", "maxParallel": 2 """, seeds: 6));

    private async Task<IReadOnlyList<long>> HeldAsync(IReadOnlyList<long> runs) => [.. (await storage.Queue.HeldRunsAsync(Token)).Where(runs.Contains).Order()];
}
