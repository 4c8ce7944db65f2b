namespace Tracker.Domain;

/// <summary>A combination that cannot be trained.</summary>
/// <param name="Path">The field that is to blame.</param>
/// <param name="Reason">Why, and what would do.</param>
/// <param name="Method">The method.</param>
/// <param name="Batch">The batch, in samples.</param>
/// <param name="GhostBatch">The ghost batch, in samples, with <c>+gbn</c>.</param>
/// <param name="Count">How many runs are not made because of it (seeds, rates, decays).</param>
public sealed record RefusedCombination(string Path, string Reason, Method Method, int Batch, int? GhostBatch, int Count);

/// <summary>What a sweep expands into.</summary>
/// <param name="Runs">The runs in the order in which they are queued.</param>
/// <param name="Refused">The combinations that cannot be trained.</param>
public sealed record SweepExpansion(IReadOnlyList<RunSpec> Runs, IReadOnlyList<RefusedCombination> Refused);

/// <summary>Turns a sweep into its runs.</summary>
public static class SweepExpander
{
    private sealed record Combination(Method Method, int Batch, int? GhostBatch, string? Refusal, string Path);

    /// <summary>
    /// Expands a sweep: pure and deterministic. Seeds vary slowest, so that every method has a first result early. A combination
    /// that two settings share, such as <c>sb</c> with each large batch, appears once.
    /// </summary>
    /// <param name="sweep">The sweep.</param>
    public static SweepExpansion Expand(SweepSpec sweep)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        var combinations = Combinations(sweep).ToList();
        var perCombination = sweep.Seeds.Count * sweep.LearningRates.Count * sweep.WeightDecays.Count;
        var runs =
            from seed in sweep.Seeds
            from combination in combinations
            where combination.Refusal is null
            from rate in sweep.LearningRates
            from decay in sweep.WeightDecays
            select new RunSpec(
                sweep.Network, sweep.Dataset, combination.Method, combination.Batch, sweep.SmallBatch, combination.GhostBatch, seed,
                sweep.Epochs, sweep.TrainExamples,
                new HyperParameters(rate, decay, sweep.Momentum, sweep.Clip, sweep.Scaling, combination.Method.Noise ? sweep.NoiseVariance : null)
                {
                    Settings = sweep.Optimizer,
                },
                sweep.Device)
            {
                Options = sweep.Options,
            };
        return new(
            [.. runs],
            [.. combinations.Where(c => c.Refusal is not null).Select(c => new RefusedCombination(c.Path, c.Refusal!, c.Method, c.Batch, c.GhostBatch, perCombination))]);
    }

    /// <summary>The number of combinations, refused ones included, before seeds, rates and decays; does not build them.</summary>
    internal static long CombinationCount(SweepSpec sweep) => sweep.Methods.Sum(m =>
        (m.LargeBatch ? sweep.LargeBatch.Count : 1L) * (m.GhostBatchNorm ? sweep.GhostBatch.Count : 1L));

    private static IEnumerable<Combination> Combinations(SweepSpec sweep) =>
        from method in sweep.Methods
        from batch in method.LargeBatch ? sweep.LargeBatch.Select((size, index) => (Size: size, Path: $"largeBatch[{index}]")) : [(sweep.SmallBatch, "smallBatch")]
        from ghost in method.GhostBatchNorm ? sweep.GhostBatch.Select((size, index) => (Size: (int?)size, Path: $"ghostBatch[{index}]")) : [(null, "")]
        select Judge(sweep, method, batch, ghost);

    private static Combination Judge(SweepSpec sweep, Method method, (int Size, string Path) batch, (int? Size, string Path) ghost)
    {
        if (method.GhostBatchNorm && sweep.Options.Normalization == NormalizationKind.None)
            return new(method, batch.Size, ghost.Size, $"Method '{method}' needs batch normalization. Leave it out, or take 'batch'.", "normalization");
        var split = sweep.TrainExamples - sweep.Options.ValidationExamples;
        if (batch.Size > split)
        {
            return new(method, batch.Size, ghost.Size,
                $"Batch {batch.Size} is larger than the training set of {split} images. Take {split} or less.", batch.Path);
        }
        return ghost.Size > batch.Size
            ? new(method, batch.Size, ghost.Size, $"Ghost batch {ghost.Size} is larger than batch {batch.Size}. Take {batch.Size} or less.", ghost.Path)
            : new(method, batch.Size, ghost.Size, null, "");
    }
}
