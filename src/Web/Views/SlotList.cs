using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>The slots of a host with the runs in them.</summary>
public static class SlotList
{
    /// <summary>One entry per slot, by device; runs of devices that the host no longer states come last.</summary>
    public static IReadOnlyList<(string Name, RunView? Run)> Of(HostView host)
    {
        var left = host.Runs.ToList();
        var slots = new List<(string, RunView?)>();
        foreach (var device in host.Devices)
        {
            for (var i = 0; i < device.Slots; i++)
            {
                var run = left.Find(candidate => candidate.Device == device.Name);
                if (run is not null)
                    left.Remove(run);
                slots.Add((device.Slots == 1 ? device.Name : $"{device.Name} {i + 1}", run));
            }
        }
        slots.AddRange(left.Select(run => (run.Device ?? "", (RunView?)run)));
        return slots;
    }
}
