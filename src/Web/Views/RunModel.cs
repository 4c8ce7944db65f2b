using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>What the page of a run shows.</summary>
/// <param name="Run">The run.</param>
/// <param name="Plan">What follows from its specification; <see langword="null"/> for a run from outside, which has none.</param>
/// <param name="Attempts">Its attempts, newest first.</param>
/// <param name="Events">Its events, newest first.</param>
/// <param name="Log">Its log as far as it is shown.</param>
/// <param name="Curves">Its metrics as far as they are shown.</param>
/// <param name="Distance">The weights' distance from their start against log step.</param>
/// <param name="Metrics">The metrics that it has.</param>
/// <param name="Siblings">The runs of its sweep.</param>
/// <param name="Other">The run that its configuration is compared with.</param>
/// <param name="Place">Where it stands in the queue, while it waits there.</param>
public sealed record RunModel(
    RunView Run, RunPlan? Plan, IReadOnlyList<AttemptView> Attempts, IReadOnlyList<EventView> Events, LogView Log, KeptSeries Curves, KeptSeries Distance,
    IReadOnlyList<string> Metrics, IReadOnlyList<RunBrief> Siblings, RunView? Other, QueuePlace? Place)
{
    /// <summary>The metrics that the charts at the top of the page need.</summary>
    public static readonly IReadOnlyList<string> Charted =
    [
        MetricNames.ValidationAccuracy, MetricNames.TrainAccuracy, MetricNames.ValidationLoss, MetricNames.TrainLoss, MetricNames.LearningRate, MetricNames.GradientNorm,
    ];

    /// <summary>How the charts are drawn.</summary>
    public ChartSettings Settings { get; init; } = UsualSettings;

    /// <summary>What had changed when this was loaded.</summary>
    public ChangedRuns.Known Known { get; init; }

    /// <summary>What the page's address asked for.</summary>
    public object? Asked { get; init; }

    /// <summary>How charts are drawn where an address says nothing.</summary>
    public static readonly ChartSettings UsualSettings = ChartSettings.Usual with { X = CurveAxis.Epoch };

    /// <summary>The same for runs from outside, of whose epochs nothing is known.</summary>
    public static readonly ChartSettings OutsideSettings = ChartSettings.Usual with { X = CurveAxis.Step };

    /// <summary>The run before this one in its sweep.</summary>
    public RunBrief? Previous => Neighbour(-1);

    /// <summary>The run after it.</summary>
    public RunBrief? Next => Neighbour(+1);

    /// <summary>A series by its metric, if it was loaded and has points.</summary>
    public MetricSeries? Series(string key) => Curves.All.FirstOrDefault(series => series.Key == key);

    /// <summary>The run one technique before this one, with the same seed and the nearest batch: what its configuration is compared with unless asked otherwise.</summary>
    public static long? Nearest(RunView run, IEnumerable<RunBrief> siblings) => run.External is not null ? null : siblings
        .Where(other => other.Id != run.Id && other.Seed == run.Spec.Seed && other.Method.TableColumn < run.Spec.Method.TableColumn)
        .OrderByDescending(other => other.Method.TableColumn).ThenBy(other => Math.Abs(other.Batch - run.Spec.Batch)).FirstOrDefault()?.Id;

    private RunBrief? Neighbour(int step)
    {
        var place = Siblings.Index().Where(one => one.Item.Id == Run.Id).Select(one => one.Index).FirstOrDefault(-1);
        return place < 0 ? null : Siblings.ElementAtOrDefault(place + step);
    }
}
