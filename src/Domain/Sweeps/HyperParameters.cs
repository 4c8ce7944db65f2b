namespace Tracker.Domain;

/// <summary>What a run's optimizer does beyond batch, method and regime.</summary>
/// <param name="LearningRate">Initial learning rate at the small batch; later phases of the regime keep their ratio to it.</param>
/// <param name="WeightDecay">L2 coefficient; 0 for none. <see cref="Protocol.Decay"/> says which parameters it acts on.</param>
/// <param name="Momentum">Momentum of SGD, from 0 up to but not including 1.</param>
/// <param name="Clip">Largest global L2 norm of the gradient (section 4: first steps of large batches diverge without it); 0 for no clipping.</param>
/// <param name="Scaling">How <c>+lr</c> scales the rate.</param>
/// <param name="NoiseVariance">σ² of <c>+noise</c>, or <see langword="null"/> for |B_L| / |B_S| − 1, which matches the small batch's covariance.</param>
public sealed record HyperParameters(
    double LearningRate, double WeightDecay, double Momentum, double Clip = HyperParameters.DefaultClip,
    LearningRateScaling Scaling = LearningRateScaling.SquareRoot, double? NoiseVariance = null)
{
    /// <summary>The threshold of the authors' code.</summary>
    public const double DefaultClip = 5.0;

    /// <summary>Everything else about the optimizer.</summary>
    public OptimizerSettings Settings { get; init; } = new();

    /// <summary>The rule of the weight update.</summary>
    public OptimizerKind Optimizer
    {
        get => Settings.Kind;
        init => Settings = Settings with { Kind = value };
    }

    /// <inheritdoc cref="OptimizerSettings.WarmUp"/>
    public int WarmUp
    {
        get => Settings.WarmUp;
        init => Settings = Settings with { WarmUp = value };
    }

    /// <inheritdoc cref="OptimizerSettings.Trust"/>
    public double Trust
    {
        get => Settings.Trust;
        init => Settings = Settings with { Trust = value };
    }

    /// <inheritdoc cref="OptimizerSettings.Proximal"/>
    public double Proximal
    {
        get => Settings.Proximal;
        init => Settings = Settings with { Proximal = value };
    }

    /// <inheritdoc cref="OptimizerSettings.InnerSteps"/>
    public int InnerSteps
    {
        get => Settings.InnerSteps;
        init => Settings = Settings with { InnerSteps = value };
    }

    /// <inheritdoc cref="OptimizerSettings.ScaledRate"/>
    public double? ScaledRate
    {
        get => Settings.ScaledRate;
        init => Settings = Settings with { ScaledRate = value };
    }

    /// <summary>The factor by which a method's rate differs from the small batch's: that of <see cref="Scaling"/> with <c>+lr</c>, else 1.</summary>
    /// <param name="method">The method.</param>
    /// <param name="batchRatio">|B_L| / |B_S|.</param>
    /// <exception cref="InvalidOperationException">The scaling is fixed and there is no <see cref="ScaledRate"/>.</exception>
    public double RateFactor(Method method, double batchRatio)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (!method.LearningRate) return 1;
        if (Scaling != LearningRateScaling.Fixed) return Scaling.Factor(batchRatio);
        return (ScaledRate ?? throw new InvalidOperationException("A fixed scaling needs a scaled rate.")) / LearningRate;
    }
}
