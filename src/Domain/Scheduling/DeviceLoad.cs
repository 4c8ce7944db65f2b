namespace Tracker.Domain;

/// <summary>A device and what trains on it, as the policy goes through a queue. Seconds count from the moment of the state.</summary>
internal sealed class DeviceLoad(int index, HostOffer host, int hostIndex, DeviceOffer offer)
{
    private readonly List<Entry> _entries = [];
    private long _memory;

    internal int Index { get; } = index;

    internal HostOffer Host { get; } = host;

    internal int HostIndex { get; } = hostIndex;

    internal DeviceOffer Offer { get; } = offer;

    /// <summary>Runs on the device.</summary>
    internal int Used => _entries.Count;

    /// <summary>Whether a timing run is on it.</summary>
    internal bool Alone { get; private set; }

    internal bool HasFreeSlot => !Alone && Used < Offer.Slots;

    internal double Fullness => (double)Used / Offer.Slots;

    /// <summary>Known memory of the runs on the device, in bytes.</summary>
    internal long MemoryInUse => _memory;

    /// <summary>The part of the device that a run gets.</summary>
    internal double ShareOf(bool timing) => timing ? 1 : 1.0 / Offer.Slots;

    internal bool Fits(RunShape shape) =>
        HasFreeSlot && (!shape.Timing || Used == 0) && HasMemory(shape, _memory);

    /// <summary>Seconds from <paramref name="now"/> until a run of the shape is expected to fit, if nothing else is put here.</summary>
    internal double SecondsUntilFit(RunShape shape, double now)
    {
        if (Fits(shape)) return 0;
        if (shape.Timing && Used > 0) return Math.Max(0, _entries.Max(e => e.ExpectedEnd) - now);
        var memory = _memory;
        var used = Used;
        var alone = Alone;
        foreach (var entry in _entries.OrderBy(e => e.ExpectedEnd))
        {
            memory -= entry.Memory;
            used--;
            alone &= !entry.Timing;
            if (!alone && used < Offer.Slots && HasMemory(shape, memory)) return Math.Max(0, entry.ExpectedEnd - now);
        }

        return double.PositiveInfinity;
    }

    internal void Add(long runId, bool timing, long memory, double expectedEnd)
    {
        _entries.Add(new(runId, timing, memory, expectedEnd));
        _memory += memory;
        Alone |= timing;
    }

    internal void Remove(long runId)
    {
        var at = _entries.FindIndex(e => e.RunId == runId);
        _memory -= _entries[at].Memory;
        _entries.RemoveAt(at);
        Alone = _entries.Exists(e => e.Timing);
    }

    private bool HasMemory(RunShape shape, long inUse) =>
        shape.Memory == 0 || Offer.MemoryBytes == 0 || inUse + shape.Memory <= Offer.MemoryBytes;

    private readonly record struct Entry(long RunId, bool Timing, long Memory, double ExpectedEnd);
}
