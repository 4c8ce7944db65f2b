namespace Tracker.Domain;

/// <summary>
/// The quantities that follow from a <see cref="RunSpec"/>: what a change of the batch size really changes. A pure function, so the
/// page that plans a sweep and the loop that trains it cannot disagree.
/// </summary>
/// <param name="StepsPerEpoch">Weight updates in one epoch.</param>
/// <param name="Epochs">Epochs to train, after regime adaptation; whole.</param>
/// <param name="TotalSteps">Weight updates to do.</param>
/// <param name="InitialLearningRate">The initial rate after scaling and any warm-up.</param>
/// <param name="NoiseVariance">σ² of the multiplicative gradient noise; 0 for none.</param>
/// <param name="GhostBatchesPerBatch">Ghost batches in a full batch; 1 without <c>+gbn</c>.</param>
/// <param name="Regime">The regime that is trained: scaled, adapted.</param>
/// <param name="Schedule">The learning rate of every step.</param>
public sealed record RunPlan(
    int StepsPerEpoch, int Epochs, long TotalSteps, double InitialLearningRate, double NoiseVariance, int GhostBatchesPerBatch,
    Regime Regime, LearningRateSchedule Schedule)
{
    /// <summary>Derives the plan of a run.</summary>
    /// <param name="spec">The run.</param>
    /// <exception cref="ArgumentException">The network is unknown.</exception>
    public static RunPlan For(RunSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var ratio = spec.BatchRatio;
        var regime = Catalogue.GetNetwork(spec.Network).Regime
            .ScaledTo(spec.Epochs)
            .WithInitialRate(spec.Parameters.LearningRate) with { Momentum = spec.Parameters.Momentum, WeightDecay = spec.Parameters.WeightDecay };
        var smallBatchRate = regime.Phases[0].LearningRate;
        if (spec.Method.LearningRate) regime = regime.WithRatesTimes(spec.Parameters.RateFactor(spec.Method, ratio));
        if (spec.Method.RegimeAdaptation) regime = regime.Stretched(ratio);

        var epochs = (int)Math.Ceiling(regime.Epochs - 1e-9);
        var stepsPerEpoch = StepsIn(spec.TrainingSplit, spec.Batch, spec.Protocol.LastBatch);
        var warmUp = spec.Method.LearningRate ? new WarmUp(spec.Parameters.WarmUp, smallBatchRate) : default;
        return new(
            stepsPerEpoch, epochs, (long)epochs * stepsPerEpoch, regime.Phases[0].LearningRate,
            spec.Method.Noise ? spec.Parameters.NoiseVariance ?? Math.Max(0, ratio - 1) : 0,
            spec.GhostBatch is { } ghost ? Math.Max(1, spec.Batch / ghost) : 1,
            regime, LearningRateSchedule.From(regime, stepsPerEpoch, warmUp));
    }

    /// <summary>
    /// Mini-batches in one epoch: the last partial batch counts, unless it is to be dropped, or is a single sample, of which batch
    /// normalization could take no statistics.
    /// </summary>
    private static int StepsIn(int examples, int batch, LastBatch lastBatch)
    {
        var full = examples / batch;
        var rest = examples % batch;
        return full == 0 || (rest > 1 && lastBatch == LastBatch.Keep) ? full + 1 : full;
    }
}
