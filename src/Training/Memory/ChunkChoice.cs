using TorchSharp;
using Tracker.Domain;

namespace Tracker.Training;

/// <summary>
/// Decides how many samples are processed at once: what the caller forces, or what an interrupted run had, or on the CPU what is
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
        if (options.Resume is not null) return session.State.ChunkLimit;
        if (session.Data.Device.type != DeviceType.CPU || options.FreeMemory() is not { } free) return 0;
        var usable = (long)(free * UsableShare);
        if (spec.Batch * LargestSample <= usable || MemoryEstimate.Measure(session, spec.Seed) is not { } estimate) return 0;
        if (estimate.For(spec.Batch) <= usable) return 0;
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
