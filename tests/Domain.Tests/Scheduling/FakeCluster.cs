namespace Tracker.Domain.Tests;

/// <summary>
/// Hosts that ask the policy for runs and train them on a clock that jumps from event to event. Written without any of the forecast's
/// shortcuts: every host asks anew at every event, with a state made from scratch.
/// </summary>
internal sealed class FakeCluster(IReadOnlyList<HostOffer> hosts, Func<WaitingRun, double>? trueSeconds = null)
{
    private readonly List<Training> _trains = [];
    private readonly Dictionary<long, double> _usage = [];
    private readonly Func<WaitingRun, double> _trueSeconds = trueSeconds ?? (r => r.ExpectedSeconds);

    internal DateTimeOffset Now { get; private set; } = Cases.Now;

    internal double Seconds => (Now - Cases.Now).TotalSeconds;

    internal List<WaitingRun> Waiting { get; } = [];

    internal Dictionary<long, int> MaxParallel { get; } = [];

    /// <summary>Everything that was started, in order.</summary>
    internal List<Training> Started { get; } = [];

    internal IReadOnlyList<HostOffer> Hosts { get; } = hosts;

    internal ClusterState State => new(
        Now, Hosts,
        [.. _trains.Select(t => new HeldRun(
            t.Run.Id, t.Run.SweepId, t.Run.OwnerId, t.Given.HostId, t.Given.Device, t.Run.Timing, t.Run.ExpectedSeconds, (Now - t.Start).TotalSeconds,
            t.Run.MemoryBytes))],
        MaxParallel, new Dictionary<long, double>(_usage));

    /// <summary>All hosts take what they can, until none takes anything more.</summary>
    internal void Fill()
    {
        for (var before = -1; before != Started.Count;)
        {
            before = Started.Count;
            foreach (var host in Hosts.OrderBy(h => h.Id))
                foreach (var given in SchedulingPolicy.Fill(State, Waiting, host.Id))
                    Start(given);
        }
    }

    /// <summary>Goes on to the next moment in which something ends or becomes due.</summary>
    /// <param name="then">What to do there.</param>
    /// <returns>Whether there is one.</returns>
    internal bool Advance(Action? then = null)
    {
        var moments = _trains.Select(t => t.End).Concat(Waiting.Select(r => r.NotBefore).OfType<DateTimeOffset>().Where(d => d > Now)).ToList();
        if (moments.Count == 0) return false;
        var next = moments.Min();
        foreach (var owner in _usage.Keys.ToList()) _usage[owner] = DeviceTime.Decay(_usage[owner], Now, next);
        Now = next;
        foreach (var ended in _trains.Where(t => t.End <= Now).OrderBy(t => t.Run.Id).ToList())
        {
            _trains.Remove(ended);
            _usage[ended.Run.OwnerId] = _usage.GetValueOrDefault(ended.Run.OwnerId) + (ended.End - ended.Start).TotalSeconds * ended.Given.Share;
        }

        then?.Invoke();
        return true;
    }

    /// <summary>Until nothing can start any more.</summary>
    /// <param name="afterFill">Called whenever the hosts have taken what they can.</param>
    internal void Run(Action? afterFill = null)
    {
        do
        {
            Fill();
            afterFill?.Invoke();
        }
        while (Advance());
    }

    private void Start(Assignment given)
    {
        var run = Waiting.Single(r => r.Id == given.RunId);
        Waiting.Remove(run);
        var training = new Training(run, given, Now, Now.AddSeconds(_trueSeconds(run)));
        _trains.Add(training);
        Started.Add(training);
    }

    internal sealed record Training(WaitingRun Run, Assignment Given, DateTimeOffset Start, DateTimeOffset End)
    {
        /// <summary>Device seconds that it has had at a moment.</summary>
        internal double DeviceSeconds(DateTimeOffset now) => Given.Share * ((now < End ? now : End) - Start).TotalSeconds;
    }
}
