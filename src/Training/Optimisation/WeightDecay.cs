using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Adds the gradient of (λ/2) ‖w‖² to a gradient: over all parameters as in the authors' code, or over weights only (Goyal et al.,
/// section 5.3), which leaves out what has one dimension: biases, and the scale and shift of batch normalization.
/// </summary>
internal sealed class WeightDecay
{
    private readonly ParameterVector _weights;
    private readonly double _coefficient;

    /// <summary>Runs of neighbouring parameters that decay.</summary>
    private readonly List<(long Offset, long Length)> _runs = [];

    public WeightDecay(ParameterVector weights, double coefficient, DecayScope scope)
    {
        _weights = weights;
        _coefficient = coefficient;
        if (coefficient == 0) return;
        foreach (var slice in weights.Slices)
        {
            if (scope == DecayScope.Weights && slice.Shape.Count < 2) continue;
            if (_runs is [.., var last] && last.Offset + last.Length == slice.Offset) _runs[^1] = (last.Offset, last.Length + slice.Length);
            else _runs.Add((slice.Offset, slice.Length));
        }
    }

    /// <summary>First element and length of each run of parameters that decay, in pairs.</summary>
    public long[] Ranges => [.. _runs.SelectMany(r => new[] { r.Offset, r.Length })];

    /// <summary>λ of each parameter, in the order of the slices; 0 for those that do not decay.</summary>
    public float[] Coefficients =>
        [.. _weights.Slices.Select(s => _runs.Any(r => r.Offset <= s.Offset && s.Offset < r.Offset + r.Length) ? (float)_coefficient : 0)];

    /// <summary>g ← g + λ w.</summary>
    /// <param name="gradient">(P); changed in place.</param>
    public void AddTo(Tensor gradient)
    {
        if (_runs.Count == 0) return;
        using var scope = NewDisposeScope();
        foreach (var (offset, length) in _runs)
        {
            if (length == _weights.Count) gradient.add_(_weights.Values, _coefficient);
            else gradient.narrow(0, offset, length).add_(_weights.Values.narrow(0, offset, length), _coefficient);
        }
    }
}
