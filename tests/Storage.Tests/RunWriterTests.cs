using Tracker.Domain;

namespace Tracker.Storage.Tests;

public class RunWriterTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flush_that_is_repeated_is_applied_once()
    {
        var (run, attempt) = await StartAsync();
        var flush = Flush(1, 1, 2, 3);
        await storage.Writer.FlushAsync(run, attempt, flush, Token);
        await storage.Writer.FlushAsync(run, attempt, flush, Token);
        (await StepsAsync(run)).ShouldBe([1, 2, 3]);
        (await storage.Runs.EventsAsync(run, 100, Token)).Count(e => e.Message == "flushed").ShouldBe(1);
    }

    [Fact]
    public async Task Two_writers_of_the_same_flush_apply_it_once()
    {
        var (run, attempt) = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => storage.Writer.FlushAsync(run, attempt, Flush(1, 1, 2, 3), Token)));
        (await StepsAsync(run)).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task An_older_attempt_is_fenced_off_and_leaves_no_trace()
    {
        var (run, old) = await StartAsync();
        await storage.Writer.FlushAsync(run, old, Flush(1, 1, 2), Token);
        var host = await storage.RegisterHostAsync("second");
        var newer = (await storage.BeginAsync(run, host)).ShouldNotBeNull();
        newer.Attempt.ShouldBe(old + 1);
        var error = await Should.ThrowAsync<FencedException>(storage.Writer.FlushAsync(run, old, Flush(2, 3, 4), Token));
        error.Attempt.ShouldBe(old);
        (await StepsAsync(run)).ShouldBeEmpty();
        await Should.ThrowAsync<FencedException>(storage.Attempts.SucceedAsync(run, old, Results.With(0.5), Token));
        await Should.ThrowAsync<FencedException>(storage.Attempts.DiscardCheckpointAsync(run, old, "damaged", Token));
        await Should.ThrowAsync<FencedException>(storage.Attempts.ChildStartedAsync(run, old, new(1, 1), Token));
        (await storage.Attempts.EndAsync(run, old, new(AttemptOutcome.Failed, 1, null, "old", FailureKind.BadData), Token)).ShouldBe(RunState.Starting);
    }

    [Fact]
    public async Task Nothing_can_be_written_after_the_end()
    {
        var (run, attempt) = await StartAsync();
        await storage.Attempts.SucceedAsync(run, attempt, Results.With(0.5), Token);
        await storage.Attempts.SucceedAsync(run, attempt, Results.With(0.5), Token);
        await Should.ThrowAsync<FencedException>(storage.Writer.FlushAsync(run, attempt, Flush(1, 1), Token));
        (await storage.Runs.EventsAsync(run, 100, Token)).Count(e => e.Message.StartsWith("Finished", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_flush_with_a_fault_leaves_nothing_behind_and_can_be_repeated_without_it()
    {
        var (run, attempt) = await StartAsync();
        await Should.ThrowAsync<Npgsql.PostgresException>(storage.Writer.FlushAsync(run, attempt, Flush(1, 5, 5), Token));
        (await StepsAsync(run)).ShouldBeEmpty();
        await storage.Writer.FlushAsync(run, attempt, Flush(1, 5, 6), Token);
        (await StepsAsync(run)).ShouldBe([5, 6]);
    }

    [Fact]
    public async Task Progress_and_checkpoint_are_shown_and_stay_when_a_flush_has_none()
    {
        var (run, attempt) = await StartAsync();
        var progress = new RunProgress(7, 20, 0.7, 2, 1234.5, 3.25, double.NaN, 0.5, 0.6);
        var checkpoint = new CheckpointInfo(7, "/data/checkpoint", new string('b', 64), 1000);
        await storage.Writer.FlushAsync(run, attempt, Flush(1, 7) with { Progress = progress, Checkpoint = checkpoint }, Token);
        await storage.Writer.FlushAsync(run, attempt, Flush(2, 8), Token);
        var view = (await storage.Runs.FindAsync(run, Token)).ShouldNotBeNull();
        view.Progress.ShouldBe(progress);
        view.Checkpoint.ShouldBe(checkpoint);
    }

    [Fact]
    public async Task Log_lines_come_back_in_order_and_a_repeated_line_appears_once()
    {
        var (run, attempt) = await StartAsync();
        var lines = Enumerable.Range(1, 5).Select(i => new LogLine(attempt, i, DateTimeOffset.UnixEpoch.AddSeconds(i), EventLevel.Info, $"line {i}\0")).ToList();
        await storage.Writer.AppendLogAsync(run, attempt, lines, Token);
        await storage.Writer.AppendLogAsync(run, attempt, lines[3..], Token);
        (await storage.Runs.LogAsync(run, 0, 0, 2, Token)).Select(l => l.Text).ShouldBe(["line 4", "line 5"]);
        (await storage.Runs.LogAsync(run, attempt, 1, 2, Token)).Select(l => l.Text).ShouldBe(["line 2", "line 3"]);
    }

    private async Task<(long Run, int Attempt)> StartAsync()
    {
        var host = await storage.RegisterHostAsync("first");
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        return (runs[0], (await storage.StartAsync(runs[0], host)).Attempt);
    }

    private static RunFlush Flush(long sequence, params long[] steps) => new(
        sequence, [.. steps.Select(s => new MetricPoint(s, s / 10.0, MetricNames.TrainLoss, s * 10, 1.0 / s))],
        null, null, [(EventLevel.Info, "flushed")]);

    private async Task<long[]> StepsAsync(long run) =>
        [.. (await storage.Metrics.SeriesAsync([run], [MetricNames.TrainLoss], 1000, MetricAxis.Step, Token)).SelectMany(s => s.Buckets).Select(b => b.Step)];
}
