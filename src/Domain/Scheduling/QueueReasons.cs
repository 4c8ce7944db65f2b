namespace Tracker.Domain;

/// <summary>
/// Tells why each run waits: the first rule, from the outermost in, by which another one goes before it. Only runs count that could start
/// if there were room, and that compete for a device with the run.
/// </summary>
internal sealed class QueueReasons
{
    private readonly Simulation _simulation;
    private readonly QueueTexts _texts;
    private readonly Dictionary<DeviceClass, HeldBackDevice?> _heldBack;
    private readonly int[] _kinds;
    private readonly bool[,] _competes;
    private readonly (QueueReason, string)[] _reasons;

    /// <param name="state">The state.</param>
    /// <param name="simulation">The simulation, after what starts at once has been given and before anything else happens.</param>
    /// <param name="ownerName">What to call an owner.</param>
    internal QueueReasons(ClusterState state, Simulation simulation, Func<long, string> ownerName)
    {
        _simulation = simulation;
        _reasons = new (QueueReason, string)[Order.Runs.Length];
        _heldBack = Queue.Classes.Select(c => c.Device).Distinct().ToDictionary(d => d, simulation.HeldBack);
        (_kinds, _competes) = Kinds();
        _texts = new(state.Hosts, simulation, ownerName);
    }

    private WaitingQueue Queue => _simulation.Queue;

    private WaitingOrder Order => Queue.Order;

    /// <summary>By rank.</summary>
    internal (QueueReason Reason, string Explanation)[] All()
    {
        foreach (var given in _simulation.Given) _reasons[given.Rank] = (QueueReason.NextSlot, QueueTexts.AtOnce(given.Device));
        foreach (var device in Queue.Classes.GroupBy(c => c.Device))
        {
            var above = new int[_competes.GetLength(0)];
            foreach (var runs in device)
            {
                var owners = runs.Owners.Select(o => new Tally(o, [.. o.Sweeps.Select(Count)])).ToList();
                foreach (var owner in owners) Explain(owner, owners, above);
                foreach (var owner in owners) Add(above, owner.All);
            }
        }

        return _reasons;
    }

    /// <summary>
    /// Runs of one kind compete with the same runs: those that could go to a device to which they could go. Where a device is kept for runs
    /// of a shape these are a kind of their own, with which nobody competes who could go elsewhere.
    /// </summary>
    private (int[] Kinds, bool[,] Competes) Kinds()
    {
        var shapes = Order.DistinctShapes;
        var kept = _heldBack.Values.OfType<HeldBackDevice>().ToDictionary(h => Order.Shapes[h.Rank], h => h.Device);
        var keys = shapes.Select(s => (Scope: _simulation.Cluster.Suitable(s), Kept: kept.GetValueOrDefault(s))).ToList();
        var distinct = keys.Distinct().ToList();
        var competes = new bool[distinct.Count, distinct.Count];
        for (var i = 0; i < distinct.Count; i++)
            for (var j = 0; j < distinct.Count; j++)
                competes[i, j] = distinct[i].Scope.Overlaps(distinct[j].Scope)
                    && (i == j || distinct[j].Kept is not { } device || distinct[i].Scope.Devices.All(d => d.Physical == device.Physical));
        return ([.. keys.Select(k => distinct.IndexOf(k))], competes);
    }

    private int KindOf(int rank) => _kinds[Order.Shapes[rank].Index];

    private void Explain(Tally owner, List<Tally> owners, int[] above)
    {
        var outer = new (QueueReason, string)?[above.Length];
        for (var kind = 0; kind < outer.Length; kind++)
            if (owner.All[kind] > 0)
                outer[kind] = Outer(kind, owner, owners, above);
        var before = new int[above.Length];
        for (var s = 0; s < owner.Sweeps.Length; s++)
        {
            Explain(owner.Owner.Sweeps[s], outer, before);
            Add(before, owner.Sweeps[s]);
        }
    }

    /// <summary>Why runs of a kind wait for those of others, if they do.</summary>
    private (QueueReason, string)? Outer(int kind, Tally owner, List<Tally> owners, int[] above)
    {
        if (Competing(kind, above) is var higher and > 0) return (QueueReason.Priority, QueueTexts.Priority(higher));
        Tally? first = null;
        foreach (var other in owners)
            if (Competing(kind, other.All) > 0 && (first == null || IsBefore(kind, other, first)))
                first = other;
        if (first == null || first == owner) return null;
        var kept = KeepsOthersBack(kind, owner);
        return (QueueReason.FairShare, kept == null ? _texts.FairShare(owner.Owner, first.Owner) : _texts.TurnIsSpent(owner.Owner, kept));
    }

