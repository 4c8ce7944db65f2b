using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Training;

/// <summary>
/// Dropout (Srivastava et al. 2014) whose mask is a function of (seed, step, layer, row of the batch): a batch that is processed in
/// chunks loses the same activations as one that is processed whole. Without a step to belong to it is ordinary dropout.
/// </summary>
public sealed class BatchDropout : Module<Tensor, Tensor>, IPositionedLayer
{
    /// <summary>More layers than any network has, so that no two draws share a seed.</summary>
    private const long MostLayers = 1 << 10;

    private readonly double _probability;
    private BatchPosition? _position;
    private int _layer;
    private Tensor? _mask;
    private long _maskStep = -1;

    /// <summary>Creates the layer.</summary>
    /// <param name="probability">Share of the activations that are set to 0, from 0 up to but not including 1; the others grow to keep the expectation.</param>
    public BatchDropout(double probability) : base(nameof(BatchDropout))
    {
        _probability = probability;
        RegisterComponents();
    }

    /// <summary>Drops activations in training, passes them on in evaluation.</summary>
    /// <param name="input">(N, …).</param>
    /// <returns>The same shape.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!training || _position is not { } position) return F.dropout(input, _probability, training);
        if (!position.Slice.IsWhole) return Chunk(input, position);
        Seed(position);
        return F.dropout(input, _probability);
    }

    /// <summary>The mask is drawn once for all rows of the step, as dropout of ones, and serves every chunk of it.</summary>
    private Tensor Chunk(Tensor input, BatchPosition position)
    {
        using var scope = NewDisposeScope();
        if (_mask is null || _maskStep != position.Step)
        {
            _mask?.Dispose();
            Seed(position);
            var all = ones([position.Slice.BatchCount, .. input.shape[1..]], dtype: input.dtype, device: input.device);
            _mask = F.dropout(all, _probability).DetachFromDisposeScope();
            _maskStep = position.Step;
        }
        return (input * position.Slice.Of(_mask)).MoveToOuterDisposeScope();
    }

    private void Seed(BatchPosition position) =>
        StatelessRandom.SeedFor(position.Seed, RandomPurpose.Dropout, position.Step * MostLayers + _layer);

    void IPositionedLayer.Place(BatchPosition? position, int layer) => (_position, _layer) = (position, layer);

    /// <summary>Frees the mask of the last step.</summary>
    /// <param name="disposing">Whether this is called by <c>Dispose</c>.</param>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _mask?.Dispose();
        base.Dispose(disposing);
    }
}
