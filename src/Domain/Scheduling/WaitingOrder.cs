using System.Runtime.InteropServices;

namespace Tracker.Domain;

/// <summary>
/// The waiting runs, sorted by what does not change while they are given out: priority class, device class,
/// owner, sweep, the longest first. A run's rank is its place in this order. <see cref="WaitingQueue"/> goes through it.
/// </summary>
internal sealed class WaitingOrder
{
    private readonly List<RunShape> _shapes = [];

    internal WaitingOrder(ClusterState state, IReadOnlyList<WaitingRun> waiting)
    {
        var keys = new SortKey[waiting.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            var run = waiting[i];
            keys[i] = new(i, run.Priority, run.Device, run.OwnerId, run.SweepId, run.ExpectedSeconds, run.Position, run.Id);
        }

        Array.Sort(keys, ByRank.Instance);

        Runs = new WaitingRun[keys.Length];
        Shapes = new RunShape[keys.Length];
        Due = new double[keys.Length];
        for (var rank = 0; rank < keys.Length; rank++)
        {
            var run = waiting[keys[rank].Index];
            Runs[rank] = run;
            Shapes[rank] = ShapeOf(run, rank > 0 ? Shapes[rank - 1] : null);
            Due[rank] = run.NotBefore is { } moment ? (moment - state.Now).TotalSeconds : double.NegativeInfinity;
        }
    }

    /// <summary>By rank.</summary>
    internal WaitingRun[] Runs { get; }

    /// <summary>By rank: what the run asks of a device.</summary>
    internal RunShape[] Shapes { get; }

    /// <summary>By rank: seconds from the state's moment until the run may start.</summary>
    internal double[] Due { get; }

    internal IReadOnlyList<RunShape> DistinctShapes => _shapes;

    /// <summary>The ranks of the runs of each sweep that agree in priority and device class.</summary>
    internal IEnumerable<Range> Sweeps()
    {
        for (var (start, end) = (0, 0); start < Runs.Length; start = end)
        {
            var first = Runs[start];
            do end++;
            while (end < Runs.Length && BelongTogether(first, Runs[end]));
            yield return start..end;
        }
    }

    private static bool BelongTogether(WaitingRun one, WaitingRun other) =>
        one.SweepId == other.SweepId && one.OwnerId == other.OwnerId && one.Device == other.Device && one.Priority == other.Priority;

    private RunShape ShapeOf(WaitingRun run, RunShape? previous)
    {
        if (previous?.HasSameNeeds(run) == true) return previous;
        foreach (var shape in CollectionsMarshal.AsSpan(_shapes))
            if (shape.HasSameNeeds(run))
                return shape;
        var added = new RunShape(_shapes.Count, run);
        _shapes.Add(added);
        return added;
    }

    /// <summary>A run's place in the list that was given, with what decides about its rank.</summary>
    private readonly record struct SortKey(int Index, Priority Priority, DeviceClass Device, long Owner, long Sweep, double Seconds, long Position, long Id);

    private sealed class ByRank : IComparer<SortKey>
    {
        internal static readonly ByRank Instance = new();

        public int Compare(SortKey x, SortKey y)
        {
            if (x.Priority != y.Priority) return x.Priority > y.Priority ? -1 : 1;
            if (x.Device != y.Device) return x.Device < y.Device ? -1 : 1;
            if (x.Owner != y.Owner) return x.Owner < y.Owner ? -1 : 1;
            if (x.Sweep != y.Sweep) return x.Sweep < y.Sweep ? -1 : 1;
            if (x.Seconds != y.Seconds) return x.Seconds > y.Seconds ? -1 : 1;
            return x.Position != y.Position ? x.Position.CompareTo(y.Position) : x.Id.CompareTo(y.Id);
        }
    }
}
