using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Jobs.Devices;

/// <summary>A slot of a device, given back by disposing it.</summary>
/// <param name="device">The device.</param>
/// <param name="giveBack">Called once.</param>
internal sealed class DeviceLease(HostDevice device, Action giveBack) : IDisposable
{
    private Action? _giveBack = giveBack;

    /// <summary>The name that the run is started with, such as <c>cuda:0</c>.</summary>
    public string Name { get; } = device.Name;

    public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();
}

/// <summary>
/// Which device a run gets: of its class, the one with most slots free. The job engine keeps the number of runs within the slots; a
/// run that comes while a former one is still leaving shares a device for that moment.
/// </summary>
internal sealed class DevicePool(IReadOnlyList<HostDevice> devices)
{
    private readonly Lock _lock = new();
    private readonly int[] _free = [.. devices.Select(d => d.Slots)];

    /// <summary>Takes a slot.</summary>
    /// <exception cref="InvalidOperationException">The host has no device of this class.</exception>
    public DeviceLease Rent(DeviceClass deviceClass)
    {
        lock (_lock)
        {
            var best = -1;
            for (var i = 0; i < devices.Count; i++)
                if (devices[i].Class == deviceClass && devices[i].Slots > 0 && (best < 0 || _free[i] > _free[best])) best = i;
            if (best < 0) throw new InvalidOperationException($"This host offers no {deviceClass} slot.");
            _free[best]--;
            return new(devices[best], () => GiveBack(best));
        }
    }

    private void GiveBack(int index)
    {
        lock (_lock) _free[index]++;
    }
}
