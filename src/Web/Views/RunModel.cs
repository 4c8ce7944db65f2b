using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>What the page of a run shows.</summary>
/// <param name="Run">The run.</param>
/// <param name="Plan">What follows from its specification.</param>
/// <param name="Attempts">Its attempts, newest first.</param>
/// <param name="Events">Its events, newest first.</param>
/// <param name="Log">Its log's lines, newest first.</param>
/// <param name="Series">Its metrics by name.</param>
/// <param name="Axis">What the series run along.</param>
/// <param name="WeightDistance">The weights' distance from their start against the step.</param>
/// <param name="Siblings">Runs to compare the configuration with: those of the same sweep.</param>
/// <param name="Place">Where it stands in the queue, while it waits there.</param>
public sealed record RunModel(
    RunView Run, RunPlan Plan, IReadOnlyList<AttemptView> Attempts, IReadOnlyList<EventView> Events, IReadOnlyList<LogLine> Log,
    IReadOnlyDictionary<string, MetricSeries> Series, CurveAxis Axis, MetricSeries? WeightDistance, IReadOnlyList<RunView> Siblings,
    QueuePlace? Place)
{
    /// <summary>The metrics that the charts of the page need.</summary>
    public static readonly IReadOnlyList<string> Charted =
    [
        MetricNames.ValidationAccuracy, MetricNames.TrainAccuracy, MetricNames.ValidationLoss, MetricNames.TrainLoss, MetricNames.LearningRate, MetricNames.GradientNorm,
        .. MetricNames.System,
    ];
}
