using Tracker.Domain;

namespace Tracker.Storage.Tests;

public class MetricsTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_long_series_is_bucketed_and_no_extreme_is_lost()
    {
        var points = Enumerable.Range(0, 10_000).Select(i => new MetricPoint(i, i / 100.0, MetricNames.TrainLoss, i * 2, Math.Sin(i))).ToArray();
        points[1234] = points[1234] with { Value = 77 };
        points[8765] = points[8765] with { Value = -55 };
        var run = await RecordAsync(points);
        var series = (await storage.Metrics.SeriesAsync([run], [MetricNames.TrainLoss], 100, MetricAxis.Step, Token)).ShouldHaveSingleItem();
        series.Points.ShouldBe(10_000);
        series.Buckets.Count.ShouldBe(79);
        series.Buckets.Max(b => b.Max).ShouldBe(77);
        series.Buckets.Min(b => b.Min).ShouldBe(-55);
        series.Buckets.Select(b => b.Step).ShouldBeInOrder(SortDirection.Ascending);
        series.Buckets.ShouldBe(points.Chunk(128).Select(inside =>
            new MetricBucket(inside[^1].Step, inside[^1].Step, inside.Min(p => p.Value), inside.Max(p => p.Value), inside[^1].Value)));
    }

    [Fact]
    public async Task Buckets_for_a_logarithmic_axis_keep_the_first_steps_apart()
    {
        var run = await RecordAsync([.. Enumerable.Range(1, 10_000).Select(i => new MetricPoint(i, i / 100.0, MetricNames.WeightDistance, i, Math.Log(i)))]);
        var buckets = (await storage.Metrics.SeriesAsync([run], [], 200, MetricAxis.LogStep, Token)).ShouldHaveSingleItem().Buckets;
        buckets.Count.ShouldBeInRange(100, 200);
        buckets.Take(20).Select(b => b.Step).ShouldBe(Enumerable.Range(1, 20).Select(i => (long)i));
        buckets[^1].Step.ShouldBe(10_000);
        buckets.Zip(buckets.Skip(1), (a, b) => b.Max - a.Max).Max().ShouldBeLessThan(0.7);
    }

    [Fact]
    public async Task A_short_series_comes_as_it_is_on_every_axis()
    {
        var run = await RecordAsync([new(10, 1, MetricNames.ValidationAccuracy, 1500, 0.5), new(20, 2, MetricNames.ValidationAccuracy, 3250, 0.625)]);
        foreach (var (axis, expected) in new (MetricAxis, double[])[]
        {
            (MetricAxis.Step, [10, 20]), (MetricAxis.Epoch, [1, 2]), (MetricAxis.Samples, [1280, 2560]), (MetricAxis.Time, [1.5, 3.25]),
        })
        {
            var series = (await storage.Metrics.SeriesAsync([run], [], 2, axis, Token)).ShouldHaveSingleItem();
            series.Buckets.Select(b => b.X).ShouldBe(expected);
            series.Buckets.Select(b => (b.Min, b.Max, b.Last)).ShouldBe([(0.5, 0.5, 0.5), (0.625, 0.625, 0.625)]);
        }
    }

    [Fact]
    public async Task Only_the_runs_and_metrics_asked_for_come_back()
    {
        var one = await RecordAsync([new(1, 0.1, MetricNames.TrainLoss, 1, 1), new(1, 0.1, MetricNames.GradientNorm, 1, 2)]);
        var two = await RecordAsync([new(1, 0.1, MetricNames.TrainLoss, 1, 3)]);
        await RecordAsync([new(1, 0.1, MetricNames.TrainLoss, 1, 4)]);
        var series = await storage.Metrics.SeriesAsync([one, two, one], [MetricNames.TrainLoss, "no such metric"], 10, MetricAxis.Step, Token);
        series.Select(s => (s.RunId, s.Key, s.Buckets[0].Last)).ShouldBe([(one, MetricNames.TrainLoss, 1), (two, MetricNames.TrainLoss, 3)]);
        (await storage.Metrics.SeriesAsync([one], [], 10, MetricAxis.Step, Token)).Select(s => s.Key).ShouldBe([MetricNames.GradientNorm, MetricNames.TrainLoss]);
    }

    [Fact]
    public async Task Values_that_are_no_number_survive()
    {
        var run = await RecordAsync([new(1, 0.1, MetricNames.TrainLoss, 1, double.NaN), new(2, 0.2, MetricNames.TrainLoss, 2, double.PositiveInfinity)]);
        var buckets = (await storage.Metrics.SeriesAsync([run], [], 10, MetricAxis.Step, Token)).Single().Buckets;
        buckets.Select(b => b.Last).ShouldBe([double.NaN, double.PositiveInfinity]);
    }

    private async Task<long> RecordAsync(IReadOnlyList<MetricPoint> points)
    {
        var host = await storage.RegisterHostAsync("host");
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        var attempt = await storage.StartAsync(runs[0], host);
        await storage.Writer.FlushAsync(runs[0], attempt.Attempt, new(1, points, null, null, []), Token);
        return runs[0];
    }
}
