namespace Tracker.Domain;

/// <summary>The rule of the weight update.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum, as in the paper.</summary>
    Sgd,

    /// <summary>Layer-wise adaptive rate scaling (You, Gitman, Ginsburg 2017).</summary>
    Lars,

    /// <summary>Efficient mini-batch training (Li, Zhang, Chen, Smola 2014): several steps on each batch, held near its start.</summary>
    Emso,
}

/// <summary>Settings of the optimizer beyond rate, decay, momentum and clipping.</summary>
public sealed record OptimizerSettings
{
    /// <summary>The rule.</summary>
    public OptimizerKind Kind { get; init; }

    /// <summary>Updates in which <c>+lr</c> raises the rate from the small batch's to the scaled one, in a straight line; 0 for none.</summary>
    public int WarmUp { get; init; }

    /// <summary>LARS: the trust coefficient; a layer's rate is η · trust · ‖w‖ / (‖g‖ + λ ‖w‖).</summary>
    public double Trust { get; init; } = 0.001;

    /// <summary>EMSO: λ of the proximal term (λ/2) ‖w − w_{t−1}‖².</summary>
    public double Proximal { get; init; } = 1e-3;

    /// <summary>EMSO: gradient steps on each batch.</summary>
    public int InnerSteps { get; init; } = 3;

    /// <summary>The initial rate of <c>+lr</c> whatever the batch, with <see cref="LearningRateScaling.Fixed"/>.</summary>
    public double? ScaledRate { get; init; }
}
