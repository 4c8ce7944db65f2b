using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Stochastic gradient descent as PyTorch does it: <c>v ← μ v + g + λ w</c>, <c>w ← w − η v</c>. The gradient is clipped before weight
/// decay is added, as in the authors' code.
/// </summary>
public sealed class Sgd : IOptimizer
{
    /// <summary>The name of v in <see cref="IOptimizer.State"/>, as PyTorch calls it.</summary>
    internal const string MomentumBuffer = "momentum_buffer";

    private readonly ParameterVector _weights;
    private readonly HyperParameters _settings;
    private readonly WeightDecay _decay;

    /// <summary>Creates the optimizer, its momentum at rest.</summary>
    /// <param name="weights">What is optimized.</param>
    /// <param name="settings">Momentum, weight decay and clipping.</param>
    /// <param name="decay">Which parameters weight decay acts on.</param>
    public Sgd(ParameterVector weights, HyperParameters settings, DecayScope decay = DecayScope.All)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(settings);
        _weights = weights;
        _settings = settings;
        _decay = new(weights, settings.WeightDecay, decay);
        if (settings.Momentum > 0) Velocity = zeros_like(weights.Values).DetachFromDisposeScope();
    }

    /// <summary>v, the momentum buffer, (P); <see langword="null"/> without momentum.</summary>
    public Tensor? Velocity { get; }

    /// <inheritdoc/>
    public int GradientsPerStep => 1;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor Vector)> State => Velocity is { } velocity ? [(MomentumBuffer, velocity)] : [];

    /// <inheritdoc/>
    public Tensor Update(Tensor gradient, double rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        var step = new SgdNumbers(rate, _settings.Momentum, _settings.WeightDecay, _settings.Clip);
        if (FusedUpdate.Sgd(_weights.Values, gradient, Velocity, step, _decay.Ranges) is { } fused) return fused;
        var norm = Clip(gradient);
        Step(gradient, rate);
        return norm;
    }

    /// <summary>Scales a gradient down to the largest norm allowed.</summary>
    /// <param name="gradient">(P); changed in place.</param>
    /// <returns>The norm before clipping, a scalar on the device.</returns>
    public Tensor Clip(Tensor gradient) => gradient.ClipNorm(_settings.Clip);

    /// <summary>One weight update.</summary>
    /// <param name="gradient">(P); changed in place.</param>
    /// <param name="rate">η.</param>
    public void Step(Tensor gradient, double rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        using var ungraded = no_grad();
        _decay.AddTo(gradient);
        if (Velocity is { } velocity)
        {
            velocity.mul_(_settings.Momentum).add_(gradient);
            gradient = velocity;
        }
        _weights.Values.add_(gradient, -rate);
    }

    /// <inheritdoc/>
    public void Reset() => Velocity?.zero_();

    /// <summary>Frees the momentum buffer.</summary>
    public void Dispose() => Velocity?.Dispose();
}
