namespace Tracker.Domain;

/// <summary>
/// Who goes next, and where: pure, and the same whichever host asks. The priority class comes first; inside a class the owner with the
/// least device time; of an owner the earliest sweep; of a sweep the longest run. Runs that need more than a free slot (the device for
/// themselves, or much of its memory) have a device held back for them when it is their turn.
/// </summary>
public static class SchedulingPolicy
{
    /// <summary>Which of the waiting runs a host starts now.</summary>
    /// <param name="state">Hosts, the runs that have devices, limits and device time.</param>
    /// <param name="waiting">
    /// Runs that wait, in any order. Of runs that agree in sweep, priority class, device class, timing, memory and labels it is enough to
    /// give the longest that are due, as many as the host has slots.
    /// </param>
    /// <param name="hostId">The host that asks.</param>
    /// <returns>The runs in the order in which they were chosen; none for a host that is not in the state.</returns>
    public static IReadOnlyList<Assignment> Fill(ClusterState state, IReadOnlyList<WaitingRun> waiting, long hostId)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(waiting);
        var dispatch = new Dispatch(state, new WaitingOrder(state, waiting));
        var host = Array.FindIndex(dispatch.Cluster.Hosts, h => h.Id == hostId);
        if (host < 0) return [];
        var given = new List<GivenRun>();
        dispatch.Fill(host, now: 0, given);
        return [.. given.Select(g => new Assignment(dispatch.Queue.Order.Runs[g.Rank].Id, hostId, g.Device.Offer.Name, g.Share))];
    }
}
