namespace Tracker.Domain;

/// <summary>How <c>+lr</c> scales the small batch's learning rate to a larger batch.</summary>
public enum LearningRateScaling
{
    /// <summary>η_L = √(|B_L| / |B_S|) · η_S, equation (7) of the paper: keeps the covariance of the weight update.</summary>
    SquareRoot,

    /// <summary>η_L = (|B_L| / |B_S|) · η_S, the rule of Goyal et al., which the paper found to work less well on CIFAR-10.</summary>
    Linear,

    /// <summary>η_L = η_S: the small batch's rate.</summary>
    None,

    /// <summary>A rate that is stated, whatever the batch: <see cref="OptimizerSettings.ScaledRate"/>.</summary>
    Fixed,
}

/// <summary>The factors behind <see cref="LearningRateScaling"/>.</summary>
public static class LearningRateScalings
{
    /// <summary>The factor by which the rate grows when the batch grows by <paramref name="batchRatio"/>.</summary>
    /// <param name="scaling">The rule; a fixed rate has no factor of its own, see <see cref="HyperParameters.RateFactor"/>.</param>
    /// <param name="batchRatio">|B_L| / |B_S|, larger than 0.</param>
    public static double Factor(this LearningRateScaling scaling, double batchRatio) => scaling switch
    {
        LearningRateScaling.SquareRoot => Math.Sqrt(batchRatio),
        LearningRateScaling.Linear => batchRatio,
        LearningRateScaling.None => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(scaling), scaling, "Expected SquareRoot, Linear or None."),
    };

    /// <summary>As specifications write it.</summary>
    /// <param name="scaling">The rule.</param>
    public static string Word(this LearningRateScaling scaling) => scaling == LearningRateScaling.SquareRoot ? "sqrt" : scaling.ToString().ToLowerInvariant();
}
