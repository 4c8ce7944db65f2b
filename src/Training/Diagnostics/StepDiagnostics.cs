using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// The diagnostics that go along with the training: measured at steps that are reported anyway, before the weights change or after, on
/// the device; averaged and fitted when the values of a step are read.
/// </summary>
internal sealed class StepDiagnostics : IDisposable
{
    private readonly DiagnosticsSpec _wanted;
    private readonly TrainingSession _session;
    private readonly BatchGradient _gradients;
    private readonly PhaseClock _clock;
    private readonly DiagnosticsState _state;
    private readonly long _initialPhase;
    private readonly int _fullBatch;
    private readonly Queue<(int Small, int Large)> _sizes = [];
    private Tensor? _norms;

    public StepDiagnostics(DiagnosticsSpec wanted, int batch, TrainingSession session, BatchGradient gradients, PhaseClock clock)
    {
        (_wanted, _session, _gradients, _clock, _state) = (wanted, session, gradients, clock, session.State.Diagnostics);
        _fullBatch = Math.Min(batch, session.Data.TrainingCount);
        var phases = session.Plan.Schedule.Phases;
        _initialPhase = phases.Count > 1 ? phases[1].StartStep : session.Plan.TotalSteps;
    }

    /// <summary>What is to be measured of the gradient of a step, before the weights change.</summary>
    /// <param name="samples">The samples of the batch, in the order of <see cref="BatchOrder"/>.</param>
    /// <param name="step">The step, counted from 0.</param>
    /// <returns>Takes the gradient of the batch, (P), before clipping; <see langword="null"/> when nothing is to be measured.</returns>
    public Action<Tensor>? OfGradient(Tensor samples, long step) =>
        _wanted.NoiseScale ? gradient => Aside(DiagnosticNames.NoiseScale, () => MeasureNoise(gradient, samples, step)) : null;

