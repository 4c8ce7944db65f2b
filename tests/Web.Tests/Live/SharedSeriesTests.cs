using Microsoft.Extensions.Logging.Abstractions;
using Tracker.Domain;
using Tracker.Jobs.Tests.Fakes;
using Tracker.Storage;
using Tracker.Web.Live;
using Tracker.Web.Tests.Views;

namespace Tracker.Web.Tests.Live;

public sealed class SharedSeriesTests
{
    [Fact]
    public async Task Pages_that_know_a_run_alike_read_its_series_once_and_one_that_knows_more_reads_anew()
    {
        var clock = new FakeClock();
        using var reads = new SharedReads(new(clock, NullLogger<LiveHub>.Instance), clock);
        var storage = new CountingMetrics();
        var run = SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "methods": ["sb"] }""")[0] with
        {
            Progress = new(100, 1000, 1, 10, 5000, 60, 0.5, 0.8, 0.8),
        };
        var query = new SeriesQuery([run.Id], [MetricNames.TrainLoss], 300, MetricAxis.Step);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => new SharedSeries(storage, reads, [run]).SeriesAsync(query with { RunIds = [run.Id] }, CancellationToken.None)));
        storage.Count.ShouldBe(1);
        await new SharedSeries(storage, reads, [run with { Progress = run.Progress! with { Step = 101 } }]).SeriesAsync(query, CancellationToken.None);
        storage.Count.ShouldBe(2);
        await new SharedSeries(storage, reads, [run]).SeriesAsync(query with { MaxPoints = 100 }, CancellationToken.None);
        storage.Count.ShouldBe(3);
    }

    private sealed class CountingMetrics : IMetrics
    {
        private int _count;

        public int Count => _count;

        public Task<IReadOnlyList<MetricSeries>> SeriesAsync(SeriesQuery query, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return Task.FromResult<IReadOnlyList<MetricSeries>>([]);
        }
    }
}
