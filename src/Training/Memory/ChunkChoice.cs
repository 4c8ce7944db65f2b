using TorchSharp;
using Tracker.Domain;

namespace Tracker.Training;

/// <summary>
/// Decides how many samples are processed at once: what the caller forces, or what an interrupted run had, and on the CPU no more than is
/// estimated to fit. There the kernel ends a process that takes too much, without a chance to try again; on a GPU a batch that does not
/// fit fails orderly, and <see cref="BatchGradient"/> halves it then.
/// </summary>
internal static class ChunkChoice
{
    /// <summary>The share of the free memory that a batch may take: data, checkpoints and neighbours need some too.</summary>
    private const double UsableShare = 0.6;

    /// <summary>No network of the catalogue takes more for one sample; a batch that fits even so is not measured.</summary>
    private const long LargestSample = 16 << 20;

    /// <summary>Decides.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="session">Its network and data.</param>
    /// <param name="options">What the caller forces, and how much memory there is.</param>
    /// <returns>The most samples at once; 0 for the whole batch.</returns>
    /// <exception cref="SpecificationException">The forced size would split what cannot be split.</exception>
    /// <exception cref="TrainingOutOfMemoryException">The smallest possible part does not fit.</exception>
    public static int Limit(RunSpec spec, TrainingSession session, TrainingOptions options)
    {
        if (options.MicroBatch is { } forced) return Forced(spec, session.Split, forced);
        var earlier = session.State.ChunkLimit;
        if (session.Data.Device.type != DeviceType.CPU || options.FreeMemory() is not { } free) return earlier;
        var usable = (long)(free * UsableShare);
        var samples = earlier > 0 ? earlier : spec.Batch;
        if (samples * LargestSample <= usable || MemoryEstimate.Measure(session, spec.Seed) is not { } estimate) return earlier;
        // A run that goes on keeps its chunks as long as they fit at all, since other chunks change the last bits.
        if (estimate.For(samples) <= (options.Resume is null ? usable : free)) return earlier;
        var smallest = session.Split.IsPossible ? session.Split.Smallest : spec.Batch;
        if (estimate.For(smallest) > free) throw TrainingOutOfMemoryException.Foreseen(estimate.For(smallest), free, smallest, session.Split);
        return session.Split.IsPossible ? Math.Max(smallest, estimate.Samples(usable)) : 0;
    }

    private static int Forced(RunSpec spec, BatchSplit split, int forced)
    {
        if (forced >= spec.Batch) return 0;
        if (!split.IsPossible)
            throw Refused($"Batch normalization needs the whole batch of {spec.Batch}; with +gbn, or without normalization, it can be processed {forced} at a time.");
        if (forced < split.Smallest) throw Refused($"Expected at least one ghost batch, {split.Smallest} samples, found {forced}.");
        return forced;
    }

    private static SpecificationException Refused(string message) => new([new("microBatch", message)]);
}
