using System.Diagnostics;
using static Tracker.Storage.Tests.External.ReportFixtures;

namespace Tracker.Storage.Tests.External;

public class ReportedPointTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    /// <summary>Long enough for checkpoints and vacuums of the database to come in between.</summary>
    private static readonly TimeSpan s_storm = TimeSpan.FromSeconds(30);

    /// <summary>A run has a limited number of metrics, and a fast machine writes many batches.</summary>
    private const int Names = 1000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_report_twice_adds_nothing()
    {
        var id = await storage.NewRunAsync();
        LoggedMetric[] batch = [At("loss", 3, 0.1), At("loss", 1, double.NaN), At("loss", 1, 0), At("loss", 1, 0), At("acc", 0, 0.5), new("loss", 7, Start - 10, 3)];
        await storage.LogAsync(id, batch);
        var first = await storage.HistoryAsync(id, "loss");
        first.Count.ShouldBe(4);
        var rows = await RowsAsync(id);

        await storage.LogAsync(id, batch);
        await storage.LogAsync(id, [.. batch.Reverse()]);
        foreach (var point in batch) await storage.LogAsync(id, point);

        (await storage.HistoryAsync(id, "loss")).ShouldBe(first);
        (await RowsAsync(id)).ShouldBe(rows);
        await SeriesInvariants.CheckAsync(storage);
    }

    [Fact]
    public async Task The_latest_is_that_of_the_greatest_step_then_time_then_value()
    {
        var id = await storage.NewRunAsync();
        LoggedMetric[] points =
        [
            new("m", 1, Start + 100, 5), new("m", 2, Start + 50, 5), new("m", -3, Start + 100, 5), new("m", double.NaN, Start + 100, 5), new("m", 9, Start + 900, 4),
            new("nan", -1, Start, 0), new("nan", double.NaN, Start, 0), new("nan", 0.5, Start - 1, 0),
        ];
        foreach (var point in points) await storage.LogAsync(id, point);
        var backwards = await storage.NewRunAsync();
        await storage.LogAsync(backwards, [.. points.Reverse()]);

        foreach (var run in new[] { id, backwards })
        {
            var latest = (await storage.FindLoggedAsync(run)).Metrics.ToDictionary(m => m.Key);
            latest["m"].ShouldBe(new LoggedMetric("m", 1, Start + 100, 5));
            latest["nan"].Value.ShouldBe(double.NaN);
            (await storage.HistoryAsync(run, "m", part: 2)).Count.ShouldBe(5);
        }
        await SeriesInvariants.CheckAsync(storage);
    }

    [Fact]
    public async Task Long_series_stay_exact_however_their_points_come()
    {
        var id = await storage.NewRunAsync();
        var random = new Random(5);
        for (var part = 0; part < 8; part++)
            await storage.LogAsync(id, [.. Enumerable.Range(part * 400, 400).SelectMany(s => new[] { At("a", s, random.NextDouble()), At("b", 3 * s, s % 7 == 0 ? double.NaN : s) })]);
        (await storage.CountAsync($"SELECT count(*) FROM metric_latest WHERE run_id = {id} AND finest IS NOT NULL")).ShouldBe(2);
        await SeriesInvariants.CheckAsync(storage);

        // Between, before, over, and behind what is there; the extremes are among what is replaced.
        await storage.LogAsync(id, At("a", 1000, 50));
        await storage.LogAsync(id, At("b", 1000, -1), At("b", -5, 4), At("a", 3500, 0.5));
        await storage.LogAsync(id, new LoggedMetric("a", 0.1, Start + 9999, 1000), new LoggedMetric("b", 2, Start + 9999, 1000));
        for (var i = 0; i < 30; i++)
            await storage.LogAsync(id, [.. Enumerable.Range(0, 40).Select(_ => new LoggedMetric(random.Next(2) == 0 ? "a" : "b", random.Next(5), Start + random.Next(3), random.Next(12_000)))]);
        await SeriesInvariants.CheckAsync(storage);
        (await storage.HistoryAsync(id, "a")).Count.ShouldBeGreaterThan(3400);
    }

    [Fact]
    public async Task Steps_that_are_reported_again_renew_only_the_buckets_that_hold_them()
    {
        var id = await storage.NewRunAsync();
        for (var part = 0; part < 8; part++)
            await storage.LogAsync(id, [.. Enumerable.Range(part * 5000, 5000).Select(s => At("again", s, s % 11 == 0 ? double.NaN : 50_000 - s))]);
        var renewed = $"SELECT count(*) FROM metric_rollups WHERE run_id = {id} AND xmin::text::bigint > ";
        var last = await storage.CountAsync("SELECT txid_current()");

        // Forty steps in two buckets of 32, of 256, of 2,048 and of 16,384 steps; the greatest value is among what they replace.
        await storage.LogAsync(id, [.. Enumerable.Range(16_384 - 20, 40).Append(1).Select(s => new LoggedMetric("again", 1, Start + 60_000 + s, s))]);

        (await storage.CountAsync(renewed + last)).ShouldBe(11);
        (await storage.CountAsync($"SELECT max FROM metric_latest WHERE run_id = {id}")).ShouldBe(50_000 - 2);
        await SeriesInvariants.CheckAsync(storage);
    }

    [Fact]
    public async Task A_history_of_sixty_thousand_points_is_read_in_parts()
    {
        var id = await storage.NewRunAsync();
        for (var part = 0; part < 12; part++)
            await storage.LogAsync(id, [.. Enumerable.Range(part * 5000, 5000).Select(s => new LoggedMetric("loss", s % 3 == 0 ? double.NaN : s, Start + (s / 10), s))]);
        await storage.LogAsync(id, [.. Enumerable.Range(0, 50).Select(s => new LoggedMetric("loss", -s, Start - 1, s * 1000))]);

        var all = await storage.HistoryAsync(id, "loss", part: 25_000);

        all.Count.ShouldBe(60_050);
        all.Distinct().Count().ShouldBe(60_050);
        all.Zip(all.Skip(1)).ShouldAllBe(p => p.First.Timestamp < p.Second.Timestamp || (p.First.Timestamp == p.Second.Timestamp && p.First.Step <= p.Second.Step));
    }

    [Fact]
    public async Task A_history_in_the_order_of_its_steps_is_read_by_them_and_one_that_is_not_by_time()
    {
        var (ordered, still, back) = (await storage.NewRunAsync(), await storage.NewRunAsync(), await storage.NewRunAsync());
        // Three points at each step, times that stand still, and NaN: the parts end within steps.
        LoggedMetric[] points = [.. Enumerable.Range(0, 300).Select(i => new LoggedMetric("loss", i % 7 == 0 ? double.NaN : i % 5, Start + (i / 6), i / 3))];
        await storage.LogAsync(ordered, points);
        // All at one step, as programs log that state none.
        await storage.LogAsync(still, [.. points.Select(p => p with { Step = 0 })]);
        await storage.LogAsync(back, [.. points.Select((p, i) => p with { Timestamp = i == 200 ? Start - 1 : p.Timestamp })]);
        foreach (var (run, bySteps) in new[] { (ordered, true), (still, true), (back, false) })
        {
            var parts = await storage.HistoryAsync(run, "loss", part: 7);
            parts.ShouldBe(await storage.HistoryAsync(run, "loss"));
            ((long)parts.Count).ShouldBe(await storage.CountAsync($"SELECT (SELECT count(*) FROM metric_points WHERE run_id = {run}) + (SELECT count(*) FROM metric_repeats WHERE run_id = {run})"));
            parts.ShouldBe(parts.OrderBy(p => p.Timestamp).ThenBy(p => p.Step).ThenBy(p => double.IsNaN(p.Value)).ThenBy(p => p.Value));
            (await storage.Get<ILoggedRuns>().HistoryAsync(run, "loss", null, 7, Token))!.Next!.Value.BySteps.ShouldBe(bySteps);
        }
    }

    [Fact]
    public async Task Steps_and_times_that_no_chart_could_show_are_refused()
    {
        var id = await storage.NewRunAsync();
        (await Should.ThrowAsync<LogRefusedException>(() => storage.LogAsync(id, new LoggedMetric("m", 1, Start, long.MaxValue)))).Message.ShouldContain("9223372036854775807");
        await Should.ThrowAsync<LogRefusedException>(() => storage.LogAsync(id, new LoggedMetric("m", 1, long.MinValue, 0)));
        await storage.LogAsync(id, new LoggedMetric("m", 1, -(1L << 53), 1L << 53), new LoggedMetric("m", 1, 1L << 53, -(1L << 53)));
        (await storage.Metrics.SeriesAsync(new([id], ["m"], 10, MetricAxis.Step), Token)).Single().Points.ShouldBe(2);
    }

    [Fact]
    public async Task Twenty_writers_neither_lose_nor_repeat_points_nor_block_each_other()
    {
        var experiment = await storage.NewExperimentAsync();
        var shared = await storage.NewRunAsync(experiment);
        var own = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => storage.NewRunAsync(experiment, $"run {i}")));
        var until = Stopwatch.StartNew();
        var written = await Task.WhenAll(Enumerable.Range(0, 20).Select(async writer =>
        {
            var (random, batches) = (new Random(writer), 0);
            for (; until.Elapsed < s_storm; batches++)
            {
                // On the shared run all write the same points, in orders of their own, with names that are new to all at once.
                LoggedMetric[] common = [.. Enumerable.Range(0, 20).Select(i => At($"shared {batches % Names} {i % 4}", (batches / Names * 20) + i, i))];
                random.Shuffle(common);
                await storage.LogAsync(shared, common);
                await storage.LogAsync(own[writer], [.. Enumerable.Range(0, 50).Select(i => At("own", (batches * 50) + i, i))]);
                if (batches % 5 == 0) await storage.LogAsync(shared, ($"p{batches % Names}", "same"));
                if (batches % 7 == 0) await storage.TagAsync(own[(writer + 1) % 20], "tag", $"{batches}");
            }
            return batches;
        }));

        for (var i = 0; i < 20; i++) (await storage.CountAsync($"SELECT points FROM metric_latest WHERE run_id = {own[i]}")).ShouldBe(written[i] * 50L);
        (await storage.CountAsync($"SELECT count(*) FROM metric_points WHERE run_id = {shared}")).ShouldBe(written.Max() * 20L);
        (await storage.CountAsync($"SELECT count(*) FROM metric_repeats WHERE run_id = {shared}")).ShouldBe(0);
        (await storage.CountAsync($"SELECT count(DISTINCT ordinal) FROM sweep_runs WHERE sweep_id = {experiment}")).ShouldBe(21);
        await SeriesInvariants.CheckAsync(storage);
    }

    [Fact]
    public async Task Pages_are_told_of_reports()
    {
        var id = await storage.NewRunAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var heard = ListenAsync(id, end.Token);
        while (!heard.IsCompleted)
        {
            await storage.LogAsync(id, At("loss", 1, 1));
            await Task.WhenAny(heard, Task.Delay(50, Token));
        }
        (await heard).ShouldBeTrue();
    }

    private async Task<bool> ListenAsync(long id, CancellationToken cancellationToken)
    {
        await foreach (var change in storage.Get<IChanges>().ListenAsync(cancellationToken))
            if (change is { Kind: ChangeKind.Run } && change.Id == id) return true;
        return false;
    }

    private Task<long> RowsAsync(long id) => storage.CountAsync(
        $"SELECT (SELECT count(*) FROM metric_points WHERE run_id = {id}) + (SELECT count(*) FROM metric_repeats WHERE run_id = {id})");
}
