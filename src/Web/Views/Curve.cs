using Tracker.Domain;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>A metric as pages offer it.</summary>
/// <param name="Key">Its name in the data.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Unit">What its values are.</param>
public sealed record Curve(string Key, string Title, AxisUnit Unit)
{
    public static readonly IReadOnlyList<Curve> All =
    [
        new(MetricNames.ValidationAccuracy, "Validation accuracy", AxisUnit.Share),
        new(MetricNames.ValidationLoss, "Validation loss", AxisUnit.Plain),
        new(MetricNames.TrainAccuracy, "Training accuracy", AxisUnit.Share),
        new(MetricNames.TrainLoss, "Training loss", AxisUnit.Plain),
        new(MetricNames.LearningRate, "Learning rate", AxisUnit.Plain),
        new(MetricNames.GradientNorm, "Gradient norm", AxisUnit.Plain),
        new(MetricNames.WeightDistance, "Weight distance", AxisUnit.Plain),
        new(MetricNames.SamplesPerSecond, "Samples per second", AxisUnit.Count),
    ];

    /// <summary>The metric of that name; one that is not among the above is called by it.</summary>
    public static Curve Read(string key, string title) => All.FirstOrDefault(curve => curve.Key == key) ?? new(key, title, key switch
    {
        MetricNames.ValidationTop5 or MetricNames.TestAccuracy or MetricNames.TestTop5 => AxisUnit.Share,
        _ => AxisUnit.Plain,
    });

    /// <summary>The metric of that name, or validation accuracy.</summary>
    public static Curve Read(string? key) => All.FirstOrDefault(curve => curve.Key == key) ?? All[0];
}
