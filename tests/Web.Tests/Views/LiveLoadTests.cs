using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

/// <summary>What a live page reads anew, and what it keeps.</summary>
public sealed class LiveLoadTests
{
    private static readonly SeriesQuery s_query = new([], [MetricNames.TrainLoss], 100, MetricAxis.Step);
    private static readonly IReadOnlyList<RunView> s_runs = SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "seeds": [0, 1, 2] }""");

    [Fact]
    public void A_change_counts_as_shown_only_when_something_loaded_after_it_is_shown()
    {
        var changed = new ChangedRuns();
        changed.Add(1);
        changed.Add(2);
        var first = changed.Look();
        changed.Add(2);
        changed.AddAll();
        changed.Shown(first);
        changed.Look().Runs.ShouldBe([2L]);
        changed.Look().All.ShouldBeTrue();
        changed.Shown(changed.Look());
        (changed.Look().Runs.Count, changed.Look().All).ShouldBe((0, false));
    }

    [Fact]
    public async Task Only_the_series_of_runs_that_have_moved_are_read_again()
    {
        var metrics = new Recorder();
        var kept = await KeptSeries.None.NextAsync(metrics, s_query, s_runs, CancellationToken.None);
        var moved = s_runs.Select((run, i) => i == 1 ? run with { State = RunState.Running } : run).ToArray();
        kept = await kept.NextAsync(metrics, s_query, moved, CancellationToken.None);
        kept = await kept.NextAsync(metrics, s_query, [.. moved.Skip(1)], CancellationToken.None);
        metrics.Asked.ShouldBe(["1,2,3", "2"]);
        kept.All.Select(series => series.RunId).ShouldBe([2L, 3L]);
    }

    [Fact]
    public async Task Another_question_is_asked_about_all_runs()
    {
        var metrics = new Recorder();
        var kept = await KeptSeries.None.NextAsync(metrics, s_query, s_runs, CancellationToken.None);
        await kept.NextAsync(metrics, s_query with { From = 5, To = 9 }, s_runs, CancellationToken.None);
        metrics.Asked.ShouldBe(["1,2,3", "1,2,3"]);
    }

    private sealed class Recorder : IMetrics
    {
        public List<string> Asked { get; } = [];

        public Task<IReadOnlyList<MetricSeries>> SeriesAsync(SeriesQuery query, CancellationToken cancellationToken)
        {
            Asked.Add(string.Join(',', query.RunIds));
            return Task.FromResult<IReadOnlyList<MetricSeries>>([.. query.RunIds.Select(run => new MetricSeries(run, query.Keys[0], 0, []))]);
        }
    }
}
