namespace Tracker.Domain;

/// <summary>What a run's optimizer does beyond batch, method and regime.</summary>
/// <param name="LearningRate">Initial learning rate at the small batch; later phases of the regime keep their ratio to it.</param>
/// <param name="WeightDecay">L2 coefficient, added to the gradient of every parameter as the authors do; 0 for none.</param>
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
}
