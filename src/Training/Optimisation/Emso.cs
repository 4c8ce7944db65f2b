using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Efficient mini-batch training (Li, Zhang, Chen, Smola 2014): each step minimizes
/// <c>(1/|B_t|) Σ_{i∈B_t} f_i(w) + (γ/2) ‖w − w_{t−1}‖²</c> on its batch B_t, inexactly, by a few gradient steps
/// <c>w ← w − η (g(w) + γ (w − w_{t−1}))</c>. The steps are those of <see cref="Sgd"/>, so weight decay and momentum can take part;
/// without momentum this is the method as published. The gradient is clipped before the proximal term is added.
/// </summary>
public sealed class Emso : IOptimizer
{
    private readonly ParameterVector _weights;
    private readonly HyperParameters _settings;
    private readonly Sgd _inner;
    private readonly Tensor _start;
    private int _next;

    /// <summary>Creates the optimizer, its momentum at rest.</summary>
    /// <param name="weights">What is optimized.</param>
    /// <param name="settings">Number of inner steps, γ, momentum, weight decay and clipping.</param>
    /// <param name="decay">Which parameters weight decay acts on.</param>
    public Emso(ParameterVector weights, HyperParameters settings, DecayScope decay)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(settings);
        _weights = weights;
        _settings = settings;
        _inner = new(weights, settings, decay);
        _start = weights.Values.clone().DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public int GradientsPerStep => _settings.InnerSteps;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor Vector)> State => _inner.State;

    /// <inheritdoc/>
    public Tensor Update(Tensor gradient, double rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var norm = _inner.Clip(gradient);
        if (_next == 0) _start.copy_(_weights.Values);
        else gradient.add_(_weights.Values - _start, _settings.Proximal);
        _inner.Step(gradient, rate);
        _next = (_next + 1) % GradientsPerStep;
        return norm.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Reset() => _inner.Reset();

    /// <summary>Frees the momentum buffer and the step's start.</summary>
    public void Dispose()
    {
        _inner.Dispose();
        _start.Dispose();
    }
}
