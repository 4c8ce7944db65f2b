using Tracker.Domain;

namespace Tracker.Storage.Tests;

public class SmokeTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_goes_from_submission_to_the_table()
    {
        var host = await storage.RegisterHostAsync("one");
        var (sweepId, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 3));
        runs.Count.ShouldBe(3);
        var attempt = await storage.StartAsync(runs[0], host);
        await storage.Writer.FlushAsync(runs[0], attempt.Attempt, new(1,
            [new(1, 0.1, "train/loss", 5, 2.3), new(2, 0.2, "train/loss", 9, 2.1)],
            new(2, 20, 0.2, 2, 1000, 10, 2.1, null, null), null, [(EventLevel.Info, "hello")]), Token);
        await storage.Attempts.SucceedAsync(runs[0], attempt.Attempt, Results.With(0.9), Token);
        (await storage.Attempts.EndAsync(runs[0], attempt.Attempt, new(AttemptOutcome.Succeeded, 0, null, null), Token)).ShouldBe(RunState.Succeeded);
        var series = await storage.Metrics.SeriesAsync([runs[0]], [], 100, MetricAxis.Step, Token);
        series.Single().Buckets.Count.ShouldBe(2);
        var table = await storage.Tables.ReadAsync(1, sweepId, Token);
        table.Rows.Single().Cells[0].Statistics!.Mean.ShouldBe(90);
        (await storage.Sweeps.FindAsync(sweepId, Token)).ShouldNotBeNull().Counts.Succeeded.ShouldBe(1);
        (await storage.Sweeps.ListAsync(10, null, Token)).Count.ShouldBe(1);
        (await storage.Sweeps.PlanAsync(SweepsToTest.Next(), Token)).EstimatedSeconds.ShouldNotBeNull();
        (await storage.Queue.HeldRunsAsync(Token)).ShouldBe([runs[1], runs[2]], ignoreOrder: true);
        await storage.Sweeps.PauseAsync(sweepId, Token);
        (await storage.Queue.HeldRunsAsync(Token)).ShouldBeEmpty();
        await storage.Hosts.ListAsync(Token);
        await storage.Runs.CountsAsync(Token);
        await storage.Runs.QueueAsync(10, Token);
    }
}
