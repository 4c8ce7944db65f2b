namespace Tracker.Training;

/// <summary>
/// How a batch splits into ghost batches (section 4 of the paper): <paramref name="Folded"/> ghosts of exactly
/// <paramref name="GhostSize"/> samples, which are normalized in one call, then <paramref name="Rest"/> samples that form one more
/// ghost. A rest of a single sample would leave nothing to normalize by, so it joins the ghost before it.
/// </summary>
/// <param name="GhostSize">Samples in a full ghost batch.</param>
/// <param name="Folded">Number of ghosts that are normalized in one call.</param>
/// <param name="Rest">Samples in the last, irregular ghost; 0 when there is none.</param>
public readonly record struct GhostLayout(int GhostSize, int Folded, int Rest)
{
    /// <summary>Number of ghosts.</summary>
    public int Count => Folded + (Rest > 0 ? 1 : 0);

    /// <summary>Samples in the folded ghosts.</summary>
    public int FoldedSamples => Folded * GhostSize;

    /// <summary>Splits a batch.</summary>
    /// <param name="samples">Samples in the batch, at least 1.</param>
    /// <param name="ghostSize">Samples in a ghost batch, or 0 for one ghost, the whole batch: plain batch normalization.</param>
    public static GhostLayout For(int samples, int ghostSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ghostSize);
        if (ghostSize == 0 || samples <= ghostSize) return new(samples, 0, samples);
        var (full, rest) = Math.DivRem(samples, ghostSize);
        return rest == 1 ? new(ghostSize, full - 1, ghostSize + 1) : new(ghostSize, full, rest);
    }
}
