using MathNet.Numerics.Distributions;
using static Tracker.Domain.Tests.Cases;

namespace Tracker.Domain.Tests;

/// <summary>Three users, two hosts of two slots, sweeps whose runs differ in length by a factor of up to 100, and estimates that are off.</summary>
public sealed class FairShareSimulationTests
{
    private const int Slots = 4;
    private const double Longest = 1000;

    /// <summary>Of the logarithm of how long a run takes, around its estimate.</summary>
    private const double Spread = 0.15;

    public static TheoryData<int> Weeks => [.. Enumerable.Range(1, 10)];

    [Theory]
    [MemberData(nameof(Weeks))]
    public void All_is_done_within_five_percent_of_the_best_list_schedule(int seed)
    {
        var week = new Week(seed);
        week.Cluster.Run();

        var makespan = week.Cluster.Started.Max(s => (s.End - Now).TotalSeconds);
        var longestFirst = ListSchedule(week.Runs.OrderByDescending(r => week.TrueSeconds[r.Id]).Select(r => week.TrueSeconds[r.Id]));
        var bound = Math.Max(week.TrueSeconds.Values.Max(), week.TrueSeconds.Values.Sum() / Slots);
        makespan.ShouldBeLessThanOrEqualTo(1.05 * longestFirst);
        makespan.ShouldBeGreaterThanOrEqualTo(bound - 1e-3);
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public void While_all_users_have_runs_waiting_their_device_time_stays_within_one_longest_run(int seed)
    {
        var week = new Week(seed);
        var cluster = week.Cluster;
        var most = 0.0;
        cluster.Run(() =>
        {
            if (cluster.Waiting.Select(r => r.OwnerId).Distinct().Count() < 3) return;
            var seconds = cluster.Started.GroupBy(s => s.Run.OwnerId).Select(g => g.Sum(s => s.DeviceSeconds(cluster.Now))).ToList();
            most = Math.Max(most, seconds.Max() - seconds.Min());
        });

        // A run has half a device.
        most.ShouldBeInRange(1, week.TrueSeconds.Values.Max() / 2);
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public void A_user_who_arrives_later_is_served_next_and_catches_up_from_there(int seed)
    {
        var week = new Week(seed);
        var cluster = week.Cluster;
        cluster.Fill();
        for (var i = 0; i < 15; i++) cluster.Advance(cluster.Fill);
        var (arrival, before) = (cluster.Now, cluster.Started.Count);
        cluster.Waiting.AddRange(Enumerable.Range(1000, 8).Select(id => Run(id, sweep: 50, owner: 4, seconds: 200)));
        cluster.Run();

        // All slots are busy when the user arrives, and the user's first two runs are less than what each of the others has used.
        cluster.Started.Skip(before).Take(2).ShouldAllBe(s => s.Run.OwnerId == 4);
        cluster.Started[before].Start.ShouldBe(cluster.Started.Take(before).Where(s => s.End > arrival).Min(s => s.End));
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public void A_sweep_of_high_priority_overtakes_all_that_wait(int seed)
    {
        var week = new Week(seed);
        var cluster = week.Cluster;
        cluster.Fill();
        for (var i = 0; i < 15; i++) cluster.Advance(cluster.Fill);
        var before = cluster.Started.Count;
        var mostUsed = cluster.State.Usage.MaxBy(u => u.Value).Key;
        cluster.Waiting.AddRange(Enumerable.Range(1000, 6).Select(id => Run(id, sweep: 50, owner: mostUsed, Priority.High, seconds: 50)));
        cluster.Run();

        cluster.Started.Skip(before).Take(6).ShouldAllBe(s => s.Run.SweepId == 50);
    }

    [Fact]
    public void A_timing_run_starts_however_many_short_runs_keep_coming()
    {
        var cluster = new FakeCluster([Host(1, Cpu(2)).WithLabels("one"), Host(2, Cpu(2)).WithLabels("two")]);
        cluster.Waiting.Add(Run(1, sweep: 1, owner: 1, seconds: 500, timing: true));
        cluster.Waiting.AddRange(Enumerable.Range(2, 20).Select(id => Run(id, sweep: 1, owner: 1, seconds: 100)));
        cluster.Waiting.AddRange(Enumerable.Range(100, 200).Select(id => Run(id, sweep: 2, owner: 2, seconds: 50)));
        // Both hosts are busy with runs of another user; host 2 is the first that can be empty.
        cluster.Waiting.Add(Run(500, sweep: 3, owner: 3, Priority.High, seconds: 60, labels: ["one"]));
        cluster.Waiting.Add(Run(501, sweep: 3, owner: 3, Priority.High, seconds: 1000, labels: ["one"]));
        cluster.Waiting.Add(Run(502, sweep: 3, owner: 3, Priority.High, seconds: 100, labels: ["two"]));
        cluster.Waiting.Add(Run(503, sweep: 3, owner: 3, Priority.High, seconds: 150, labels: ["two"]));
        cluster.Run();

        cluster.Started.Single(s => s.Run.Timing).Start.ShouldBe(Now.AddSeconds(150));
        cluster.Started.Where(s => s.Start < Now.AddSeconds(150) && s.Run.Id < 500).ShouldAllBe(s => s.Given.HostId == 1 && s.Run.OwnerId == 2);
    }

    private static double ListSchedule(IEnumerable<double> seconds)
    {
        var slots = new double[Slots];
        foreach (var run in seconds) slots[Array.IndexOf(slots, slots.Min())] += run;
        return slots.Max();
    }

    /// <summary>One or two sweeps of each of three users, which all wait at the start.</summary>
    private sealed class Week
    {
        internal Week(int seed)
        {
            var random = new Random(seed);
            for (var sweep = 1; sweep <= 3 + 3 * (seed % 2); sweep++)
            {
                var ratio = 10 + 90 * random.NextDouble();
                for (var left = random.Next(20, 41); left > 0; left--)
                    Runs.Add(Run(Runs.Count + 1, sweep, owner: sweep % 3 + 1, seconds: Longest * Math.Pow(ratio, -random.NextDouble())));
            }

            var noise = new Normal(0, Spread, random);
            TrueSeconds = Runs.ToDictionary(r => r.Id, r => r.ExpectedSeconds * Math.Exp(noise.Sample()));
            Cluster = new([Host(1, Cpu(2)), Host(2, Cpu(2))], r => TrueSeconds.GetValueOrDefault(r.Id, r.ExpectedSeconds));
            Cluster.Waiting.AddRange(Runs);
        }

        internal List<WaitingRun> Runs { get; } = [];

        internal Dictionary<long, double> TrueSeconds { get; }

        internal FakeCluster Cluster { get; }
    }
}
