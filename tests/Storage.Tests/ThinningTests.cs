using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Retention;

namespace Tracker.Storage.Tests;

/// <summary>Rules for points and checkpoints.</summary>
public sealed class ThinningTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private const int Points = 20_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IRetention Retention => storage.Get<IRetention>();

    [Fact]
    public async Task A_thinned_series_keeps_least_greatest_and_last_of_each_bucket_and_is_drawn_as_before()
    {
        var old = await RecordAsync(seed: 1);
        var recent = await RecordAsync(seed: 2);
        await EndLongAgoAsync(old);
        var buckets = await BucketsAsync(old);
        var drawn = await DrawnAsync(old);
        var rules = new RetentionRules(null, null) { PointDays = 30 };
        await Retention.ChangeAsync(rules, Token);
        var preview = await Retention.PreviewAsync(rules, Token);
        (preview.PointRuns, preview.Points > Points / 2).ShouldBe((1, true));

        var pass = (await Retention.ApplyAsync(Token)).ShouldNotBeNull();

        pass.Points.ShouldBeGreaterThanOrEqualTo(preview.Points);
        (await ScalarAsync($"SELECT count(*) FROM metric_points WHERE run_id = {old}")).ShouldBe((2 * Points) + 500 - pass.Points);
        (await ScalarAsync($"SELECT count(*) FROM metric_points p JOIN metric_names n ON n.id = p.metric_id WHERE p.run_id = {old} AND n.name = 'validation/loss'")).ShouldBe(Points);
        (await ScalarAsync($"SELECT count(*) FROM metric_points WHERE run_id = {recent}")).ShouldBe((2 * Points) + 500);
        (await BucketsAsync(old)).ShouldBe(buckets);
        (await DrawnAsync(old)).ShouldBe(drawn);
        // Least, greatest and last as the points say that are left.
        (await ScalarAsync(
            $"""
             SELECT count(*) FROM metric_rollups r JOIN LATERAL (
               SELECT count(*) AS n, min(p.value) AS low, -min(-p.value) AS high, max(p.step) AS last FROM metric_points p
               WHERE p.run_id = r.run_id AND p.metric_id = r.metric_id AND p.step BETWEEN r.bucket << r.level AND ((r.bucket + 1) << r.level) - 1
             ) p ON (p.n, p.low, p.high, p.last) IS DISTINCT FROM (r.points::bigint, r.min, r.max, r.step)
             WHERE r.run_id = {old}
             """)).ShouldBe(0);
        await SeriesInvariants.CheckAsync(storage);
        (await Retention.PreviewAsync(rules, Token)).IsEmpty.ShouldBeTrue();
        (await Retention.ApplyAsync(Token)).ShouldNotBeNull().IsEmpty.ShouldBeTrue();
        (await Retention.LastPassAsync(Token)).ShouldNotBeNull().Points.ShouldBe(0);
        await Retention.ChangeAsync(new(null, null), Token);

        await EndLongAgoAsync(recent);
        buckets = await BucketsAsync(recent);
        var parts = new List<int>();
        await new SeriesThinning(storage.Get<TrackerDatabase>(), rowsAtOnce: 5000).GoAsync(30, (_, removed) => { parts.Add(removed); return Task.CompletedTask; }, Token);
        parts.Count(removed => removed > 0).ShouldBe(2);
        (await BucketsAsync(recent)).ShouldBe(buckets);
        await SeriesInvariants.CheckAsync(storage);
    }

    [Fact]
    public async Task Checkpoints_of_the_best_and_the_last_run_of_a_sweep_stay()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 5));
        var host = await storage.RegisterHostAsync("checkpoints");
        double[] accuracies = [0.5, 0.9, 0.6, 0.7, 0.4];
        foreach (var (run, accuracy) in runs.Zip(accuracies)) await storage.SucceedAsync(run, host, accuracy);
        await ExecuteAsync($$"""UPDATE runs SET checkpoint = '{"step": 1, "path": "/data/c", "sha256": "{{new string('c', 64)}}", "bytes": 1000}', finished_at = finished_at - interval '40 days' WHERE sweep_id = {{sweep}}""");
        await ExecuteAsync($"UPDATE runs SET finished_at = now() WHERE id = {runs[3]}");
        (await Retention.SpaceAsync(sweep, Token)).ShouldNotBeNull().CheckpointBytes.ShouldBe(5000);
        var rules = new RetentionRules(null, null) { CheckpointDays = 30 };
        await Retention.ChangeAsync(rules, Token);
        var preview = await Retention.PreviewAsync(rules, Token);
        (preview.Checkpoints, preview.CheckpointBytes).ShouldBe((3, 3000));

        (await Retention.ApplyAsync(Token)).ShouldNotBeNull().Checkpoints.ShouldBe(3);

        var shown = await storage.Runs.OfSweepAsync(sweep, Token);
        shown.Where(r => r.Checkpoint is not null).Select(r => r.Id).ShouldBe([runs[1], runs[3]]);
        shown.ShouldAllBe(r => r.Result != null);
        var discarded = await storage.Get<IDiscardedCheckpoints>().AmongAsync([.. runs, 987_654], Token);
        discarded.Select(d => (d.RunId, d.Purged)).ShouldBe([(runs[0], false), (runs[2], false), (runs[4], false)]);
        (await storage.Get<IAudit>().ReadAsync(new(Action: "retention.apply"), 1, null, Token))[0].After.ShouldNotBeNull().ShouldContain("\"checkpoints\": 3");
        await Retention.ChangeAsync(new(null, null), Token);
    }

    [Fact]
    public async Task A_run_that_begins_again_keeps_what_it_writes_then()
    {
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        await storage.Runs.CancelAsync(runs[0], Token);
        await ExecuteAsync($"INSERT INTO discarded_checkpoints (run_id) VALUES ({runs[0]})");
        var discarded = storage.Get<IDiscardedCheckpoints>();
        (await discarded.AmongAsync(runs, Token)).Count.ShouldBe(1);
        await storage.Runs.RetryAsync(runs[0], Token);
        (await discarded.AmongAsync(runs, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rules_read_back_as_they_were_stated_and_the_bin_has_one_from_the_start()
    {
        (await Retention.RulesAsync(Token)).BinDays.ShouldBe(30);
        var rules = new RetentionRules(1, 2) { PointDays = 3, CheckpointDays = 4, BinDays = 0 };
        await Retention.ChangeAsync(rules, Token);
        (await Retention.RulesAsync(Token)).ShouldBe(rules);
        await Retention.ChangeAsync(new(null, null) { BinDays = null }, Token);
        (await Retention.RulesAsync(Token)).BinDays.ShouldBeNull();
        await Retention.ChangeAsync(new(null, null), Token);
    }

    /// <summary>A run with a long series of each kind and a short one, and ends it.</summary>
    private async Task<long> RecordAsync(int seed)
    {
        var writer = await WrittenRun.StartAsync(storage);
        var random = new Random(seed);
        foreach (var steps in Enumerable.Range(1, Points).Chunk(10_000))
        {
            MetricPoint[] points =
            [
                .. steps.Select(s => new MetricPoint(s, s / 100.0, MetricNames.TrainLoss, s, random.Next(1000) == 0 ? double.NaN : random.Next(50))),
                .. steps.Select(s => new MetricPoint(s, s / 100.0, MetricNames.ValidationLoss, s, random.NextDouble())),
                .. steps.Where(s => s <= 500).Select(s => new MetricPoint(s, s / 100.0, MetricNames.LearningRate, s, 0.1)),
            ];
            await writer.FlushAsync(points);
        }
        await storage.Attempts.SucceedAsync(writer.Run, writer.Attempt, Results.With(0.5), Token);
        return writer.Run;
    }

    private Task EndLongAgoAsync(long run) => ExecuteAsync($"UPDATE runs SET finished_at = now() - interval '40 days' WHERE id = {run}");

    private async Task<IReadOnlyList<string>> BucketsAsync(long run)
    {
        await using var command = storage.DataSource.CreateCommand(
            $"SELECT concat_ws(' ', metric_id, level, bucket, step, epoch, wall_ms, value, min, max) FROM metric_rollups WHERE run_id = {run} ORDER BY 1");
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token)) rows.Add(reader.GetString(0));
        rows.Count.ShouldBeGreaterThan(1000);
        return rows;
    }

    private async Task<IReadOnlyList<(double Min, double Max, long Step)>> DrawnAsync(long run) =>
        [.. (await storage.Metrics.SeriesAsync([run], [MetricNames.TrainLoss], 300, MetricAxis.Step, Token)).Single().Buckets.Select(b => (b.Min, b.Max, b.Step))];

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