    /// <summary>Measures the weights of a step, and hands over all that was measured.</summary>
    /// <returns>32-bit floats (k), with the same k at every step of a run, or <see langword="null"/> for nothing.</returns>
    public Tensor? Values()
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var values = new List<Tensor>();
        if (_norms is { } norms) values.Add(norms);
        _norms = null;
        if (_wanted.LayerDistances) Aside(DiagnosticNames.LayerDistances, () => values.Add(LayerDistances()));
        return values.Count == 0 ? null : cat(values, 0).MoveToOuterDisposeScope();
    }

    /// <summary>Takes the values of the next step that was measured.</summary>
    /// <param name="step">Updates done.</param>
    /// <param name="distance">‖w_t − w_0‖.</param>
    /// <param name="values">What <see cref="Values"/> handed over, read.</param>
    /// <returns>The metrics to report.</returns>
    public IEnumerable<(string Name, double Value)> Read(long step, double distance, ReadOnlyMemory<float> values)
    {
        if (_wanted.DiffusionFit && step <= _initialPhase)
            _clock.Aside(DiagnosticNames.DiffusionFit, () => _state.Diffusion = _state.Diffusion.With(step, distance));
        if (_wanted.NoiseScale)
        {
            var (small, large) = _sizes.Dequeue();
            if (small > 0) _state.NoiseScale = _state.NoiseScale.With(small, large, values.Span[0], values.Span[1]);
            if (_state.NoiseScale.Scale is { } scale) yield return (MetricNames.NoiseScale, scale);
            values = values[2..];
        }
        if (!_wanted.LayerDistances) yield break;
        foreach (var (slice, index) in _session.Weights.Slices.Select((slice, index) => (slice, index)))
            yield return (MetricNames.LayerDistancePrefix + slice.Name, values.Span[index]);
    }

    /// <summary>What was found, once the training is over.</summary>
    public IEnumerable<DiagnosticResult> Results()
    {
        if (_wanted.NoiseScale) yield return Result(DiagnosticNames.NoiseScale, NoiseValues());
        if (_wanted.LayerDistances) yield return Result(DiagnosticNames.LayerDistances, new() { ["parameters"] = _session.Weights.Slices.Count });
        if (_wanted.DiffusionFit) yield return Result(DiagnosticNames.DiffusionFit, DiffusionValues());
    }

    /// <summary>Squared norms of two gradients at the same weights: that of the whole batch, and that of a part.</summary>
    private void MeasureNoise(Tensor gradient, Tensor samples, long step)
    {
        using var scope = NewDisposeScope();
        var part = PartOf((int)samples.shape[0]);
        _sizes.Enqueue((part.Count, part.BatchCount));
        if (part.Count == 0)
        {
            _norms = zeros(2, device: gradient.device).MoveToOuterDisposeScope();
            return;
        }
        Tensor small;
        using (new NetworkSnapshot(_session.Network, weights: null)) small = _gradients.OfPart(samples, step, part);
        _norms = stack([small.square().sum(), gradient.square().sum()]).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The part of a batch whose gradient is compared with that of the whole: a ghost batch, which is normalized by itself either way;
    /// without ghosts half of the batch (less where not even that fits into memory), normalized as a batch of that size. It is empty
    /// for a last, smaller batch of an epoch that would have to be normalized in smaller pieces than the others, for then its gradient
    /// is one of another function.
    /// </summary>
    private BatchSlice PartOf(int samples)
    {
        var layout = GhostLayout.For(samples, _session.Split.GhostSize);
        if (layout.Folded > 0 && layout.Count > 1) return new(layout, 0, 1, 0, 0);
        var half = _session.State.ChunkLimit > 0 ? Math.Min(samples / 2, _session.State.ChunkLimit) : samples / 2;
        return new(layout, 0, 0, 0, layout.Folded > 0 || samples < _fullBatch ? 0 : half);
    }

    private Tensor LayerDistances()
    {
        using var scope = NewDisposeScope();
        var moved = _session.Weights.Values - _session.InitialWeights;
        return stack(_session.Weights.Slices.Select(slice => slice.Of(moved).Norm())).MoveToOuterDisposeScope();
    }

    private Dictionary<string, double> NoiseValues()
    {
        var found = _state.NoiseScale;
        var values = new Dictionary<string, double>
        {
            ["squaredGradient"] = found.SquaredGradient, ["variance"] = found.Variance, ["measurements"] = found.Count,
        };
        if (found.Scale is { } scale) values.Add("noiseScale", scale);
        return values;
    }

    private Dictionary<string, double> DiffusionValues()
    {
        if (_state.Diffusion.Fit() is not { } fit) return new() { ["points"] = _state.Diffusion.Logarithm.Points };
        var values = new Dictionary<string, double>
        {
            ["slope"] = fit.Logarithm.Slope, ["intercept"] = fit.Logarithm.Intercept, ["rSquared"] = fit.Logarithm.RSquared,
            ["rSquaredOfRoot"] = fit.SquareRoot.RSquared, ["from"] = fit.From, ["to"] = fit.To, ["points"] = fit.Logarithm.Points,
        };
        if (fit.Power is { } power) values.Add("exponent", power.Slope);
        if (fit.Alpha is { } alpha) values.Add("alpha", alpha);
        return values;
    }

    private DiagnosticResult Result(string name, Dictionary<string, double> values) => new(name, _state.SecondsOf(name), values);

    /// <summary>Measures outside the time of training. On a GPU, what was queued before is waited for, and so is the measurement.</summary>
    private void Aside(string diagnostic, Action measure)
    {
        Synchronize();
        _clock.Aside(diagnostic, () =>
        {
            measure();
            Synchronize();
        });
    }

    /// <summary>Host synchronization: reading a single weight waits for all that was queued.</summary>
    private void Synchronize()
    {
        if (_session.Weights.Values.device.type == TorchSharp.DeviceType.CPU) return;
        using var scope = NewDisposeScope();
        _ = _session.Weights.Values.narrow(0, 0, 1).cpu();
    }

    public void Dispose() => _norms?.Dispose();
}