    private bool IsBefore(int kind, Tally one, Tally other)
    {
        var (oneWaits, otherWaits) = (KeepsOthersBack(kind, one) != null, KeepsOthersBack(kind, other) != null);
        return oneWaits != otherWaits ? otherWaits : QueueClass.HasLess(one.Owner, other.Owner);
    }

    /// <summary>The device that is kept for a run of the owner, whose other runs come behind those of others meanwhile.</summary>
    private HeldBackDevice? KeepsOthersBack(int kind, Tally owner)
    {
        foreach (var kept in _heldBack.Values)
            if (kept != null && KindOf(kept.Rank) is var keptKind && keptKind != kind && !_competes[kind, keptKind] && owner.Owner.Contains(kept.Rank))
                return kept;
        return null;
    }

    private void Explain(SweepQueue sweep, (QueueReason, string)?[] outer, int[] before)
    {
        var ahead = new int[before.Length];
        var longest = 0.0;
        var (start, count) = sweep.Ranks.GetOffsetAndLength(Order.Runs.Length);
        for (var rank = start; rank < start + count; rank++)
        {
            if (Queue.IsTaken(rank)) continue;
            var kind = KindOf(rank);
            if (!CouldStart(rank, sweep))
            {
                _reasons[rank] = WhyNot(rank, sweep);
                continue;
            }

            _reasons[rank] = outer[kind] ?? Inner(rank, Competing(kind, before), Competing(kind, ahead), longest);
            ahead[kind]++;
            longest = Math.Max(longest, Order.Runs[rank].ExpectedSeconds);
        }
    }

    /// <summary>Whether a run would start if there were room.</summary>
    private bool CouldStart(int rank, SweepQueue sweep) => HasDevices(rank) && Order.Due[rank] <= 0 && !sweep.Limit.IsReached;

    private (QueueReason, string) WhyNot(int rank, SweepQueue sweep)
    {
        if (!HasDevices(rank)) return (QueueReason.NoHost, _texts.NoHost(Order.Shapes[rank]));
        return Order.Due[rank] > 0
            ? (QueueReason.HeldBack, QueueTexts.HeldBack(Order.Runs[rank]))
            : (QueueReason.SweepLimit, QueueTexts.SweepLimit(sweep.Limit));
    }

    private bool HasDevices(int rank) => _simulation.Cluster.Suitable(Order.Shapes[rank]).Devices.Length > 0;

    private (QueueReason, string) Inner(int rank, int inEarlierSweeps, int ahead, double longest)
    {
        if (inEarlierSweeps > 0) return (QueueReason.EarlierSweep, QueueTexts.EarlierSweep(inEarlierSweeps));
        if (ahead > 0) return (QueueReason.LongestFirst, QueueTexts.LongestFirst(ahead + 1, longest > Order.Runs[rank].ExpectedSeconds));
        return _texts.Next(rank, _heldBack[Order.Runs[rank].Device]);
    }

    /// <summary>Of the runs of a sweep that could start if there were room, how many are of each kind.</summary>
    private int[] Count(SweepQueue sweep)
    {
        var counts = new int[_competes.GetLength(0)];
        var (start, count) = sweep.Ranks.GetOffsetAndLength(Order.Runs.Length);
        for (var rank = start; rank < start + count; rank++)
            if (!Queue.IsTaken(rank) && CouldStart(rank, sweep))
                counts[KindOf(rank)]++;
        return counts;
    }

    private int Competing(int kind, int[] counts)
    {
        var sum = 0;
        for (var other = 0; other < counts.Length; other++)
            if (_competes[kind, other])
                sum += counts[other];
        return sum;
    }

    private static void Add(int[] sum, int[] counts)
    {
        for (var i = 0; i < sum.Length; i++) sum[i] += counts[i];
    }

    /// <summary>How many runs of each kind an owner has, sweep by sweep and in all.</summary>
    private sealed record Tally(OwnerQueue Owner, int[][] Sweeps)
    {
        internal int[] All { get; } = [.. Enumerable.Range(0, Sweeps[0].Length).Select(k => Sweeps.Sum(s => s[k]))];
    }
}
