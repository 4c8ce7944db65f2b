namespace Tracker.Domain;

/// <summary>The waiting runs while they are given out: who has used how much, which sweeps are at their limit, who comes next.</summary>
internal sealed class WaitingQueue
{
    private readonly Dictionary<long, OwnerShare> _shares = [];
    private readonly Dictionary<long, SweepLimit> _limits = [];
    private readonly IReadOnlyDictionary<long, int> _mostParallel;
    private readonly bool[] _taken;

    internal WaitingQueue(ClusterState state, WaitingOrder order)
    {
        _mostParallel = state.MaxParallel;
        _taken = new bool[order.Runs.Length];
        Order = order;
        Left = order.Runs.Length;
        foreach (var (owner, seconds) in state.Usage) _shares[owner] = new(seconds);
        var sweeps = order.Sweeps().Select(r => (First: order.Runs[r.Start], Ranks: r)).ToList();
        Classes = [.. sweeps.GroupBy(s => (s.First.Priority, s.First.Device)).Select(c => new QueueClass(c.Key.Device, [.. c
            .GroupBy(s => s.First.OwnerId).Select(o => new OwnerQueue(
                o.Key, Share(o.Key), [.. o.Select(s => new SweepQueue(order, s.Ranks, Limit(s.First.SweepId))).OrderBy(s => s.LowestPosition)]))]))];
    }

    internal WaitingOrder Order { get; }

    /// <summary>How many runs wait.</summary>
    internal int Left { get; private set; }

    /// <summary>The most urgent first.</summary>
    internal QueueClass[] Classes { get; }

    internal IEnumerable<OwnerShare> Shares => _shares.Values;

    internal OwnerShare Share(long owner) => _shares.TryGetValue(owner, out var share) ? share : _shares[owner] = new(0);

    internal SweepLimit Limit(long sweep) => _limits.TryGetValue(sweep, out var limit)
        ? limit
        : _limits[sweep] = new(_mostParallel.TryGetValue(sweep, out var most) ? most : int.MaxValue);

    internal bool IsTaken(int rank) => _taken[rank];

    internal void Take(int rank, OwnerQueue owner, SweepQueue sweep)
    {
        _taken[rank] = true;
        Left--;
        owner.SkipTaken(this, sweep);
    }
}
