namespace Tracker.Domain;

/// <summary>What runs ask of a device. Runs of one shape are interchangeable as far as devices are concerned.</summary>
/// <param name="index">Its number among the shapes of a queue.</param>
/// <param name="run">A run of this shape.</param>
internal sealed class RunShape(int index, WaitingRun run)
{
    internal int Index { get; } = index;

    internal DeviceClass Class { get; } = run.Device;

    internal bool Timing { get; } = run.Timing;

    /// <summary>Bytes of device memory; 0 when unknown.</summary>
    internal long Memory { get; } = run.MemoryBytes;

    internal IReadOnlyList<string> Labels { get; } = run.Labels;

    /// <summary>Whether a free slot may not be enough, so that a device must be held back for it lest it wait for ever.</summary>
    internal bool Wide => Timing || Memory > 0;

    internal bool HasSameNeeds(WaitingRun other) =>
        Class == other.Device && Timing == other.Timing && Memory == other.MemoryBytes && HasSameLabels(other.Labels);

    private bool HasSameLabels(IReadOnlyList<string> labels)
    {
        if (labels.Count != Labels.Count) return false;
        for (var i = 0; i < labels.Count; i++)
            if (labels[i] != Labels[i])
                return false;
        return true;
    }
}
