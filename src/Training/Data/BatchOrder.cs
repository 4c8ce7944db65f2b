using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Which samples are in which mini-batch, as a pure function of (seed, epoch, batch). An epoch visits every sample once, in a random
/// order; the last batch is smaller when the batch size does not divide the number of samples (kept, as in the authors' code, unless
/// it is a single sample, which batch normalization cannot use).
/// </summary>
public sealed class BatchOrder : IDisposable
{
    private readonly int _samples;
    private readonly int _batch;
    private readonly int _ghostSize;
    private readonly int _seed;
    private readonly Device _device;
    private Tensor? _order;
    private long _epoch = -1;

    /// <summary>Creates the order of a run.</summary>
    /// <param name="samples">Number of training samples.</param>
    /// <param name="batch">Samples in a full batch.</param>
    /// <param name="ghostSize">Samples in a ghost batch; 0 for none.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="device">Where the indexes are needed.</param>
    public BatchOrder(int samples, int batch, int ghostSize, int seed, Device device)
    {
        _samples = samples;
        _batch = batch;
        _ghostSize = ghostSize;
        _seed = seed;
        _device = device;
    }

    /// <summary>Samples in a full batch.</summary>
    public int BatchSize => _batch;

    /// <summary>The samples of one batch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="index">The batch in the epoch, from 0.</param>
    /// <returns>
    /// Indexes, (n), 64-bit integers. The folded ghosts are interleaved, so that <see cref="GhostBatchNorm"/> finds in ghost l the l-th
    /// run of consecutive samples of the shuffled order.
    /// </returns>
    public Tensor Indexes(long epoch, int index)
    {
        using var scope = NewDisposeScope();
        var start = (long)index * _batch;
        var count = (int)Math.Min(_batch, _samples - start);
        var samples = EpochOrder(epoch).narrow(0, start, count);
        return Interleave(samples, _ghostSize).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Reorders a batch so that its consecutive ghosts come to lie where <see cref="GhostBatchNorm"/> looks for them: sample i of folded
    /// ghost l moves to place i·K + l.
    /// </summary>
    /// <param name="samples">Indexes, (n).</param>
    /// <param name="ghostSize">Samples in a ghost batch; 0 for none.</param>
    /// <returns>The same indexes in another order.</returns>
    public static Tensor Interleave(Tensor samples, int ghostSize)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var layout = GhostLayout.For((int)samples.shape[0], ghostSize);
        if (layout.Folded < 2) return samples.alias();
        using var scope = NewDisposeScope();
        var folded = samples.narrow(0, 0, layout.FoldedSamples).view(layout.Folded, layout.GhostSize).t().reshape(layout.FoldedSamples);
        var rest = samples.narrow(0, layout.FoldedSamples, layout.Rest);
        return cat(new List<Tensor> { folded, rest }, 0).MoveToOuterDisposeScope();
    }

    /// <summary>The shuffled order of an epoch, drawn on the CPU so that it is the same for every device.</summary>
    private Tensor EpochOrder(long epoch)
    {
        if (_order is { } kept && _epoch == epoch) return kept;
        _order?.Dispose();
        StatelessRandom.SeedFor(_seed, RandomPurpose.Order, epoch);
        _order = randperm(_samples, dtype: ScalarType.Int64).OnDevice(_device).DetachFromDisposeScope();
        _epoch = epoch;
        return _order;
    }

    /// <summary>Frees the order of the current epoch.</summary>
    public void Dispose() => _order?.Dispose();
}
