using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// The rows of a mini-batch that are processed at once: all of them, or a chunk when they do not fit into memory together. Rows are in
/// the order of <see cref="BatchOrder"/>: sample i of folded ghost l at i·K + l, then the rest. Chunks take ghosts whole and keep that
/// order within themselves.
/// </summary>
/// <param name="Layout">How the whole batch splits into ghosts; without ghosts all of it is the rest.</param>
/// <param name="FirstGhost">The first folded ghost that is taken.</param>
/// <param name="Ghosts">How many folded ghosts are taken.</param>
/// <param name="FirstRest">The first row of the rest that is taken.</param>
/// <param name="Rest">How many rows of the rest are taken.</param>
public readonly record struct BatchSlice(GhostLayout Layout, int FirstGhost, int Ghosts, int FirstRest, int Rest)
{
    /// <summary>All rows.</summary>
    /// <param name="layout">How they split into ghosts.</param>
    public static BatchSlice Whole(GhostLayout layout) => new(layout, 0, layout.Folded, 0, layout.Rest);

    /// <summary>Rows in the slice.</summary>
    public int Count => Ghosts * Layout.GhostSize + Rest;

    /// <summary>Rows in the whole batch.</summary>
    public int BatchCount => Layout.FoldedSamples + Layout.Rest;

    /// <summary>Whether these are all rows.</summary>
    public bool IsWhole => Count == BatchCount;

    /// <summary>Whether these are the first rows of their batch that are processed.</summary>
    public bool IsFirst => FirstGhost == 0 && FirstRest == 0 && (Ghosts > 0 || Layout.Folded == 0);

    /// <summary>The share of the batch's rows: what the slice's mean counts in the mean of the batch.</summary>
    public double Share => (double)Count / BatchCount;

    /// <summary>The slice's rows of a tensor that has a row for each sample of the batch.</summary>
    /// <param name="batch">(B, …), contiguous.</param>
    /// <returns>(<see cref="Count"/>, …); the tensor itself when the slice is whole.</returns>
    public Tensor Of(Tensor batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (IsWhole) return batch.alias();
        using var scope = NewDisposeScope();
        var rows = batch.shape[1..];
        var parts = new List<Tensor>();
        if (Ghosts > 0)
        {
            var folded = batch.narrow(0, 0, Layout.FoldedSamples).view([Layout.GhostSize, Layout.Folded, .. rows]);
            parts.Add(folded.narrow(1, FirstGhost, Ghosts).reshape([Layout.GhostSize * Ghosts, .. rows]));
        }
        if (Rest > 0) parts.Add(batch.narrow(0, Layout.FoldedSamples + FirstRest, Rest));
        return (parts.Count == 1 ? parts[0] : cat(parts, 0)).MoveToOuterDisposeScope();
    }
}

/// <summary>Where the rows lie that a network is about to see in training.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">The step.</param>
/// <param name="Slice">The rows of the step's batch.</param>
public sealed record BatchPosition(int Seed, long Step, BatchSlice Slice);

/// <summary>A layer whose training depends on more than the rows that it is given.</summary>
internal interface IPositionedLayer
{
    /// <summary>Tells the layer which rows come next.</summary>
    /// <param name="position">Where they lie, or <see langword="null"/> for rows that belong to no step.</param>
    /// <param name="layer">The layer's number in its network.</param>
    void Place(BatchPosition? position, int layer);
}
