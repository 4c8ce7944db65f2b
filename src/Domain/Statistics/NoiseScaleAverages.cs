namespace Tracker.Domain;

/// <summary>
/// The simple gradient noise scale B = tr(Σ) / |G|² (McCandlish et al. 2018, equation 2.9) from gradients of two batch sizes: each pair
/// gives unbiased estimates of |G|² and tr(Σ) (their equation A.2), both are averaged exponentially, and only the averages are divided,
/// because the ratio of two noisy numbers is biased.
/// </summary>
/// <param name="Count">Number of pairs so far.</param>
/// <param name="SquaredGradient">Average of the estimates of |G|², the squared norm of the true gradient.</param>
/// <param name="Variance">Average of the estimates of tr(Σ), the summed variance of one sample's gradient.</param>
public readonly record struct NoiseScaleAverages(long Count, double SquaredGradient, double Variance)
{
    /// <summary>What an average keeps of its past at each pair; it covers about the last fifty.</summary>
    public const double Memory = 0.98;

    /// <summary>tr(Σ) / |G|², in samples; <see langword="null"/> while an average is not above 0.</summary>
    public double? Scale => SquaredGradient > 0 && Variance > 0 ? Variance / SquaredGradient : null;

    /// <summary>One pair more.</summary>
    /// <param name="small">Samples in the smaller batch, at least 1.</param>
    /// <param name="large">Samples in the larger batch, more than in the smaller.</param>
    /// <param name="smallSquaredNorm">Squared norm of the smaller batch's mean gradient.</param>
    /// <param name="largeSquaredNorm">Squared norm of the larger batch's mean gradient.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sizes are not in this order.</exception>
    public NoiseScaleAverages With(int small, int large, double smallSquaredNorm, double largeSquaredNorm)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(small, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(large, small);
        var squaredGradient = (large * largeSquaredNorm - small * smallSquaredNorm) / (large - small);
        var variance = (smallSquaredNorm - largeSquaredNorm) / (1.0 / small - 1.0 / large);
        // The weight of a new pair corrects for the start at 0 exactly: after n pairs the weights Memory^(n−i) are normalized by their sum.
        var weight = (1 - Memory) / (1 - Math.Pow(Memory, Count + 1));
        return new(Count + 1, SquaredGradient + weight * (squaredGradient - SquaredGradient), Variance + weight * (variance - Variance));
    }
}
