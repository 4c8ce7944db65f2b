namespace Tracker.Domain;

/// <summary>
/// What one host offers of a device, and what trains there, as the policy goes through a queue. Seconds count from the moment of the
/// state. Slots are the host's; memory and the right to be alone are the device's, which hosts of one machine have in common.
/// </summary>
internal sealed class DeviceLoad(int index, HostOffer host, int hostIndex, DeviceOffer offer, PhysicalDevice physical)
{
    internal int Index { get; } = index;

    internal HostOffer Host { get; } = host;

    internal int HostIndex { get; } = hostIndex;

    internal DeviceOffer Offer { get; } = offer;

    internal PhysicalDevice Physical => physical;

    /// <summary>Runs of this host on the device.</summary>
    internal int Used { get; private set; }

    /// <summary>Whether a timing run is on the device.</summary>
    internal bool Alone => physical.Alone;

    internal bool HasFreeSlot => !Alone && Used < Offer.Slots;

    internal double Fullness => (double)Used / Offer.Slots;

    /// <summary>The part of the device that a run gets.</summary>
    internal double ShareOf(bool timing) => timing ? 1 : 1.0 / Offer.Slots;

    internal bool Fits(RunShape shape) =>
        HasFreeSlot && (!shape.Timing || physical.Entries.Count == 0) && HasMemory(shape, physical.Memory);

    /// <summary>When a run of the shape is expected to fit, if nothing else is put here, and what will be left beside it.</summary>
    /// <param name="shape">What the run asks for.</param>
    /// <param name="now">The present.</param>
    internal Room RoomFor(RunShape shape, double now)
    {
        if (shape.Timing) return new(physical.Entries.Count == 0 ? 0 : Math.Max(0, physical.Entries.Max(e => e.ExpectedEnd) - now), Slots: 0, Memory: 0);
        var (used, memory, alone, seconds) = (Used, physical.Memory, Alone, 0.0);
        foreach (var entry in physical.Entries.OrderBy(e => e.ExpectedEnd))
        {
            if (!alone && used < Offer.Slots && HasMemory(shape, memory)) break;
            memory -= entry.Memory;
            if (entry.Load == this) used--;
            alone &= !entry.Timing;
            seconds = Math.Max(0, entry.ExpectedEnd - now);
        }

        return new(seconds, Offer.Slots - used - 1, Offer.MemoryBytes == 0 ? long.MaxValue : Offer.MemoryBytes - memory - shape.Memory);
    }

    internal void Add(long runId, bool timing, long memory, double expectedEnd)
    {
        physical.Add(new(runId, this, timing, memory, expectedEnd));
        Used++;
    }

    internal void Remove(long runId)
    {
        physical.Remove(runId);
        Used--;
    }

    private bool HasMemory(RunShape shape, long inUse) =>
        shape.Memory == 0 || Offer.MemoryBytes == 0 || inUse + shape.Memory <= Offer.MemoryBytes;
}

/// <summary>When a run is expected to fit on a device, and what is left beside it then.</summary>
/// <param name="Seconds">Seconds from now.</param>
/// <param name="Slots">Slots of the host that are left.</param>
/// <param name="Memory">Bytes that are left; the most there can be when the device's memory is not known.</param>
internal readonly record struct Room(double Seconds, int Slots, long Memory);

/// <summary>A device itself, whichever host's runs are on it.</summary>
internal sealed class PhysicalDevice
{
    private readonly List<Entry> _entries = [];

    /// <summary>The indices of the hosts that offer it.</summary>
    internal List<int> Hosts { get; } = [];

    internal IReadOnlyList<Entry> Entries => _entries;

    internal long Memory { get; private set; }

    internal bool Alone { get; private set; }

    internal void Add(Entry entry)
    {
        _entries.Add(entry);
        Memory += entry.Memory;
        Alone |= entry.Timing;
    }

    internal void Remove(long runId)
    {
        var at = _entries.FindIndex(e => e.RunId == runId);
        Memory -= _entries[at].Memory;
        _entries.RemoveAt(at);
        Alone = _entries.Exists(e => e.Timing);
    }

    /// <summary>A run on the device.</summary>
    internal readonly record struct Entry(long RunId, DeviceLoad Load, bool Timing, long Memory, double ExpectedEnd);
}
