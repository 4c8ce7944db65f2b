namespace Tracker.Domain;

/// <summary>
/// Plays the queue forward: whenever runs end or become due, the hosts with free slots ask the policy. What it decides rests on expected
/// seconds, as it will in earnest; how long a run really takes is given.
/// </summary>
internal sealed class Simulation
{
    private readonly Dispatch _dispatch;
    private readonly WaitingOrder _order;
    private readonly double[] _seconds;
    private readonly PriorityQueue<Ending, (double Time, long RunId)> _endings = new();
    private readonly Queue<double> _due;
    private readonly bool[] _mayTakeMore;
    private readonly bool[] _hindered;
    private readonly List<GivenRun> _given = [];
    private double _now;

    /// <param name="state">Where it starts.</param>
    /// <param name="order">The waiting runs.</param>
    /// <param name="seconds">By rank: how long each run takes.</param>
    /// <param name="left">How long each held run still takes.</param>
    internal Simulation(ClusterState state, WaitingOrder order, double[] seconds, Func<HeldRun, double> left)
    {
        _dispatch = new(state, order);
        _order = order;
        _seconds = seconds;
        _due = new(order.Due.Where(d => d > 0).Distinct().Order());
        _mayTakeMore = new bool[Cluster.Hosts.Length];
        _hindered = new bool[Cluster.Hosts.Length];
        Starts = new double[order.Runs.Length];
        Array.Fill(Starts, double.PositiveInfinity);
        foreach (var run in state.Held)
        {
            var end = left(run);
            var share = _dispatch.ShareOf(run);
            _endings.Enqueue(new(run.Id, Cluster.Find(run), Queue.Share(run.OwnerId), Queue.Limit(run.SweepId),
                run.ExpectedSeconds * share, (run.ElapsedSeconds + end) * share), (end, run.Id));
        }

        Array.Fill(_mayTakeMore, true);
        FillHosts();
    }

    internal Cluster Cluster => _dispatch.Cluster;

    internal WaitingQueue Queue => _dispatch.Queue;

    /// <summary>What was given so far, in order; at first what starts at once.</summary>
    internal IReadOnlyList<GivenRun> Given => _given;

    /// <summary>By rank: seconds from the state's moment to the start; infinite for runs that never start.</summary>
    internal double[] Starts { get; }

    /// <summary>The device of a class that is held back at present, if any.</summary>
    internal HeldBackDevice? HeldBack(DeviceClass device)
    {
        var free = Array.Find(Cluster.Devices, d => d.Offer.Class == device && d.HasFreeSlot);
        if (free == null) return null;
        // Every host comes to the same conclusion about what is held back, as long as it has a slot to give.
        _mayTakeMore[free.HostIndex] = true;
        FillHosts();
        return Cluster.HeldBack(device);
    }

    /// <summary>Goes on until every run that can start has started.</summary>
    internal void Run()
    {
        while (Queue.Left > 0 && NextMoment() is var next && double.IsFinite(next))
        {
            if (next > _now)
            {
                var weight = DeviceTime.Remaining(next - _now);
                foreach (var share in Queue.Shares) share.Decay(weight);
                _now = next;
            }

            while (_endings.TryPeek(out var ending, out var at) && at.Time <= _now)
            {
                _endings.Dequeue();
                End(ending);
            }

            while (_due.TryPeek(out var due) && due <= _now)
            {
                _due.Dequeue();
                Array.Fill(_mayTakeMore, true);
            }

            FillHosts();
        }
    }

    private double NextMoment() => Math.Min(
        _endings.TryPeek(out _, out var at) ? at.Time : double.PositiveInfinity, _due.TryPeek(out var due) ? due : double.PositiveInfinity);

    private void End(Ending ending)
    {
        ending.Device?.Remove(ending.RunId);
        ending.Share.End(ending.Expected, ending.Actual);
        ending.Limit.Held--;
        if (ending.Device != null)
            foreach (var host in ending.Device.Physical.Hosts)
                _mayTakeMore[host] = true;
        // A sweep below its limit may go on anywhere, and another device may be the one to hold back.
        if (ending.Limit.IsLimited) Array.Fill(_mayTakeMore, true);
        else AskHindered();
    }

    /// <summary>
    /// Until no host takes anything more. A host is asked again only when something has changed that could matter to it: what is given on
    /// one can change which device is held back on another.
    /// </summary>
    private void FillHosts()
    {
        for (var first = -1; first != _given.Count;)
        {
            first = _given.Count;
            for (var host = 0; host < _mayTakeMore.Length; host++)
            {
                if (!_mayTakeMore[host]) continue;
                _mayTakeMore[host] = false;
                _dispatch.Fill(host, _now, _given);
                _hindered[host] = Cluster.HoldsBack;
            }

            for (var i = first; i < _given.Count; i++) Start(_given[i]);
            if (_given.Count > first) AskHindered();
        }
    }

    private void AskHindered()
    {
        for (var host = 0; host < _hindered.Length; host++) _mayTakeMore[host] |= _hindered[host];
    }

    private void Start(GivenRun given)
    {
        var run = _order.Runs[given.Rank];
        Starts[given.Rank] = _now;
        var seconds = _seconds[given.Rank];
        _endings.Enqueue(new(run.Id, given.Device, Queue.Share(run.OwnerId), Queue.Limit(run.SweepId),
            run.ExpectedSeconds * given.Share, seconds * given.Share), (_now + seconds, run.Id));
    }

    /// <summary>A run that will end, with its device seconds: what counts while it is held, and what will count then.</summary>
    private readonly record struct Ending(
        long RunId, DeviceLoad? Device, OwnerShare Share, SweepLimit Limit, double Expected, double Actual);
}
