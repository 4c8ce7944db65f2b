using Tracker.Domain;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Training;

/// <summary>
/// Ghost Batch Normalization (section 4 and Algorithm 1 of the paper) for (N, C) and (N, C, H, W): every ghost batch is normalized by
/// its own mean and variance, all in one call. Ghost l holds the samples n with n mod K = l of the folded part of the batch, which
/// <see cref="BatchOrder"/> arranges to be consecutive samples of the shuffled order, as in the authors' code. The running statistics
/// are those of K successive updates, <c>run ← (1−η)^K run + Σ_{l=1..K} (1−η)^{K−l} η stat_l</c>, with the unbiased variance; the
/// formula as printed in Algorithm 1 does not sum to one. With <see cref="GhostStatistics.Equal"/> every ghost weighs
/// <c>(1 − (1−η)^K) / K</c> instead. With one ghost this is plain batch normalization, and so it is in evaluation.
/// </summary>
public sealed class GhostBatchNorm : Module<Tensor, Tensor>, IPositionedLayer
{
    /// <summary>η, the weight of one ghost in the running statistics (PyTorch's default).</summary>
    public const double Momentum = 0.1;

    /// <summary>Added to the variance (PyTorch's default).</summary>
    public const double Epsilon = 1e-5;

    private readonly long _channels;
    private readonly int _ghostSize;
    private GhostWeights _weights;
    private BatchSlice? _chunk;

#pragma warning disable CA2213 // Registered components are disposed of by the base class.
    private Parameter weight;
    private Parameter bias;
    private Tensor running_mean;
    private Tensor running_var;
    private Tensor num_batches_tracked;
#pragma warning restore CA2213

    /// <summary>Creates the layer: scale 1, shift 0, running mean 0, running variance 1.</summary>
    /// <param name="channels">C, the number of channels or features.</param>
    /// <param name="ghostSize">Samples in a ghost batch; 0 for plain batch normalization.</param>
    /// <param name="statistics">How the ghosts of a batch enter the running statistics.</param>
    /// <param name="relu">Whether the output goes through ReLU.</param>
    public GhostBatchNorm(long channels, int ghostSize, GhostStatistics statistics = GhostStatistics.Sequential, bool relu = false)
        : base(nameof(GhostBatchNorm))
    {
        HasRelu = relu;
        _channels = channels;
        _ghostSize = ghostSize;
        _weights = new(statistics);
        weight = Parameter(ones(channels));
        bias = Parameter(zeros(channels));
        running_mean = zeros(channels);
        running_var = ones(channels);
        num_batches_tracked = zeros([], dtype: ScalarType.Int64);
        RegisterComponents();
    }

    /// <summary>Whether the output goes through ReLU.</summary>
    public bool HasRelu { get; }

    /// <summary>How the ghosts of a batch enter the running statistics.</summary>
    internal GhostStatistics Statistics
    {
        get => _weights.Statistics;
        set
        {
            _weights.Dispose();
            _weights = new(value);
        }
    }

    /// <summary>C.</summary>
    internal long Channels => _channels;

    /// <summary>γ, (C).</summary>
    internal Parameter Scale => weight;

    /// <summary>β, (C).</summary>
    internal Parameter Shift => bias;

    /// <summary>Running mean (C), running variance (C), number of batches.</summary>
    internal IReadOnlyList<Tensor> RunningState => [running_mean, running_var, num_batches_tracked];

    /// <summary>How rows split into ghosts.</summary>
    /// <param name="rows">Number of rows.</param>
    internal GhostLayout LayoutOf(int rows) => GhostLayout.For(rows, _ghostSize);

    /// <summary>What the running statistics keep, and what each of the coming ghosts counts in them.</summary>
    /// <param name="ghosts">How many ghosts come.</param>
    internal (double Kept, double[] Weights) RunningShares(int ghosts)
    {
        if (_chunk is { } chunk)
        {
            var kept = Math.Pow(1 - Momentum, chunk.Layout.Count);
            return (chunk.IsFirst ? kept : 1, [.. Enumerable.Repeat((1 - kept) / chunk.Layout.Count, ghosts)]);
        }
        return (Math.Pow(1 - Momentum, ghosts), [.. Enumerable.Range(1, ghosts).Select(l => _weights.Weight(l, ghosts))]);
    }

