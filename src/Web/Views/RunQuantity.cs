using Tracker.Storage;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>A number that a run has, for scatter plots and parallel coordinates.</summary>
/// <param name="Key">Its name in addresses.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Heading">Heading of the list in which it is offered.</param>
/// <param name="Unit">How it is written.</param>
/// <param name="Of">Its value of a run, if it has one.</param>
public sealed record RunQuantity(string Key, string Title, string Heading, AxisUnit Unit, Func<FoundRun, double?> Of)
{
    private const string Setting = "Settings";
    private const string Result = "Results";
    private const string Latest = "Latest values";
    private const string MetricPrefix = "metrics.";

    /// <summary>Settings and results.</summary>
    public static readonly IReadOnlyList<RunQuantity> Fixed =
    [
        new("batch", "Batch", Setting, AxisUnit.Count, run => Stated(run, run.Run.Spec.Batch)),
        new("ghost", "Ghost batch", Setting, AxisUnit.Count, run => run.Run.Spec.GhostBatch),
        new("rate", "Learning rate", Setting, AxisUnit.Plain, run => Stated(run, run.Run.Spec.Parameters.LearningRate)),
        new("first_rate", "First learning rate", Setting, AxisUnit.Plain, run => run.Run.Plan()?.InitialLearningRate),
        new("decay", "Weight decay", Setting, AxisUnit.Plain, run => Stated(run, run.Run.Spec.Parameters.WeightDecay)),
        new("momentum", "Momentum", Setting, AxisUnit.Plain, run => Stated(run, run.Run.Spec.Parameters.Momentum)),
        new("epochs", "Epochs", Setting, AxisUnit.Count, run => run.Run.Plan()?.Epochs ?? Stated(run, run.Run.Spec.Epochs)),
        new("steps", "Steps", Setting, AxisUnit.Count, run => run.Run.Plan()?.TotalSteps ?? run.Run.Progress?.Step),
        new("images", "Training images", Setting, AxisUnit.Count, run => Stated(run, run.Run.Spec.TrainingSplit)),
        new("seed", "Seed", Setting, AxisUnit.Count, run => run.Run.Spec.Seed),
        new("accuracy", "Accuracy", Result, AxisUnit.Share, run => run.Run.Result?.SelectedAccuracy ?? run.Run.Progress?.ValidationAccuracy),
        new("best", "Best accuracy", Result, AxisUnit.Share, run => run.Run.Result?.BestValidationAccuracy ?? run.Run.Progress?.BestValidationAccuracy),
        new("loss", "Validation loss", Result, AxisUnit.Plain, run => run.Run.Result?.FinalValidationLoss),
        new("train_loss", "Training loss", Result, AxisUnit.Plain, run => run.Run.Result?.FinalTrainLoss ?? run.Run.Progress?.TrainLoss),
        new("seconds", "Training time", Result, AxisUnit.Seconds, run => run.Run.Result?.TrainSeconds),
        new("speed", "Samples per second", Result, AxisUnit.Count, run => run.Run.Result?.SamplesPerSecond ?? run.Run.Progress?.SamplesPerSecond),
    ];

    /// <summary>What a program outside did not state is kept as 0.</summary>
    private static double? Stated(FoundRun run, double value) => run.Run.External is not null && value == 0 ? null : value;

    /// <summary>The metric whose latest value this is, or <see langword="null"/>.</summary>
    public string? Metric => Key.StartsWith(MetricPrefix, StringComparison.Ordinal) ? Key[MetricPrefix.Length..] : null;

    /// <summary>The latest value of a metric.</summary>
    public static RunQuantity OfMetric(string metric)
    {
        var curve = Curve.Read(metric, metric);
        return new(MetricPrefix + metric, curve.Title, Latest, curve.Unit, run => run.Metrics.TryGetValue(metric, out var value) ? value : null);
    }

    /// <summary>The quantity of that name; anything else is <paramref name="otherwise"/>.</summary>
    public static RunQuantity Read(string? key, string otherwise) =>
        Fixed.FirstOrDefault(one => one.Key == key)
        ?? (key is not null && key.Length > MetricPrefix.Length && key.StartsWith(MetricPrefix, StringComparison.Ordinal) ? OfMetric(key[MetricPrefix.Length..]) : Fixed.First(one => one.Key == otherwise));
}
