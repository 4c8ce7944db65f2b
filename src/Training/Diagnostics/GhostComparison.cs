using Tracker.Domain;

namespace Tracker.Training;

/// <summary>
/// What the rule of the running statistics is worth (section 4 of the paper: ghosts that weigh equally "worsen the generalization
/// performance"): the trained weights are kept, and the last batches of the training pass through the network once more under each
/// rule, so many that what the statistics were before is forgotten. Validation then differs by nothing but the rule.
/// </summary>
internal sealed class GhostComparison(TrainingSession session, BatchGradient gradients, Evaluator evaluator)
{
    /// <summary>The share that earlier statistics may keep.</summary>
    private const double Forgotten = 1e-4;

    private readonly List<GhostBatchNorm> _layers = [.. session.Network.modules().OfType<GhostBatchNorm>()];

    /// <summary>Whether a batch has more than one ghost at all.</summary>
    public bool IsPossible => _layers.Count > 0 && GhostLayout.For(session.Order.BatchSize, session.Split.GhostSize).Count > 1;

    /// <summary>Validates under both rules, and leaves network and statistics as they were.</summary>
    /// <param name="stop">Abandons it.</param>
    /// <returns>What each rule gives, and how many batches were passed for each.</returns>
    /// <exception cref="OperationCanceledException">It was abandoned.</exception>
    public (Evaluation Sequential, Evaluation Equal, int Batches) Measure(CancellationToken stop)
    {
        var batches = Batches();
        return (Validate(GhostStatistics.Sequential, batches, stop), Validate(GhostStatistics.Equal, batches, stop), batches);
    }

    /// <summary>How many of the last batches it takes; the last one of an epoch may have fewer ghosts than the others.</summary>
    private int Batches()
    {
        var wanted = Math.Log(Forgotten) / Math.Log(1 - GhostBatchNorm.Momentum);
        var batches = 0;
        for (var step = session.Plan.TotalSteps; step > 0 && wanted > 0; batches++)
        {
            var (epoch, index) = Math.DivRem(--step, session.Plan.StepsPerEpoch);
            using var samples = session.Order.Indexes(epoch, (int)index);
            wanted -= GhostLayout.For((int)samples.shape[0], session.Split.GhostSize).Count;
        }
        return batches;
    }

    private Evaluation Validate(GhostStatistics rule, int batches, CancellationToken stop)
    {
        var usual = _layers[0].Statistics;
        using var snapshot = new NetworkSnapshot(session.Network, weights: null);
        try
        {
            foreach (var layer in _layers) layer.Statistics = rule;
            for (var step = session.Plan.TotalSteps - batches; step < session.Plan.TotalSteps; step++)
            {
                stop.ThrowIfCancellationRequested();
                var (epoch, index) = Math.DivRem(step, session.Plan.StepsPerEpoch);
                using var samples = session.Order.Indexes(epoch, (int)index);
                gradients.Observe(samples, step);
            }
            return evaluator.Evaluate(EvaluationSet.Validation, stop) ?? throw new OperationCanceledException(stop);
        }
        finally
        {
            foreach (var layer in _layers) layer.Statistics = usual;
        }
    }
}
