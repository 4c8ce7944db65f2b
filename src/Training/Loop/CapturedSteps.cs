using System.Runtime.InteropServices;
using Tracker.Domain;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Steps whose forward, backward, clipping and update are recorded as one graph and replayed. Batches are made outside it and copied
/// to where the graph reads them. A graph holds for one batch size and one learning rate: rates stay for many steps, and it is
/// recorded anew after a change. Everything else is done eagerly: the first steps, in which libraries make their choices, the smaller
/// last batch of an epoch, steps whose gradient is inspected, and warm-up, where every step has a rate of its own. The first replay of
/// a graph is compared with the same step done eagerly; if a single bit differs, or recording fails, the run goes on eagerly and says so.
/// </summary>
internal sealed class CapturedSteps : IStepExecutor
{
    /// <summary>Eager steps before the first recording.</summary>
    private const int EagerStart = 3;

    private readonly TrainingSession _session;
    private readonly BatchGradient _gradient;
    private readonly EagerSteps _eager;
    private readonly IGraph _graph;
    private readonly IRunSink _sink;
    private readonly int _batch;
    private BatchInput? _input;
    private StepOutcome? _outcome;
    private double? _recordedRate;
    private double? _lastRate;
    private int _eagerDone;
    private bool _givenUp;

    private CapturedSteps(TrainingSession session, BatchGradient gradient, IGraph graph, IRunSink sink, int batch)
    {
        (_session, _gradient, _graph, _sink, _batch) = (session, gradient, graph, sink, batch);
        _eager = new(gradient, session.Optimizer);
    }

    /// <summary>Steps with a graph where there can be one, else without.</summary>
    /// <param name="session">What is trained.</param>
    /// <param name="gradient">Forward and backward.</param>
    /// <param name="graph">Makes graphs; <see langword="null"/> when the device has none.</param>
    /// <param name="sink">Where to tell that there is no graph after all.</param>
    /// <param name="batch">Samples in a full batch.</param>
    public static IStepExecutor For(TrainingSession session, BatchGradient gradient, Func<IGraph>? graph, IRunSink sink, int batch)
    {
        ArgumentNullException.ThrowIfNull(session);
        // Dropout seeds the device's generator layer by layer, and several gradients to a step depend on their number: no graph can hold that.
        var isPlain = session.Optimizer.GradientsPerStep == 1 && !session.Network.modules().Any(m => m is BatchDropout or Dropout);
        return graph is not null && isPlain ? new CapturedSteps(session, gradient, graph(), sink, batch) : new EagerSteps(gradient, session.Optimizer);
    }

    public string? Remark => _recordedRate is null ? null : "steps captured";

    public StepOutcome Execute(Tensor samples, long step, double rate, Action<Tensor>? inspect)
    {
        var isSteady = rate == _lastRate;
        _lastRate = rate;
        var isFull = samples.shape[0] == _batch && !_gradient.IsSplit(_batch);
        if (_givenUp || !isFull || inspect is not null) return _eager.Execute(samples, step, rate, inspect);
        if (_recordedRate == rate) return Replay(samples, step);
        if (_eagerDone >= EagerStart && isSteady) return Record(samples, step, rate);
        _eagerDone++;
        return _eager.Execute(samples, step, rate, null);
    }

    private StepOutcome Replay(Tensor samples, long step)
    {
        using (NewDisposeScope()) _input!.CopyFrom(_gradient.Prepare(samples, _gradient.Whole(_batch, step)));
        _graph.Replay();
        return _outcome!;
    }

    /// <summary>Records the step, tries it, and does it eagerly.</summary>
    private StepOutcome Record(Tensor samples, long step, double rate)
    {
        using (NewDisposeScope())
        {
            var input = _gradient.Prepare(samples, _gradient.Whole(_batch, step));
            if (_input is null) _input = input.Copy();
            else _input.CopyFrom(input);
        }
        Forget();
        try
        {
            _graph.Record(() => Work(_input, _gradient.Whole(_batch, step), rate));
        }
        catch (ExternalException e)
        {
            GiveUp($"Steps could not be captured ({e.Message.Split('\n')[0]}).");
            return _eager.Execute(samples, step, rate, null);
        }
        _recordedRate = rate;
        using var before = new StateCopy(_session);
        _graph.Replay();
        using var replayed = new StateCopy(_session);
        before.Restore();
        var outcome = _eager.Execute(samples, step, rate, null);
        // Host synchronization: one comparison for each recording.
        if (!replayed.IsCurrent()) GiveUp("A captured step gave other numbers than the same step without capture.");
        return outcome;
    }

    /// <summary>What is recorded. Its results stay where they are, so they outlive every scope.</summary>
    private void Work(BatchInput input, BatchPosition position, double rate)
    {
        using var scope = NewDisposeScope();
        var pass = _gradient.Of(input, position);
        var norm = _session.Optimizer.Update(pass.Gradient, rate);
        Forget();
        _outcome = new(
            pass.CrossEntropy.DetachFromDisposeScope(), norm.DetachFromDisposeScope(), pass.Logits.DetachFromDisposeScope(), input.Labels);
    }

    private void GiveUp(string why)
    {
        _givenUp = true;
        _recordedRate = null;
        _sink.Event(EventLevel.Warning, $"{why} The run goes on without.");
    }

    private void Forget()
    {
        if (_outcome is not { } old) return;
        foreach (var tensor in new[] { old.CrossEntropy, old.GradientNorm, old.Logits }) tensor.Dispose();
        _outcome = null;
    }

    public void Dispose()
    {
        Forget();
        _input?.Dispose();
        _graph.Dispose();
    }

    /// <summary>A copy of all that a step changes: weights, the optimizer's vectors, running statistics.</summary>
    private sealed class StateCopy : IDisposable
    {
        private readonly List<(Tensor Live, Tensor Copy)> _pairs;

        public StateCopy(TrainingSession session)
        {
            var buffers = StateDictionary.Of(session.Network).Select(s => s.Value).Where(v => v is not Parameter);
            Tensor[] live = [session.Weights.Values, .. session.Optimizer.State.Select(s => s.Vector), .. buffers];
            _pairs = [.. live.Select(t => (t, t.detach().clone().DetachFromDisposeScope()))];
        }

        public void Restore()
        {
            using var ungraded = no_grad();
            foreach (var (live, copy) in _pairs) live.copy_(copy);
        }

        public bool IsCurrent()
        {
            using var scope = NewDisposeScope();
            return stack([.. _pairs.Select(p => p.Live.detach().eq(p.Copy).all())]).all().item<bool>();
        }

        public void Dispose()
        {
            foreach (var (_, copy) in _pairs) copy.Dispose();
        }
    }
}