    /// <summary>Normalizes a batch, and in training updates the running statistics.</summary>
    /// <param name="input">(N, C) or (N, C, H, W).</param>
    /// <returns>The same shape.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (training && MapNorm.Takes(input)) return MapNorm.Forward(input, this, null, HasRelu);
        var output = training ? NormalizeInTraining(input) : Normalize(input);
        return HasRelu ? output.relu_() : output;
    }

    /// <summary>The end of a residual block: ReLU of the normalized batch and a shortcut.</summary>
    /// <param name="input">(N, C, H, W).</param>
    /// <param name="shortcut">The same shape.</param>
    /// <returns>The same shape.</returns>
    public Tensor WithShortcut(Tensor input, Tensor shortcut)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(shortcut);
        if (training && MapNorm.Takes(input)) return MapNorm.Forward(input, this, shortcut, relu: true);
        return (training ? NormalizeInTraining(input) : Normalize(input)).add_(shortcut).relu_();
    }

    private Tensor NormalizeInTraining(Tensor input)
    {
        var layout = LayoutOf((int)input.shape[0]);
        if (layout.Count == 1 && _chunk is null) return NormalizeWhole(input);

        using var scope = NewDisposeScope();
        if (layout.Folded == 0) layout = new((int)input.shape[0], 1, 0);
        var (output, mean, variance) = NormalizeGhosts(input.narrow(0, 0, layout.FoldedSamples), layout.Folded);
        if (layout.Rest > 0)
        {
            var rest = NormalizeGhosts(input.narrow(0, layout.FoldedSamples, layout.Rest), 1);
            output = cat(new List<Tensor> { output, rest.Output }, 0);
            mean = cat(new List<Tensor> { mean, rest.Mean }, 0);
            variance = cat(new List<Tensor> { variance, rest.Variance }, 0);
        }
        UpdateRunningStatistics(mean, variance, layout.Count);
        return output.MoveToOuterDisposeScope();
    }

    private Tensor Normalize(Tensor input) =>
        F.batch_norm(input, running_mean, running_var, weight, bias, false, Momentum, Epsilon);

    /// <summary>One ghost: libtorch's own batch normalization and running update.</summary>
    private Tensor NormalizeWhole(Tensor input)
    {
        CountBatches(1);
        return F.batch_norm(input, running_mean, running_var, weight, bias, true, Momentum, Epsilon);
    }

    /// <summary>
    /// K ghosts at once: (g·K, C, …) seen as (g, K·C, …) has one channel for each channel of each ghost. Averaging with weight 1 makes
    /// libtorch leave the statistics of this batch in the two vectors, so they cost no second pass over the data.
    /// </summary>
    /// <returns>The output, and mean and unbiased variance of each ghost, (K, C).</returns>
    private (Tensor Output, Tensor Mean, Tensor Variance) NormalizeGhosts(Tensor input, int ghosts)
    {
        var shape = input.shape;
        long[] folded = [shape[0] / ghosts, ghosts * _channels, .. shape[2..]];
        var mean = zeros(ghosts * _channels, device: input.device);
        var variance = zeros(ghosts * _channels, device: input.device);
        var output = F.batch_norm(input.reshape(folded), mean, variance, weight.repeat(ghosts), bias.repeat(ghosts), true, 1.0, Epsilon);
        return (output.reshape(shape), mean.view(ghosts, _channels), variance.view(ghosts, _channels));
    }

    private void UpdateRunningStatistics(Tensor means, Tensor variances, int ghosts)
    {
        using var ungraded = no_grad();
        if (_chunk is { } chunk) AddEqual(means, variances, chunk);
        else
        {
            var weights = _weights.For(ghosts, means.device);
            var kept = Math.Pow(1 - Momentum, ghosts);
            running_mean.mul_(kept).add_(weights.matmul(means));
            running_var.mul_(kept).add_(weights.matmul(variances));
        }
        CountBatches(ghosts);
    }

    /// <summary>Ghosts of a chunk that weigh what all ghosts of their batch weigh, whatever chunk they are in.</summary>
    private void AddEqual(Tensor means, Tensor variances, BatchSlice chunk)
    {
        var kept = Math.Pow(1 - Momentum, chunk.Layout.Count);
        var each = (1 - kept) / chunk.Layout.Count;
        if (!chunk.IsFirst) kept = 1;
        running_mean.mul_(kept).add_(means.sum(0L), each);
        running_var.mul_(kept).add_(variances.sum(0L), each);
    }

    /// <summary>Sequential statistics of chunk after chunk are those of the whole batch; only equal weights must know of the others.</summary>
    void IPositionedLayer.Place(BatchPosition? position, int layer) =>
        _chunk = Statistics == GhostStatistics.Equal && position is { Slice.IsWhole: false } ? position.Slice : null;

    private void CountBatches(int ghosts)
    {
        using var ungraded = no_grad();
        num_batches_tracked.add_(ghosts);
    }

    /// <summary>Frees the layer's tensors.</summary>
    /// <param name="disposing">Whether this is called by <c>Dispose</c>.</param>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _weights.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>What each of K ghosts weighs in the running statistics, kept on the device between steps.</summary>
    private sealed class GhostWeights(GhostStatistics statistics) : IDisposable
    {
        // A captured step reads them where they lie, so those of another batch size must not take their place.
        private readonly Dictionary<int, Tensor> _cached = [];

        public GhostStatistics Statistics => statistics;

        public Tensor For(int ghosts, Device device)
        {
            if (_cached.TryGetValue(ghosts, out var kept)) return kept;
            var weights = Enumerable.Range(1, ghosts).Select(l => (float)Weight(l, ghosts)).ToArray();
            return _cached[ghosts] = tensor(weights, device: device).DetachFromDisposeScope();
        }

        public double Weight(int ghost, int ghosts) => statistics == GhostStatistics.Equal
            ? (1 - Math.Pow(1 - Momentum, ghosts)) / ghosts
            : Math.Pow(1 - Momentum, ghosts - ghost) * Momentum;

        public void Dispose()
        {
            foreach (var weights in _cached.Values) weights.Dispose();
        }
    }
}
