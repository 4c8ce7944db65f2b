namespace Tracker.Domain;

/// <summary>What is expected of the queue.</summary>
/// <param name="Places">The places of all waiting runs, from the first.</param>
/// <param name="Empty">
/// When the last run that has a device or can get one will be done; <see langword="null"/> when there is none, or when that cannot be told.
/// </param>
public sealed record QueueForecast(IReadOnlyList<QueuePlace> Places, MomentEstimate? Empty)
{
    /// <summary>
    /// Plays the queue forward with the rules of <see cref="SchedulingPolicy"/>. Moments come from three courses of events: in one every
    /// run takes as long as is expected, in one its low and in one its high estimate. Those are extremes, since not all runs are fast or
    /// slow together.
    /// </summary>
    /// <param name="state">Hosts, the runs that have devices, limits and device time.</param>
    /// <param name="waiting">All runs that wait, in any order.</param>
    /// <param name="durations">
    /// How long runs take, by id. Where a waiting run is missing, times of its device class cannot be told for whatever starts later. A
    /// held run that is missing is taken to end when it is expected to.
    /// </param>
    /// <param name="ownerName">What explanations call an owner; "owner 7" by default.</param>
    public static QueueForecast Of(
        ClusterState state, IReadOnlyList<WaitingRun> waiting, IReadOnlyDictionary<long, DurationEstimate> durations,
        Func<long, string>? ownerName = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(waiting);
        ArgumentNullException.ThrowIfNull(durations);
        var order = new WaitingOrder(state, waiting);
        var known = order.Runs.Select(r => durations.GetValueOrDefault(r.Id)).ToArray();
        var expected = new Course(state, order, known, durations, d => d.Seconds);
        var reasons = new QueueReasons(state, expected.Simulation, ownerName ?? (id => $"owner {id}")).All();
        expected.Run();
        var low = new Course(state, order, known, durations, d => d.Low);
        low.Run();
        var high = new Course(state, order, known, durations, d => d.High);
        high.Run();
        return new Moments(state, order, known, [expected, low, high]).Forecast(reasons);
    }

    /// <summary>One course of events.</summary>
    private sealed class Course
    {
        private readonly ClusterState _state;
        private readonly WaitingOrder _order;
        private readonly DurationEstimate?[] _known;
        private readonly double[] _seconds;
        private readonly Func<HeldRun, double> _left;

        internal Course(
            ClusterState state, WaitingOrder order, DurationEstimate?[] known, IReadOnlyDictionary<long, DurationEstimate> durations,
            Func<DurationEstimate, double> seconds)
        {
            (_state, _order, _known) = (state, order, known);
            _seconds = [.. known.Select((d, rank) => d == null ? order.Runs[rank].ExpectedSeconds : seconds(d))];
            // What is expected of a held run may rest on its own progress; the estimate gives the width of the interval.
            _left = run => durations.TryGetValue(run.Id, out var d) && d.Seconds > 0
                ? Math.Max(0, run.ExpectedSeconds * seconds(d) / d.Seconds - run.ElapsedSeconds)
                : run.SecondsLeft;
            Simulation = new(state, order, _seconds, _left);
        }

        internal Simulation Simulation { get; }

        /// <summary>By device class: the moment after which starts cannot be told, since a run started whose length is not known.</summary>
        private Dictionary<DeviceClass, double> UnknownAfter { get; } = [];

        internal void Run()
        {
            Simulation.Run();
            for (var rank = 0; rank < _known.Length; rank++)
                if (_known[rank] == null && Simulation.Starts[rank] is var start && start < After(rank))
                    UnknownAfter[_order.Runs[rank].Device] = start;
        }

        /// <summary>Seconds to a run's start, or <see langword="null"/> if they cannot be told.</summary>
        internal double? Start(int rank) => Simulation.Starts[rank] is var start && double.IsFinite(start) && start <= After(rank) ? start : null;

        internal double? Finish(int rank) => _known[rank] == null ? null : Start(rank) + _seconds[rank];

        internal bool CanStart(int rank) => double.IsFinite(Simulation.Starts[rank]);

        /// <summary>Seconds until the last run is done; 0 when there is none.</summary>
        internal double? Empty()
        {
            double? last = _state.Held.Select(_left).DefaultIfEmpty().Max();
            for (var rank = 0; rank < _known.Length && last != null; rank++)
                if (CanStart(rank))
                    last = Finish(rank) is { } finish ? Math.Max(last.Value, finish) : null;
            return last;
        }

        private double After(int rank) => UnknownAfter.GetValueOrDefault(_order.Runs[rank].Device, double.PositiveInfinity);
    }

    /// <summary>Puts the courses together; the first is the expected one.</summary>
    private sealed record Moments(ClusterState State, WaitingOrder Order, DurationEstimate?[] Known, Course[] Courses)
    {
        /// <summary>Keeps moments within what a calendar can tell.</summary>
        private static readonly TimeSpan Furthest = TimeSpan.FromDays(36_525);

        internal QueueForecast Forecast((QueueReason Reason, string Explanation)[] reasons)
        {
            var never = Enumerable.Range(0, reasons.Length).Where(r => !Courses[0].CanStart(r)).OrderBy(r => reasons[r].Reason == QueueReason.NoHost);
            var ranks = Courses[0].Simulation.Given.Select(g => g.Rank).Concat(never);
            var places = ranks.Select((rank, i) => new QueuePlace(
                Order.Runs[rank].Id, i + 1, reasons[rank].Reason, reasons[rank].Explanation, Known[rank],
                Estimate(c => c.Start(rank)), Estimate(c => c.Finish(rank)))).ToList();
            var isEmpty = State.Held.Count == 0 && Courses[0].Simulation.Given.Count == 0;
            return new(places, isEmpty ? null : Estimate(c => c.Empty()));
        }

        /// <summary>With shorter runs the order can change so that one starts later; the interval holds all three moments.</summary>
        private MomentEstimate? Estimate(Func<Course, double?> seconds)
        {
            if (seconds(Courses[0]) is not { } expected || seconds(Courses[1]) is not { } low || seconds(Courses[2]) is not { } high) return null;
            return new(At(expected), At(Math.Min(expected, Math.Min(low, high))), At(Math.Max(expected, Math.Max(low, high))));
        }

        private DateTimeOffset At(double seconds) => State.Now.AddSeconds(Math.Min(seconds, Furthest.TotalSeconds));
    }
}
