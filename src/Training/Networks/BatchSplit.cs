namespace Tracker.Training;

/// <summary>
/// How a mini-batch may be split without changing what is trained: batch normalization needs its ghosts whole, without ghosts the whole
/// batch; without normalization every sample stands alone.
/// </summary>
/// <param name="IsNormalized">Whether the network has batch normalization.</param>
/// <param name="GhostSize">Samples in a ghost batch; 0 for none.</param>
public sealed record BatchSplit(bool IsNormalized, int GhostSize)
{
    /// <summary>Whether there is any way to split.</summary>
    public bool IsPossible => !IsNormalized || GhostSize > 0;

    /// <summary>The fewest samples of a chunk.</summary>
    public int Smallest => IsNormalized ? GhostSize : 1;

    /// <summary>Splits a batch into chunks of about the same size.</summary>
    /// <param name="samples">Samples in the batch.</param>
    /// <param name="limit">The most samples of a chunk, not counting what its last ghost cannot do without; 0 for no limit.</param>
    public IReadOnlyList<BatchSlice> Chunks(int samples, int limit)
    {
        var layout = GhostLayout.For(samples, GhostSize);
        if (limit == 0 || samples <= limit || !IsPossible) return [BatchSlice.Whole(layout)];
        return IsNormalized ? [.. GhostChunks(layout, limit)] : [.. Shares(samples, limit).Select(s => new BatchSlice(layout, 0, 0, s.First, s.Count))];
    }

    /// <summary>The limit that halves the chunks, or <see langword="null"/> when they cannot be smaller.</summary>
    /// <param name="samples">Samples in the batch.</param>
    /// <param name="limit">The limit so far.</param>
    public int? Halved(int samples, int limit)
    {
        var present = limit == 0 ? samples : Math.Min(limit, samples);
        if (!IsPossible || present <= Smallest) return null;
        return Math.Max(Smallest, (present + 1) / 2 / Smallest * Smallest);
    }

    private static IEnumerable<BatchSlice> GhostChunks(GhostLayout layout, int limit)
    {
        var shares = Shares(layout.Folded, Math.Max(1, limit / layout.GhostSize)).ToList();
        foreach (var (index, (first, count)) in shares.Index())
        {
            var takesRest = index == shares.Count - 1 && count * layout.GhostSize + layout.Rest <= limit;
            yield return new(layout, first, count, 0, takesRest ? layout.Rest : 0);
            if (takesRest) yield break;
        }
        if (layout.Rest > 0) yield return new(layout, layout.Folded, 0, 0, layout.Rest);
    }

    /// <summary>Cuts a number of things into as few parts as the limit allows, all of nearly the same size.</summary>
    private static IEnumerable<(int First, int Count)> Shares(int count, int limit)
    {
        var parts = (count + limit - 1) / limit;
        for (var part = 0; part < parts; part++)
        {
            var first = (int)((long)count * part / parts);
            yield return (first, (int)((long)count * (part + 1) / parts) - first);
        }
    }
}
