using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>What forward and backward over a mini-batch give.</summary>
/// <param name="Gradient">The gradient of the batch's mean loss, (P).</param>
/// <param name="CrossEntropy">Mean cross-entropy, a scalar.</param>
/// <param name="Logits">(N, classes), without a graph.</param>
/// <param name="Labels">(N), in the order of the logits.</param>
internal sealed record BatchPass(Tensor Gradient, Tensor CrossEntropy, Tensor Logits, Tensor Labels);

/// <summary>
/// Forward and backward over one mini-batch. When the batch does not fit into memory it is processed in chunks (<see cref="BatchSplit"/>)
/// whose gradients add up to that of the whole batch: every random draw is made for the whole batch and each chunk takes its rows. When
/// memory runs out at the first batch of its size, the chunks are halved, down to what cannot be split.
/// </summary>
internal sealed class BatchGradient
{
    private readonly TrainingSession _session;
    private readonly int _seed;
    private readonly IRunSink _sink;
    private readonly IReadOnlyList<IPositionedLayer> _layers;

    /// <summary>The size of the largest batch that is known to fit.</summary>
    private int _proven;

    public BatchGradient(TrainingSession session, RunSpec spec, IRunSink sink)
    {
        _session = session;
        _sink = sink;
        _seed = spec.Seed;
        _layers = [.. session.Network.modules().OfType<IPositionedLayer>()];
    }

    /// <summary>Computes loss and gradient at the present weights.</summary>
    /// <param name="samples">The samples of the batch, in the order of <see cref="BatchOrder"/>.</param>
    /// <param name="step">The step, which together with the seed decides every random draw.</param>
    /// <exception cref="TrainingOutOfMemoryException">Not even the smallest chunk fits.</exception>
    public BatchPass Of(Tensor samples, long step)
    {
        var count = (int)samples.shape[0];
        if (count <= _proven) return Sum(samples, step);
        while (true)
        {
            // Layers that were passed before memory ran out have updated their running statistics already.
            using var before = new NetworkSnapshot(_session.Network, null);
            try
            {
                var pass = Sum(samples, step);
                before.Forget();
                _proven = count;
                return pass;
            }
            catch (Exception e) when (TrainingOutOfMemoryException.IsOutOfMemory(e))
            {
                Halve(count, e);
            }
        }
    }

    private void Halve(int count, Exception cause)
    {
        var limit = _session.Split.Halved(count, _session.State.ChunkLimit) ?? throw new TrainingOutOfMemoryException(cause, _session.Split);
        _session.State.ChunkLimit = limit;
        _sink.Event(EventLevel.Info, $"A batch of {count} does not fit into memory: from now on it is processed {limit} at a time.");
    }

    private BatchPass Sum(Tensor samples, long step)
    {
        var chunks = _session.Split.Chunks((int)samples.shape[0], _session.State.ChunkLimit);
        if (chunks.Count == 1) return Pass(samples, new(_seed, step, chunks[0]));
        using var scope = NewDisposeScope();
        var parts = chunks.Select(c => Pass(samples, new(_seed, step, c)));
        var (gradient, crossEntropy) = (zeros_like(_session.Weights.Values), zeros([], device: samples.device));
        List<Tensor> logits = [], labels = [];
        foreach (var part in parts)
        {
            gradient.add_(part.Gradient);
            part.Gradient.Dispose();
            crossEntropy.add_(part.CrossEntropy);
            logits.Add(part.Logits);
            labels.Add(part.Labels);
        }
        var sum = new BatchPass(gradient, crossEntropy, cat(logits, 0), cat(labels, 0));
        foreach (var tensor in new[] { sum.Gradient, sum.CrossEntropy, sum.Logits, sum.Labels }) tensor.MoveToOuterDisposeScope();
        return sum;
    }

    /// <summary>The gradient of the mean loss over a part of a batch, as it would be in a batch of that size.</summary>
    /// <param name="samples">The samples of the whole batch.</param>
    /// <param name="step">The step, which together with the seed decides every random draw.</param>
    /// <param name="part">The part.</param>
    /// <returns>(P).</returns>
    public Tensor OfPart(Tensor samples, long step, BatchSlice part)
    {
        using var scope = NewDisposeScope();
        return Pass(samples, new(_seed, step, part)).Gradient.div_(part.Share).MoveToOuterDisposeScope();
    }

    /// <summary>Passes a batch through the network as a step of the training does, but for nothing else than the running statistics.</summary>
    /// <param name="samples">The samples of the batch.</param>
    /// <param name="step">The step, which together with the seed decides every random draw.</param>
    public void Observe(Tensor samples, long step)
    {
        using var ungraded = no_grad();
        foreach (var chunk in _session.Split.Chunks((int)samples.shape[0], _session.State.ChunkLimit))
        {
            using var scope = NewDisposeScope();
            var position = new BatchPosition(_seed, step, chunk);
            Forward(Prepare(samples, position).Images, position);
        }
    }

    /// <summary>One chunk: its share of the batch's mean loss, and the gradient of that share.</summary>
    private BatchPass Pass(Tensor samples, BatchPosition position)
    {
        using var scope = NewDisposeScope();
        var pass = Of(Prepare(samples, position), position);
        foreach (var tensor in new[] { pass.Gradient, pass.CrossEntropy, pass.Logits, pass.Labels }) tensor.MoveToOuterDisposeScope();
        return pass;
    }

    /// <summary>All samples of a batch of some size.</summary>
    /// <param name="samples">The number of samples.</param>
    /// <param name="step">The step.</param>
    public BatchPosition Whole(int samples, long step) => new(_seed, step, BatchSlice.Whole(GhostLayout.For(samples, _session.Split.GhostSize)));

    /// <summary>Whether a batch of some size is processed in chunks.</summary>
    /// <param name="samples">The number of samples.</param>
    public bool IsSplit(int samples) => _session.Split.Chunks(samples, _session.State.ChunkLimit).Count > 1;

    /// <summary>Makes all that a pass reads besides weights.</summary>
    /// <param name="samples">The samples of the whole batch.</param>
    /// <param name="position">Which of them.</param>
    public BatchInput Prepare(Tensor samples, BatchPosition position)
    {
        var (images, labels) = _session.Data.TrainingBatch(samples, position);
        return new(images, labels, _session.Objective.Factors(position, samples.device));
    }

    /// <summary>Forward and backward over prepared samples: arithmetic alone.</summary>
    /// <param name="input">The samples.</param>
    /// <param name="position">Their place in the batch.</param>
    public BatchPass Of(BatchInput input, BatchPosition position)
    {
        using var scope = NewDisposeScope();
        var logits = Forward(input.Images, position);
        var (minimized, crossEntropy) = Objective.Of(logits, input.Labels, input.Noise, position.Slice.Share);
        var pass = new BatchPass(_session.Weights.Gradient(minimized), crossEntropy, logits.detach(), input.Labels);
        foreach (var tensor in new[] { pass.Gradient, pass.CrossEntropy, pass.Logits }) tensor.MoveToOuterDisposeScope();
        return pass;
    }

    private Tensor Forward(Tensor images, BatchPosition position)
    {
        Place(position);
        var logits = _session.Arithmetic.Forward(_session.Network, images);
        Place(null);
        return logits;
    }

    private void Place(BatchPosition? position)
    {
        for (var i = 0; i < _layers.Count; i++) _layers[i].Place(position, i);
    }
}
