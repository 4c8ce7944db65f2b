using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Stochastic gradient descent as PyTorch does it: <c>v ← μ v + g + λ w</c>, <c>w ← w − η v</c>, with weight decay λ on every
/// parameter as in the authors' code. The gradient is clipped before weight decay is added, also as there. Nothing here waits for the
/// device.
/// </summary>
public sealed class Sgd : IDisposable
{
    /// <summary>Keeps the clipping factor finite when the gradient vanishes (as PyTorch does).</summary>
    private const double NormEpsilon = 1e-6;

    private readonly ParameterVector _weights;
    private readonly HyperParameters _settings;

    /// <summary>Creates the optimizer, its momentum at rest.</summary>
    /// <param name="weights">What is optimized.</param>
    /// <param name="settings">Momentum, weight decay and clipping.</param>
    public Sgd(ParameterVector weights, HyperParameters settings)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(settings);
        _weights = weights;
        _settings = settings;
        if (settings.Momentum > 0) Velocity = zeros_like(weights.Values).DetachFromDisposeScope();
    }

    /// <summary>v, the momentum buffer, (P); <see langword="null"/> without momentum.</summary>
    public Tensor? Velocity { get; }

    /// <summary>Scales a gradient down to the largest norm allowed.</summary>
    /// <param name="gradient">(P); changed in place.</param>
    /// <returns>The norm before clipping, a scalar on the device.</returns>
    public Tensor Clip(Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        using var scope = NewDisposeScope();
        var norm = gradient.Norm();
        if (_settings.Clip > 0) gradient.mul_((norm + NormEpsilon).reciprocal().mul(_settings.Clip).clamp_max(1.0));
        return norm.MoveToOuterDisposeScope();
    }

    /// <summary>One weight update.</summary>
    /// <param name="gradient">(P); changed in place.</param>
    /// <param name="rate">η.</param>
    public void Step(Tensor gradient, double rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        using var ungraded = no_grad();
        if (_settings.WeightDecay != 0) gradient.add_(_weights.Values, _settings.WeightDecay);
        if (Velocity is { } velocity)
        {
            velocity.mul_(_settings.Momentum).add_(gradient);
            gradient = velocity;
        }
        _weights.Values.add_(gradient, -rate);
    }

    /// <summary>Frees the momentum buffer.</summary>
    public void Dispose() => Velocity?.Dispose();
}
