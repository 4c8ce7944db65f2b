using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>A slot of a host.</summary>
/// <param name="Name">Device and number: "cuda:0", or "cpu 2" where the device has several.</param>
/// <param name="Run">The run in it.</param>
/// <param name="Kept">Whether it stays free because a timing run has the device for itself.</param>
public sealed record HostSlot(string Name, RunView? Run, bool Kept);

/// <summary>The slots of a host with the runs in them.</summary>
public static class SlotList
{
    /// <summary>One entry per slot, by device; runs of devices that the host no longer states come last.</summary>
    public static IReadOnlyList<HostSlot> Of(HostView host)
    {
        var left = host.Runs.ToList();
        var slots = new List<HostSlot>();
        foreach (var device in host.Devices)
            slots.AddRange(Of(device, left));
        slots.AddRange(left.Select(run => new HostSlot(run.Device ?? "", run, Kept: false)));
        return slots;
    }

    /// <summary>How many slots of a device cannot take another run.</summary>
    public static int InUse(HostView host, HostDevice device)
    {
        var runs = host.Runs.Where(run => run.Device == device.Name).ToList();
        return runs.Exists(run => run.Timing) ? Math.Max(device.Slots, runs.Count) : runs.Count;
    }

    private static IEnumerable<HostSlot> Of(HostDevice device, List<RunView> left)
    {
        var alone = left.Exists(run => run.Device == device.Name && run.Timing);
        for (var i = 0; i < device.Slots; i++)
        {
            var run = left.Find(candidate => candidate.Device == device.Name);
            if (run is not null)
                left.Remove(run);
            yield return new(device.Slots == 1 ? device.Name : $"{device.Name} {i + 1}", run, alone && run is null);
        }
    }
}
