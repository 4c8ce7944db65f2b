namespace Tracker.Domain;

/// <summary>The device time that counts for an owner.</summary>
internal sealed class OwnerShare(double past)
{
    private double _past = past;
    private double _held;

    internal double Seconds => _past + _held;

    internal void Give(double seconds) => _held += seconds;

    internal void End(double expectedSeconds, double seconds)
    {
        _held -= expectedSeconds;
        _past += seconds;
    }

    internal void Decay(double weight) => _past *= weight;
}

/// <summary>The runs of one owner in one priority class, for one class of devices.</summary>
internal sealed class OwnerQueue(long owner, OwnerShare share, SweepQueue[] sweeps)
{
    internal long Owner { get; } = owner;

    internal OwnerShare Share { get; } = share;

    /// <summary>Those with waiting runs, the lowest position first; the others behind them.</summary>
    internal SweepQueue[] Sweeps { get; } = sweeps;

    internal long LowestPosition => Sweeps[0].LowestPosition;

    internal int DoneInPass { get; set; }

    /// <summary>The pass in which a device is held back for one of the runs: the owner's turn is spent on waiting.</summary>
    internal int WaitsInPass { get; set; }

    internal bool Contains(int rank) => Array.Exists(Sweeps, s => s.Ranks.Start.Value <= rank && rank < s.Ranks.End.Value);

    internal void SkipTaken(WaitingQueue queue, SweepQueue sweep)
    {
        sweep.SkipTaken(queue);
        var at = Array.IndexOf(Sweeps, sweep);
        for (; at + 1 < Sweeps.Length && Sweeps[at + 1].LowestPosition < sweep.LowestPosition; at++) Sweeps[at] = Sweeps[at + 1];
        Sweeps[at] = sweep;
    }
}
