using Tracker.Domain;

namespace Tracker.Storage.Tests;

/// <summary>Series that are read from buckets against those that a plain look at all points gives.</summary>
public class SeriesTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private const string Metric = MetricNames.TrainLoss;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 200)]
    public async Task Buckets_are_those_of_the_points_however_the_points_came(int seed, int sparseness)
    {
        var random = new Random(seed);
        var points = Some(random, 20_000 / (sparseness > 100 ? 4 : 1), sparseness);
        var run = await RecordAsync(points, random);
        foreach (var most in (int[])[1, 7, 100, 300, 1000, 50_000])
        {
            var series = await ReadAsync(run, most);
            series.Points.ShouldBe(points.Count);
            series.Buckets.Count.ShouldBeLessThanOrEqualTo(most);
            series.Buckets.ShouldBe(Expected(points, points.Count <= most ? 1 : Width(points[0].Step, points[^1].Step, most)), $"at most {most}");
        }
        await SeriesInvariants.CheckAsync(storage);
    }

    [Fact]
    public async Task While_a_series_grows_only_its_last_bucket_changes()
    {
        var points = Some(new Random(4), 30_000, 1);
        var writer = await StartAsync();
        await writer.FlushAsync(points[..25_000]);
        var before = (await ReadAsync(writer.Run, 500)).Buckets;
        await writer.FlushAsync(points[25_000..]);
        var after = (await ReadAsync(writer.Run, 500)).Buckets;
        before.Count.ShouldBeGreaterThan(300);
        after.Take(before.Count - 1).ShouldBe(before.SkipLast(1));
        after.Count.ShouldBeGreaterThan(before.Count);
    }

    [Fact]
    public async Task A_stretch_comes_in_finer_buckets_with_one_beyond_either_end()
    {
        var points = Some(new Random(5), 40_000, 1);
        var run = await RecordAsync(points, new Random(6));
        foreach (var (from, to) in new (long, long)[] { (10_000, 20_000), (10_001, 10_900), (31, 33), (39_000, 50_000), (0, 700), (17, 17) })
        {
            var series = await ReadAsync(run, 400, from: from, to: to);
            var (first, last) = (Math.Max(from, points[0].Step), Math.Min(to, points[^1].Step));
            var width = Width(first, last, 400);
            var all = Expected(points, width);
            var inside = all.Where(b => b.Step / width >= first / width && b.Step / width <= last / width).ToList();
            var wanted = all.Where(b => b.Step / width < first / width).TakeLast(1).Concat(inside).Concat(all.Where(b => b.Step / width > last / width).Take(1));
            series.Buckets.ShouldBe(wanted, $"from {from} to {to}");
            inside.Count.ShouldBeLessThanOrEqualTo(400);
        }
    }

    [Theory]
    [InlineData(MetricAxis.Epoch, 50.5, 60.25)]
    [InlineData(MetricAxis.Samples, 64_640, 77_120)]
    [InlineData(MetricAxis.Time, 101, 120.5)]
    public async Task A_stretch_can_be_told_on_every_axis(MetricAxis axis, double from, double to)
    {
        var points = Enumerable.Range(0, 20_000).Select(i => Point(i, i)).ToList();
        var run = await RecordAsync(points, new Random(7));
        var buckets = (await ReadAsync(run, 2000, axis, from, to)).Buckets;
        var expected = points.Select(p => Position(axis, p)).Where(x => x >= from && x <= to).ToList();
        expected.Count.ShouldBeGreaterThan(900);
        buckets.Where(b => b.X >= from && b.X <= to).Select(b => b.X).ShouldBe(expected);
        buckets.Count.ShouldBe(expected.Count + 2);
        (buckets[0].X, buckets[^1].X).ShouldBe((Position(axis, points[(int)buckets[1].Step - 1]), Position(axis, points[(int)buckets[^2].Step + 1])));
    }

    [Fact]
    public async Task A_stretch_beside_the_series_has_its_nearest_bucket_alone()
    {
        var run = await RecordAsync(Some(new Random(8), 5000, 1), new Random(8));
        (await ReadAsync(run, 100, from: 1_000_000, to: 2_000_000)).Buckets.ShouldHaveSingleItem().Step.ShouldBe((await ReadAsync(run, 10_000)).Buckets[^1].Step);
        (await ReadAsync(run, 100, MetricAxis.Time, -5, -1)).Buckets[0].Step.ShouldBe(0);
        (await ReadAsync(run, 100, MetricAxis.Time, 1_000_000)).Buckets.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Logarithmic_buckets_hold_every_point_once_and_stay_as_the_series_grows()
    {
        var points = Some(new Random(9), 30_000, 1);
        var writer = await StartAsync();
        await writer.FlushAsync(points[..20_000]);
        var before = await ReadAsync(writer.Run, 200, MetricAxis.LogStep);
        (before.Points, before.Buckets.Count).ShouldBe((20_000, before.Buckets.Count));
        before.Buckets.Count.ShouldBeInRange(80, 200);
        (before.Buckets.Min(b => b.Min), before.Buckets.Max(b => b.Max)).ShouldBe(Extremes(points[..20_000]));
        await writer.FlushAsync(points[20_000..]);
        var after = await ReadAsync(writer.Run, 200, MetricAxis.LogStep);
        after.Points.ShouldBe(30_000);
        after.Buckets.Take(before.Buckets.Count - 1).ShouldBe(before.Buckets.SkipLast(1));
        (after.Buckets.Min(b => b.Min), after.Buckets.Max(b => b.Max)).ShouldBe(Extremes(points));
        var part = await ReadAsync(writer.Run, 200, MetricAxis.LogStep, 1000, 4000);
        part.Buckets.Count(b => b.Step is >= 1000 and <= 4000).ShouldBeGreaterThan(90);
        part.Buckets[0].Step.ShouldBeLessThan(1000);
        part.Buckets[^1].Step.ShouldBeGreaterThan(4000);
    }

    [Fact]
    public async Task Points_beyond_a_checkpoint_leave_no_trace_when_the_run_goes_on_from_there()
    {
        var points = Some(new Random(10), 9000, 1);
        var writer = await StartAsync();
        await writer.FlushAsync(points[..5003], checkpoint: points[5002].Step);
        await writer.FlushAsync(points[5003..]);
        var other = points[5003..8000].ConvertAll(p => p with { Value = -p.Value });
        await writer.BeginAgainAsync();
        await SeriesInvariants.CheckAsync(storage);
        (await ReadAsync(writer.Run, 100)).Points.ShouldBe(5003);
        await writer.FlushAsync(other);
        await SeriesInvariants.CheckAsync(storage);
        List<MetricPoint> all = [.. points[..5003], .. other];
        (await ReadAsync(writer.Run, 300)).Buckets.ShouldBe(Expected(all, Width(all[0].Step, all[^1].Step, 300)));
    }

    [Fact]
    public async Task Evaluations_that_come_again_after_a_checkpoint_leave_no_trace_either()
    {
        var writer = await StartAsync();
        MetricPoint[] points = [Point(10, 1), Point(10, 0.5) with { Name = MetricNames.ValidationAccuracy }, Point(20, 2), Point(20, 0.75) with { Name = MetricNames.ValidationAccuracy }];
        await writer.FlushAsync(points, checkpoint: 20, unevaluated: true);
        await writer.BeginAgainAsync();
        await SeriesInvariants.CheckAsync(storage);
        var series = await storage.Metrics.SeriesAsync([writer.Run], [], 10, MetricAxis.Step, Token);
        series.Select(s => (s.Key, s.Buckets[^1].Step)).ShouldBe([(Metric, 20), (MetricNames.ValidationAccuracy, 10)]);
    }

    [Fact]
    public async Task Nothing_is_left_of_points_whose_run_begins_from_scratch_or_is_purged()
    {
        var points = Some(new Random(11), 5000, 1);
        var writer = await StartAsync();
        await writer.FlushAsync(points);
        await writer.BeginAgainAsync();
        (await storage.Metrics.SeriesAsync([writer.Run], [], 10, MetricAxis.Step, Token)).ShouldBeEmpty();
        (await SeriesInvariants.RowsAsync(storage, writer.Run)).ShouldBe(0);
        await writer.FlushAsync(points[..3000], checkpoint: points[2999].Step);
        await storage.Attempts.DiscardCheckpointAsync(writer.Run, writer.Attempt, "damaged", Token);
        (await SeriesInvariants.RowsAsync(storage, writer.Run)).ShouldBe(0);
        await writer.FlushAsync(points);
        (await SeriesInvariants.RowsAsync(storage, writer.Run)).ShouldBeGreaterThan(100);
        await storage.Attempts.SucceedAsync(writer.Run, writer.Attempt, Results.With(0.5), Token);
        (await storage.Runs.DeleteAsync(writer.Run, Token)).ShouldBeTrue();
        (await SeriesInvariants.RowsAsync(storage, writer.Run)).ShouldBeGreaterThan(100);
        (await storage.Get<IRecycleBin>().PurgeRunAsync(writer.Run, Token)).ShouldBeTrue();
        (await storage.Get<IPurge>().WorkAsync(Token)).ShouldBe(new PurgeResult(1, 0));
        (await SeriesInvariants.RowsAsync(storage, writer.Run)).ShouldBe(0);
    }

    [Fact]
    public async Task Only_long_series_keep_buckets_and_the_levels_are_those_of_the_database()
    {
        var run = await RecordAsync(Some(new Random(12), 1000, 3), new Random(12));
        (await SeriesInvariants.RowsAsync(storage, run)).ShouldBe(1);
        await using var command = storage.DataSource.CreateCommand("SELECT rollup_levels()");
        ((short[])(await command.ExecuteScalarAsync(Token))!).ShouldBe(Storage.Metrics.SeriesUpkeep.Levels);
    }

    [Fact]
    public async Task Values_that_are_no_number_hide_no_extreme_of_their_bucket()
    {
        double[] values = [double.NaN, 3, double.NaN, -2, double.NaN, double.NaN, double.PositiveInfinity, 1];
        var points = Enumerable.Range(0, 4096).Select(i => Point(i, values[i / 512])).ToList();
        var run = await RecordAsync(points, new Random(13));
        (await ReadAsync(run, 4)).Buckets.Select(b => (b.Min, b.Max)).ShouldBe([(3, 3), (-2, -2), (double.NaN, double.NaN), (1, double.PositiveInfinity)]);
        await SeriesInvariants.CheckAsync(storage);
    }

    private async Task<MetricSeries> ReadAsync(long run, int most, MetricAxis axis = MetricAxis.Step, double? from = null, double? to = null) =>
        (await storage.Metrics.SeriesAsync(new([run], [Metric], most, axis) { From = from, To = to }, Token)).ShouldHaveSingleItem();

    private Task<WrittenRun> StartAsync() => WrittenRun.StartAsync(storage);

    private async Task<long> RecordAsync(List<MetricPoint> points, Random random)
    {
        var writer = await StartAsync();
        for (var i = 0; i < points.Count; )
        {
            var count = Math.Min(random.Next(1, 4000), points.Count - i);
            await writer.FlushAsync(points.GetRange(i, count));
            i += count;
        }
        return writer.Run;
    }

    /// <summary>Points with gaps, extremes and values that are no numbers.</summary>
    private static List<MetricPoint> Some(Random random, int count, int sparseness)
    {
        var step = -1L;
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            step += random.Next(1, 2 * sparseness);
            return Point(step, random.Next(1000) switch { 0 => double.NaN, 1 => double.NegativeInfinity, 2 => 1e9, _ => random.NextDouble() });
        })];
    }

    private static MetricPoint Point(long step, double value) => new(step, step / 100.0, Metric, step * 20, value);

    private static double Position(MetricAxis axis, MetricPoint point) =>
        axis switch { MetricAxis.Time => point.WallMs / 1000.0, MetricAxis.Samples => Math.Round((double)(float)point.Epoch * 1280), _ => (float)point.Epoch };

    private static (double, double) Extremes(List<MetricPoint> points) =>
        (points.Where(p => !double.IsNaN(p.Value)).Min(p => p.Value), points.Where(p => !double.IsNaN(p.Value)).Max(p => p.Value));

    private static long Width(long first, long last, int most)
    {
        var width = 1L;
        while ((last / width) - (first / width) + 1 > most) width *= 2;
        return width;
    }

    private static List<MetricBucket> Expected(IEnumerable<MetricPoint> points, long width) => [.. points.GroupBy(p => p.Step / width).Select(bucket =>
    {
        var (last, numbers) = (bucket.MaxBy(p => p.Step), bucket.Select(p => p.Value).Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).ToList());
        return new MetricBucket(last.Step, last.Step, numbers.Min(), numbers.Max(), last.Value);
    })];
}
