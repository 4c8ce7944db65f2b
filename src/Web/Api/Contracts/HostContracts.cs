using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Api;

/// <summary>A job host.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">How it is.</param>
/// <param name="Version">Version of the product that it runs.</param>
/// <param name="ProcessId">Its process id.</param>
/// <param name="Slots">How many runs it takes at once.</param>
/// <param name="Devices">Its devices.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="HeartbeatAt">When it was last heard of.</param>
/// <param name="Runs">The runs that it holds.</param>
/// <param name="Labels">What sweeps may ask for.</param>
public sealed record HostResource(
    long Id, string Name, HostState State, string Version, int ProcessId, int Slots, IReadOnlyList<HostDeviceResource> Devices, DateTimeOffset StartedAt,
    DateTimeOffset HeartbeatAt, IReadOnlyList<RunResource> Runs, IReadOnlyList<string> Labels)
{
    public static HostResource From(HostView h) => new(
        h.Id, h.Name, h.State, h.Version, h.ProcessId, h.Slots, [.. h.Devices.Select(d => HostDeviceResource.From(d, h))], h.StartedAt, h.HeartbeatAt,
        [.. h.Runs.Select(RunResource.From)], h.Labels);
}

/// <summary>A device of a host.</summary>
/// <param name="Class">cpu or cuda.</param>
/// <param name="Name">The name that runs are started with, such as cpu or cuda:0.</param>
/// <param name="Model">What it is.</param>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="Cores">Cores, for a CPU.</param>
/// <param name="Slots">How many runs it takes at once.</param>
/// <param name="SlotsInUse">How many of its slots cannot take another run: those that hold one, and all of them while a timing run has the device for itself.</param>
public sealed record HostDeviceResource(DeviceClass Class, string Name, string Model, long MemoryBytes, int Cores, int Slots, int SlotsInUse)
{
    public static HostDeviceResource From(HostDevice d, HostView host) =>
        new(d.Class, d.Name, d.Model, d.MemoryBytes, d.Cores, d.Slots, SlotList.InUse(host, d));
}
