using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Layer-wise adaptive rate scaling (You, Gitman, Ginsburg 2017, algorithm 1): every parameter tensor l has a local rate
/// <c>λ_l = trust ‖w_l‖ / (‖g_l‖ + β ‖w_l‖)</c>, and <c>v_l ← μ v_l + η λ_l (g_l + β w_l)</c>, <c>w_l ← w_l − v_l</c>. As printed, the
/// algorithm has β ‖g_l‖ in the denominator, surely a slip: β is the weight decay. Where ‖w_l‖ or ‖g_l‖ is 0, as for shifts at the
/// start, which could otherwise never leave 0, λ_l is 1. The gradient is clipped before all this.
/// </summary>
public sealed class Lars : IOptimizer
{
    private readonly ParameterVector _weights;
    private readonly HyperParameters _settings;
    private readonly WeightDecay _decay;
    private readonly Tensor _coefficients;

    /// <summary>Creates the optimizer, its momentum at rest.</summary>
    /// <param name="weights">What is optimized.</param>
    /// <param name="settings">Trust, momentum, weight decay and clipping.</param>
    /// <param name="decay">Which parameters weight decay acts on.</param>
    public Lars(ParameterVector weights, HyperParameters settings, DecayScope decay)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(settings);
        _weights = weights;
        _settings = settings;
        _decay = new(weights, settings.WeightDecay, decay);
        _coefficients = tensor(_decay.Coefficients, device: weights.Values.device).DetachFromDisposeScope();
        if (settings.Momentum > 0) Velocity = zeros_like(weights.Values).DetachFromDisposeScope();
    }

    /// <summary>v, the momentum buffer, (P), which holds the rate already; <see langword="null"/> without momentum.</summary>
    public Tensor? Velocity { get; }

    /// <inheritdoc/>
    public int GradientsPerStep => 1;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor Vector)> State => Velocity is { } velocity ? [(Sgd.MomentumBuffer, velocity)] : [];

    /// <inheritdoc/>
    public Tensor Update(Tensor gradient, double rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var norm = gradient.ClipNorm(_settings.Clip);
        var local = LocalRates(gradient);
        _decay.AddTo(gradient);
        Velocity?.mul_(_settings.Momentum);
        var (target, sign) = Velocity is { } velocity ? (velocity, 1) : (_weights.Values, -1);
        foreach (var (index, slice) in _weights.Slices.Index())
            Part(target, slice).addcmul_(Part(gradient, slice), local[index], sign * rate);
        if (Velocity is not null) _weights.Values.sub_(Velocity);
        return norm.MoveToOuterDisposeScope();
    }

    /// <summary>λ_l of every parameter, one vector in the order of the slices.</summary>
    private Tensor LocalRates(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var (w, g) = (Norms(_weights.Values), Norms(gradient));
        var rates = w * _settings.Trust / (g + _coefficients * w);
        return where((w * g).gt(0), rates, ones_like(rates)).MoveToOuterDisposeScope();
    }

    private Tensor Norms(Tensor vector) => stack(_weights.Slices.Select(s => Part(vector, s).Norm()));

    private static Tensor Part(Tensor vector, ParameterSlice slice) => vector.narrow(0, slice.Offset, slice.Length);

    /// <inheritdoc/>
    public void Reset() => Velocity?.zero_();

    /// <summary>Frees the momentum buffer.</summary>
    public void Dispose()
    {
        _coefficients.Dispose();
        Velocity?.Dispose();
    }
}
