namespace Tracker.Domain;

/// <summary>Runs of one sweep that ask for the same, the longest first.</summary>
internal sealed class ShapeQueue(RunShape shape, int[] ranks)
{
    internal const int Empty = int.MaxValue;

    private int _next;

    internal RunShape Shape { get; } = shape;

    /// <summary>The lowest rank that waits and is due, or <see cref="Empty"/>.</summary>
    internal int Head(WaitingQueue queue, double now)
    {
        while (_next < ranks.Length && queue.IsTaken(ranks[_next])) _next++;
        for (var i = _next; i < ranks.Length; i++)
            if (!queue.IsTaken(ranks[i]) && queue.Order.Due[ranks[i]] <= now)
                return ranks[i];
        return Empty;
    }
}

/// <summary>How many runs of a sweep may have a device at once, and how many have one.</summary>
internal sealed class SweepLimit(int most)
{
    internal int Most { get; } = most;

    internal int Held { get; set; }

    internal bool IsLimited => Most != int.MaxValue;

    internal bool IsReached => Held >= Most;
}

/// <summary>The runs of one sweep in one priority class, for one class of devices.</summary>
internal sealed class SweepQueue
{
    internal const long NothingWaits = long.MaxValue;

    private readonly int[] _byPosition;
    private readonly ShapeQueue[] _shapes;
    private int _next;

    internal SweepQueue(WaitingOrder order, Range ranks, SweepLimit limit)
    {
        Ranks = ranks;
        Limit = limit;
        var (start, count) = ranks.GetOffsetAndLength(order.Runs.Length);
        _byPosition = [.. Enumerable.Range(start, count)];
        Array.Sort(_byPosition.Select(r => order.Runs[r].Position).ToArray(), _byPosition);
        _shapes = [.. Enumerable.Range(start, count).GroupBy(r => order.Shapes[r]).Select(g => new ShapeQueue(g.Key, [.. g]))];
        LowestPosition = order.Runs[_byPosition[0]].Position;
    }

    /// <summary>The ranks of all its runs, taken ones included.</summary>
    internal Range Ranks { get; }

    internal SweepLimit Limit { get; }

    /// <summary>The lowest position of a run that waits; <see cref="NothingWaits"/> when none does.</summary>
    internal long LowestPosition { get; private set; }

    internal int DoneInPass { get; set; }

    /// <summary>The longest run that is due, of shapes that are not done in this pass.</summary>
    /// <param name="queue">The queue that it belongs to.</param>
    /// <param name="doneInPass">By shape: the pass in which no run of it could be placed any more.</param>
    /// <param name="pass">This pass.</param>
    /// <param name="now">Seconds since the state's moment.</param>
    /// <returns>Its rank, or <see cref="ShapeQueue.Empty"/>.</returns>
    internal int First(WaitingQueue queue, int[] doneInPass, int pass, double now)
    {
        var first = ShapeQueue.Empty;
        foreach (var shape in _shapes)
            if (doneInPass[shape.Shape.Index] != pass)
                first = Math.Min(first, shape.Head(queue, now));
        return first;
    }

    internal void SkipTaken(WaitingQueue queue)
    {
        while (_next < _byPosition.Length && queue.IsTaken(_byPosition[_next])) _next++;
        LowestPosition = _next < _byPosition.Length ? queue.Order.Runs[_byPosition[_next]].Position : NothingWaits;
    }
}
