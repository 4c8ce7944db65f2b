namespace Tracker.Domain;

/// <summary>
/// The rules of scheduling, applied host by host to a queue and a cluster: by <see cref="SchedulingPolicy"/> once, by
/// the forecast of the queue again and again while runs end.
/// </summary>
internal sealed class Dispatch
{
    private readonly Dictionary<(long Host, string Device), int> _together;
    private readonly int[] _doneInPass;
    private int _pass;

    internal Dispatch(ClusterState state, WaitingOrder order)
    {
        Cluster = new(state, order.DistinctShapes);
        Queue = new(state, order);
        _doneInPass = new int[order.DistinctShapes.Count];
        _together = state.Held.GroupBy(h => (h.HostId, h.Device)).ToDictionary(g => g.Key, g => g.Count());
        // By id: sums of floating point numbers depend on their order, and who goes next must not.
        foreach (var run in state.Held.OrderBy(h => h.Id))
        {
            Queue.Share(run.OwnerId).Give(run.ExpectedSeconds * ShareOf(run));
            Queue.Limit(run.SweepId).Held++;
        }
    }

    internal Cluster Cluster { get; }

    internal WaitingQueue Queue { get; }

    /// <summary>The part of its device that a held run has. Of a draining host the slots are not known; the runs on the device share it.</summary>
    internal double ShareOf(HeldRun run) =>
        Cluster.Find(run)?.ShareOf(run.Timing) ?? (run.Timing ? 1 : 1.0 / _together[(run.HostId, run.Device)]);

    /// <summary>Gives runs to a host until it is full or nothing more can go there.</summary>
    /// <param name="host">Its index in the cluster.</param>
    /// <param name="now">Seconds since the state's moment.</param>
    /// <param name="given">Receives what was given, in order.</param>
    internal void Fill(int host, double now, List<GivenRun> given)
    {
        _pass++;
        Cluster.ReleaseHeldBack();
        foreach (var runs in Queue.Classes)
            while (Cluster.HasFreeSlot(host, runs.Device) && runs.Next(_pass) is { } owner)
                if (FindFor(owner, host, now) is { } found)
                    given.Add(Give(found, owner, now));
    }

    /// <summary>The owner's next run that the host can take. While this pass lasts, devices only fill: what fails once is not tried again.</summary>
    private Found? FindFor(OwnerQueue owner, int host, double now)
    {
        foreach (var sweep in owner.Sweeps)
        {
            if (sweep.DoneInPass == _pass) continue;
            while (!sweep.Limit.IsReached && sweep.First(Queue, _doneInPass, _pass, now) is var rank and not ShapeQueue.Empty)
            {
                var shape = Queue.Order.Shapes[rank];
                if (Cluster.Emptiest(shape, host) is { } device) return new(rank, sweep, device);
                _doneInPass[shape.Index] = _pass;
                if (!Cluster.HoldBackFor(shape, rank, now)) continue;
                owner.WaitsInPass = _pass;
                return null;
            }

            sweep.DoneInPass = _pass;
        }

        owner.DoneInPass = _pass;
        return null;
    }

    private GivenRun Give(Found found, OwnerQueue owner, double now)
    {
        var run = Queue.Order.Runs[found.Rank];
        var share = found.Device.ShareOf(run.Timing);
        Cluster.Put(run, found.Device, now + run.ExpectedSeconds);
        found.Sweep.Limit.Held++;
        owner.Share.Give(run.ExpectedSeconds * share);
        Queue.Take(found.Rank, owner, found.Sweep);
        return new(found.Rank, found.Device, share);
    }

    private readonly record struct Found(int Rank, SweepQueue Sweep, DeviceLoad Device);
}

/// <summary>A run that was given a device.</summary>
/// <param name="Rank">The run's rank in the order.</param>
/// <param name="Device">The device.</param>
/// <param name="Share">The part of the device.</param>
internal readonly record struct GivenRun(int Rank, DeviceLoad Device, double Share);
