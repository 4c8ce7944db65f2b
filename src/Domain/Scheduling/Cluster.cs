namespace Tracker.Domain;

/// <summary>The devices of all present hosts while runs are given to them and end.</summary>
internal sealed class Cluster
{
    private const int None = -1;

    private readonly DeviceLoad[][] _byHost;
    private readonly Dictionary<(long Host, string Device), DeviceLoad> _byName = [];
    private readonly DeviceLoad[][] _suitable;
    private readonly int[] _heldBack = [None, None, None];

    internal Cluster(ClusterState state, IReadOnlyList<RunShape> shapes)
    {
        Hosts = [.. state.Hosts.OrderBy(h => h.Id)];
        _byHost = new DeviceLoad[Hosts.Length][];
        var index = 0;
        for (var h = 0; h < Hosts.Length; h++)
        {
            var (host, at) = (Hosts[h], h);
            _byHost[h] = [.. host.Devices.Select(d => new DeviceLoad(index++, host, at, d))];
            foreach (var device in _byHost[h]) _byName[(host.Id, device.Offer.Name)] = device;
        }

        Devices = [.. _byHost.SelectMany(d => d)];
        foreach (var run in state.Held) Find(run)?.Add(run.Id, run.Timing, run.MemoryBytes, run.SecondsLeft);
        _suitable = [.. shapes.Select(s => Devices.Where(d => CouldTake(d, s)).ToArray())];
    }

    /// <summary>By id.</summary>
    internal HostOffer[] Hosts { get; }

    /// <summary>Host by host, in the order in which each names them.</summary>
    internal DeviceLoad[] Devices { get; }

    internal static bool HasLabels(HostOffer host, RunShape shape) => shape.Labels.All(host.Labels.Contains);

    /// <summary>The device that a run is on, or <see langword="null"/> when its host takes no runs.</summary>
    internal DeviceLoad? Find(HeldRun run) => _byName.GetValueOrDefault((run.HostId, run.Device));

    /// <summary>Devices that could take such a run if they were empty.</summary>
    internal ReadOnlySpan<DeviceLoad> Suitable(RunShape shape) => _suitable[shape.Index];

    internal bool HasFreeSlot(int host, DeviceClass of)
    {
        foreach (var device in _byHost[host])
            if (device.Offer.Class == of && device.HasFreeSlot)
                return true;
        return false;
    }

    /// <summary>The relatively emptiest device of a host that takes such a run now.</summary>
    internal DeviceLoad? Emptiest(RunShape shape, int host)
    {
        DeviceLoad? best = null;
        foreach (var device in Suitable(shape))
            if (device.HostIndex == host && Takes(device, shape) && (best == null || device.Fullness < best.Fullness))
                best = device;
        return best;
    }

    /// <summary>The device that is held back, if any.</summary>
    internal DeviceLoad? HeldBack(DeviceClass device) => _heldBack[(int)device] is var index and not None ? Devices[index] : null;

    internal void ReleaseHeldBack() => Array.Fill(_heldBack, None);

    /// <summary>
    /// Holds a device back for a run that no device takes now although a suitable one has a free slot: the one that is expected to
    /// have room first. One device of each class is held back at most, so that waiting for room never empties a cluster.
    /// </summary>
    /// <returns>Whether one is held back for this run.</returns>
    internal bool HoldBackFor(RunShape shape, double now)
    {
        if (!shape.Wide || _heldBack[(int)shape.Class] != None) return false;
        var partlyFree = false;
        foreach (var device in Suitable(shape))
        {
            if (Takes(device, shape)) return false;
            partlyFree |= device.HasFreeSlot;
        }

        if (!partlyFree) return false;
        var (first, seconds) = (None, double.PositiveInfinity);
        foreach (var device in Suitable(shape))
            if (device.SecondsUntilFit(shape, now) is var wait && wait < seconds)
                (first, seconds) = (device.Index, wait);
        _heldBack[(int)shape.Class] = first;
        return first != None;
    }

    private static bool CouldTake(DeviceLoad device, RunShape shape) =>
        device.Offer.Class == shape.Class && (device.Offer.MemoryBytes == 0 || shape.Memory <= device.Offer.MemoryBytes)
        && HasLabels(device.Host, shape);

    private bool Takes(DeviceLoad device, RunShape shape) => _heldBack[(int)shape.Class] != device.Index && device.Fits(shape);
}
