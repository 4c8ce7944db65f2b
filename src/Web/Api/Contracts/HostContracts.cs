using Tracker.Storage;

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
public sealed record HostResource(
    long Id, string Name, HostState State, string Version, int ProcessId, int Slots, IReadOnlyList<HostDevice> Devices, DateTimeOffset StartedAt,
    DateTimeOffset HeartbeatAt, IReadOnlyList<RunResource> Runs)
{
    public static HostResource From(HostView h) => new(
        h.Id, h.Name, h.State, h.Version, h.ProcessId, h.Slots, h.Devices, h.StartedAt, h.HeartbeatAt, [.. h.Runs.Select(RunResource.From)]);
}

/// <summary>What trains and what waits.</summary>
/// <param name="Counts">All runs by state.</param>
/// <param name="Active">Runs that hold a slot, oldest start first.</param>
/// <param name="Queued">Queued runs in the order in which they will start, as many as asked for.</param>
public sealed record QueueResource(Counts Counts, IReadOnlyList<RunResource> Active, IReadOnlyList<RunResource> Queued);
