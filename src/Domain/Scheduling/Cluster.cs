namespace Tracker.Domain;

/// <summary>The devices of all present hosts while runs are given to them and end.</summary>
internal sealed class Cluster
{
    private readonly DeviceLoad[][] _byHost;
    private readonly Dictionary<(long Host, string Device), DeviceLoad> _byName = [];
    private readonly Dictionary<(string Machine, string Device), PhysicalDevice> _physical = [];
    private readonly DeviceScope[] _scopes;
    private readonly HeldBackDevice?[] _heldBack = new HeldBackDevice?[Enum.GetValues<DeviceClass>().Length];

    internal Cluster(ClusterState state, IReadOnlyList<RunShape> shapes)
    {
        Hosts = [.. state.Hosts.OrderBy(h => h.Id)];
        _byHost = new DeviceLoad[Hosts.Length][];
        var index = 0;
        for (var h = 0; h < Hosts.Length; h++)
        {
            var (host, at) = (Hosts[h], h);
            _byHost[h] = [.. host.Devices.Select(d => new DeviceLoad(index++, host, at, d, Physical(host, d)))];
            foreach (var device in _byHost[h])
            {
                _byName[(host.Id, device.Offer.Name)] = device;
                device.Physical.Hosts.Add(h);
            }
        }

        Devices = [.. _byHost.SelectMany(d => d)];
        foreach (var run in state.Held) Find(run)?.Add(run.Id, run.Timing, run.MemoryBytes, run.SecondsLeft);
        var distinct = new Dictionary<string, DeviceScope>();
        _scopes = [.. shapes.Select(s => Scope([.. Devices.Where(d => CouldTake(d, s))], distinct))];
    }

    /// <summary>By id.</summary>
    internal HostOffer[] Hosts { get; }

    /// <summary>Host by host, in the order in which each names them.</summary>
    internal DeviceLoad[] Devices { get; }

    /// <summary>The device that a run is on, or <see langword="null"/> when its host takes no runs.</summary>
    internal DeviceLoad? Find(HeldRun run) => _byName.GetValueOrDefault((run.HostId, run.Device));

    /// <summary>Devices that could take such a run if they were empty.</summary>
    internal DeviceScope Suitable(RunShape shape) => _scopes[shape.Index];

    internal void Put(WaitingRun run, DeviceLoad device, double expectedEnd)
    {
        device.Add(run.Id, run.Timing, run.MemoryBytes, expectedEnd);
        if (HeldBack(run.Device) is { } kept && kept.Device.Physical == device.Physical) kept.Use(run.MemoryBytes, device);
    }

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
        foreach (var device in Suitable(shape).Devices)
            if (device.HostIndex == host && Takes(device, shape) && (best == null || device.Fullness < best.Fullness))
                best = device;
        return best;
    }

    /// <summary>The device of a class that is held back, if any.</summary>
    internal HeldBackDevice? HeldBack(DeviceClass device) => _heldBack[(int)device];

    internal bool HoldsBack => Array.Exists(_heldBack, h => h != null);

    internal void ReleaseHeldBack() => Array.Clear(_heldBack);

    /// <summary>
    /// Holds a device back for a run that no device takes now although a suitable one has a free slot: the one that is expected to
    /// have room first. One device of each class is held back at most, so that waiting for room never empties a cluster.
    /// </summary>
    /// <returns>Whether one is held back for this run.</returns>
    internal bool HoldBackFor(RunShape shape, int rank, double now)
    {
        if (!shape.Wide || _heldBack[(int)shape.Class] != null) return false;
        var partlyFree = false;
        foreach (var device in Suitable(shape).Devices)
        {
            if (device.Fits(shape)) return false;
            partlyFree |= device.HasFreeSlot;
        }

        if (!partlyFree) return false;
        var first = Suitable(shape).Devices.MinBy(d => d.RoomFor(shape, now).Seconds)!;
        _heldBack[(int)shape.Class] = new(first, rank, shape.Timing, first.RoomFor(shape, now));
        return true;
    }

    /// <summary>Devices of the same name on the same machine are one; of a host whose machine is not known, nobody else's.</summary>
    private PhysicalDevice Physical(HostOffer host, DeviceOffer device)
    {
        var place = (host.Machine.Length > 0 ? host.Machine : $"host {host.Id}", device.Name);
        return _physical.TryGetValue(place, out var known) ? known : _physical[place] = new();
    }

    private static DeviceScope Scope(DeviceLoad[] devices, Dictionary<string, DeviceScope> distinct)
    {
        var key = string.Join(' ', devices.Select(d => d.Index));
        return distinct.TryGetValue(key, out var scope) ? scope : distinct[key] = new(devices);
    }

    private static bool CouldTake(DeviceLoad device, RunShape shape) =>
        device.Offer.Class == shape.Class && Fitting.HasRoom(device.Offer, shape.Memory) && shape.Labels.All(device.Host.Labels.Contains);

    private bool Takes(DeviceLoad device, RunShape shape) =>
        device.Fits(shape) && (_heldBack[(int)shape.Class] is not { } kept || kept.Device.Physical != device.Physical || kept.Spares(shape, device));
}

/// <summary>A device that is kept for a run: only what will not be in its way is put there.</summary>
internal sealed class HeldBackDevice(DeviceLoad device, int rank, bool timing, Room room)
{
    private int _slots = room.Slots;
    private long _memory = room.Memory;

    internal DeviceLoad Device { get; } = device;

    /// <summary>The rank of the run.</summary>
    internal int Rank { get; } = rank;

    /// <summary>Seconds until there is expected to be room for the run.</summary>
    internal double Seconds { get; } = room.Seconds;

    /// <summary>Whether there will be room for the run beside another one of the shape, however long that one takes.</summary>
    internal bool Spares(RunShape shape, DeviceLoad on) =>
        !timing && !shape.Timing && shape.Memory <= _memory && (on != Device || _slots > 0);

    internal void Use(long memory, DeviceLoad on)
    {
        _memory -= memory;
        if (on == Device) _slots--;
    }
}

/// <summary>The devices that could take runs of some shapes.</summary>
internal sealed class DeviceScope(DeviceLoad[] devices)
{
    internal DeviceLoad[] Devices { get; } = devices;

    internal bool Overlaps(DeviceScope other) => this == other || Devices.Intersect(other.Devices).Any();
}
