namespace Tracker.Domain;

/// <summary>
/// A batch-size sweep as a user states it: every combination of the lists becomes one run. Made by <see cref="SpecReader"/>, which
/// fills in the network's defaults and refuses what cannot be.
/// </summary>
/// <param name="Name">What people call the sweep.</param>
/// <param name="Network">Name of the network.</param>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="SmallBatch">The small batch |B_S|, in samples: the batch of <c>sb</c>, and what rates and regime refer to.</param>
/// <param name="LargeBatch">The large batches |B_L| of the <c>lb</c> methods, in samples.</param>
/// <param name="GhostBatch">The ghost batch sizes of the <c>+gbn</c> methods, in samples.</param>
/// <param name="Methods">The methods.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Epochs">Epochs of the small batch's regime, before regime adaptation; the regime's phases scale with it.</param>
/// <param name="TrainExamples">How many training images are used.</param>
/// <param name="LearningRates">Initial learning rates at the small batch.</param>
/// <param name="WeightDecays">L2 coefficients.</param>
/// <param name="Momentum">Momentum of SGD.</param>
/// <param name="Clip">Largest global gradient norm; 0 for no clipping.</param>
/// <param name="Scaling">How <c>+lr</c> scales the rate.</param>
/// <param name="NoiseVariance">σ² of <c>+noise</c>, or <see langword="null"/> for |B_L| / |B_S| − 1.</param>
/// <param name="Device">The kind of device asked for.</param>
/// <param name="Priority">Class of urgency.</param>
/// <param name="MaxParallel">How many runs of the sweep may train at once, or <see langword="null"/> for as many as there are slots.</param>
/// <param name="Rerun">Whether runs that have already finished with the same fingerprint are trained again instead of being reused.</param>
public sealed record SweepSpec(
    string Name, string Network, string Dataset, int SmallBatch, IReadOnlyList<int> LargeBatch, IReadOnlyList<int> GhostBatch,
    IReadOnlyList<Method> Methods, IReadOnlyList<int> Seeds, int Epochs, int TrainExamples,
    IReadOnlyList<double> LearningRates, IReadOnlyList<double> WeightDecays, double Momentum, double Clip,
    LearningRateScaling Scaling, double? NoiseVariance, DeviceClass Device, Priority Priority, int? MaxParallel, bool Rerun)
{
    /// <summary>The largest number of runs in one sweep.</summary>
    public const int MaxRuns = 10_000;

    /// <summary>Settings of the optimizer that every run has.</summary>
    public OptimizerSettings Optimizer { get; init; } = new();

    /// <summary>Settings of the experiment that every run has.</summary>
    public ExperimentOptions Options { get; init; } = new();

    /// <summary>What every run asks of the place where it trains.</summary>
    public Placement Placement { get; init; } = new();
}
