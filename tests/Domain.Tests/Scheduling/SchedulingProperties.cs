using FsCheck;
using FsCheck.Fluent;
using static Tracker.Domain.Tests.Cases;

namespace Tracker.Domain.Tests;

public sealed class SchedulingProperties
{
    private static readonly Gen<int> Seeds = Gen.Choose(0, int.MaxValue);

    [Fact]
    public void No_device_no_sweep_and_no_run_ever_gets_what_it_may_not_have() => Properties.Check(Seeds, seed =>
    {
        var cluster = RandomCluster(seed);
        cluster.Run(() =>
        {
            var state = cluster.State;
            foreach (var (host, device) in Devices(state)) CheckDevice(host, device, On(state, host, device));
            foreach (var (sweep, most) in state.MaxParallel) state.Held.Count(h => h.SweepId == sweep).ShouldBeLessThanOrEqualTo(most);
        });
        foreach (var started in cluster.Started)
        {
            var host = cluster.Hosts.Single(h => h.Id == started.Given.HostId);
            var device = host.Devices.Single(d => d.Name == started.Given.Device);
            CouldTake(host, device, started.Run).ShouldBeTrue();
            started.Start.ShouldBeGreaterThanOrEqualTo(started.Run.NotBefore ?? Now);
            started.Given.Share.ShouldBe(started.Run.Timing ? 1 : 1.0 / device.Slots);
        }

        cluster.Waiting.ShouldAllBe(r => !Devices(cluster.State).Any(d => CouldTake(d.Host, d.Device, r)));
    });

    [Fact]
    public void A_slot_stays_empty_only_for_a_run_that_needs_more_than_a_slot() => Properties.Check(Seeds, seed =>
    {
        var cluster = RandomCluster(seed);
        cluster.Run(() =>
        {
            var state = cluster.State;
            var ready = cluster.Waiting.Where(r => IsReady(state, r)).ToList();
            var kept = Devices(state).Where(d => ready.Exists(r => Fits(state, d.Host, d.Device, r))).ToList();
            kept.DistinctBy(d => (MachineOf(d.Host), d.Device.Name)).Select(d => d.Device.Class).ShouldBeUnique();
            foreach (var (host, device) in kept)
                ready.ShouldContain(r => (r.Timing || r.MemoryBytes > 0) && !Devices(state).Any(d => Fits(state, d.Host, d.Device, r))
                    && Devices(state).Any(d => IsSame(d.Host, d.Device, host, device) && CouldTake(d.Host, d.Device, r)));
        });
    });

    [Fact]
    public void The_order_in_which_things_are_named_does_not_matter() => Properties.Check(Seeds, seed =>
    {
        var cluster = RandomCluster(seed);
        var random = new Random(seed);
        cluster.Fill();
        for (var i = random.Next(20); i > 0 && cluster.Advance(cluster.Fill); i--) continue;
        var (state, waiting) = (cluster.State, cluster.Waiting.ToArray());
        var (otherState, otherWaiting) = (state with { Hosts = Shuffled(state.Hosts, random), Held = Shuffled(state.Held, random) }, Shuffled(waiting, random));

        foreach (var host in state.Hosts)
            SchedulingPolicy.Fill(otherState, otherWaiting, host.Id).ShouldBe(SchedulingPolicy.Fill(state, waiting, host.Id));
        var durations = waiting.ToDictionary(r => r.Id, r => new DurationEstimate(r.ExpectedSeconds, r.ExpectedSeconds / 2, r.ExpectedSeconds * 2));
        QueueForecast.Of(otherState, otherWaiting, durations).Places.ShouldBe(QueueForecast.Of(state, waiting, durations).Places);
    });

    [Fact]
    public void Runs_start_in_the_order_and_at_the_moments_that_were_forecast() => Properties.Check(Seeds, seed =>
    {
        var isForecast = false;
        var cluster = RandomCluster(seed, run => isForecast ? TrueSeconds(run) : run.ExpectedSeconds);
        for (var i = new Random(seed).Next(20); i > 0 && cluster.Advance(cluster.Fill); i--) continue;
        var before = cluster.Started.Count;
        var durations = cluster.Waiting.ToDictionary(r => r.Id, r => new DurationEstimate(TrueSeconds(r), TrueSeconds(r), TrueSeconds(r)));
        var forecast = QueueForecast.Of(cluster.State, [.. cluster.Waiting], durations);

        isForecast = true;
        cluster.Run();

        var started = cluster.Started.Skip(before).ToList();
        forecast.Places.Take(started.Count).Select(p => (p.RunId, p.Starts!.Expected, p.Finishes!.Expected))
            .ShouldBe(started.Select(s => (s.Run.Id, s.Start, s.End)));
        forecast.Places.Skip(started.Count).ShouldAllBe(p => p.Reason == QueueReason.NoHost && p.Starts == null);
        forecast.Places.Count.ShouldBe(started.Count + cluster.Waiting.Count);
    });

    [Fact]
    public void Every_waiting_run_has_one_place_one_reason_and_a_sentence() => Properties.Check(Seeds, seed =>
    {
        var cluster = RandomCluster(seed);
        for (var i = new Random(seed).Next(20); i > 0 && cluster.Advance(cluster.Fill); i--) continue;
        var state = cluster.State;
        var durations = cluster.Waiting.ToDictionary(r => r.Id, r => new DurationEstimate(r.ExpectedSeconds, r.ExpectedSeconds / 2, r.ExpectedSeconds * 3));
        var places = QueueForecast.Of(state, [.. cluster.Waiting], durations).Places;

        places.Select(p => p.RunId).Order().ShouldBe(cluster.Waiting.Select(r => r.Id).Order());
        places.Select(p => p.Place).ShouldBe(Enumerable.Range(1, places.Count));
        foreach (var place in places)
        {
            place.Explanation.ShouldEndWith(".");
            var run = cluster.Waiting.Single(r => r.Id == place.RunId);
            (place.Reason == QueueReason.NoHost).ShouldBe(!Devices(state).Any(d => CouldTake(d.Host, d.Device, run)));
            (place.Starts == null).ShouldBe(place.Reason == QueueReason.NoHost);
            if (place is { Starts: { } starts, Finishes: { } finishes })
            {
                DateTimeOffset[] moments = [state.Now, starts.Earliest, starts.Expected, starts.Latest];
                moments.ShouldBeInOrder();
                finishes.Earliest.ShouldBeLessThanOrEqualTo(finishes.Expected);
                finishes.Expected.ShouldBe(starts.Expected.AddSeconds(run.ExpectedSeconds));
                finishes.Latest.ShouldBeGreaterThan(starts.Latest);
            }

            if (place.Reason == QueueReason.HeldBack) run.NotBefore!.Value.ShouldBeGreaterThan(state.Now);
        }
    });

    /// <summary>Other than what is expected, so that devices become free earlier and later than the policy believes.</summary>
    private static double TrueSeconds(WaitingRun run) => run.ExpectedSeconds / 5 * (1 + run.Id % 8);

    private static void CheckDevice(HostOffer host, DeviceOffer device, List<HeldRun> runs)
    {
        runs.Count(r => r.HostId == host.Id).ShouldBeLessThanOrEqualTo(device.Slots);
        if (runs.Exists(r => r.Timing)) runs.Count.ShouldBe(1);
        if (device.MemoryBytes > 0) runs.Sum(r => r.MemoryBytes).ShouldBeLessThanOrEqualTo(device.MemoryBytes);
    }

    private static bool IsReady(ClusterState state, WaitingRun run) =>
        (run.NotBefore == null || run.NotBefore <= state.Now)
        && (!state.MaxParallel.TryGetValue(run.SweepId, out var most) || state.Held.Count(h => h.SweepId == run.SweepId) < most);

    private static bool CouldTake(HostOffer host, DeviceOffer device, WaitingRun run) =>
        device.Class == run.Device && run.Labels.All(host.Labels.Contains) && (device.MemoryBytes == 0 || run.MemoryBytes <= device.MemoryBytes);

    private static bool Fits(ClusterState state, HostOffer host, DeviceOffer device, WaitingRun run)
    {
        var runs = On(state, host, device);
        return CouldTake(host, device, run) && runs.Count(r => r.HostId == host.Id) < device.Slots && !runs.Exists(r => r.Timing) && !(run.Timing && runs.Count > 0)
            && (device.MemoryBytes == 0 || runs.Sum(r => r.MemoryBytes) + run.MemoryBytes <= device.MemoryBytes);
    }

    private static IEnumerable<(HostOffer Host, DeviceOffer Device)> Devices(ClusterState state) =>
        state.Hosts.SelectMany(h => h.Devices.Select(d => (h, d)));

    private static List<HeldRun> On(ClusterState state, HostOffer host, DeviceOffer device) =>
        [.. state.Held.Where(r => r.Device == device.Name && MachineOf(state.Hosts.Single(h => h.Id == r.HostId)) == MachineOf(host))];

    private static string MachineOf(HostOffer host) => host.Machine.Length > 0 ? host.Machine : host.Name;

    private static bool IsSame(HostOffer host, DeviceOffer device, HostOffer otherHost, DeviceOffer otherDevice) =>
        MachineOf(host) == MachineOf(otherHost) && device.Name == otherDevice.Name;

    private static T[] Shuffled<T>(IReadOnlyList<T> items, Random random)
    {
        var shuffled = items.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }

    private static FakeCluster RandomCluster(int seed, Func<WaitingRun, double>? trueSeconds = null)
    {
        var random = new Random(seed);
        var cluster = new FakeCluster([.. Enumerable.Range(1, random.Next(1, 4)).Select(id => RandomHost(id, random))], trueSeconds ?? TrueSeconds);
        for (var sweep = 1; sweep <= 5; sweep++)
            if (random.Next(3) == 0)
                cluster.MaxParallel[sweep] = random.Next(1, 4);
        for (var id = random.Next(40); id > 0; id--) cluster.Waiting.Add(RandomRun(id, random));
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(cluster.Waiting));
        return cluster;
    }

    /// <summary>Slots are powers of two and seconds whole, so that sums of device time are exact whatever their order.</summary>
    private static HostOffer RandomHost(int id, Random random)
    {
        var devices = Enumerable.Range(0, random.Next(1, 4)).Select(i => random.Next(2) == 0
            ? Cpu(1 << random.Next(3), $"cpu:{i}", memory: i % 2 * 32 * Gigabyte)
            : Cuda(1 << random.Next(3), $"cuda:{i}", memory: (1 + i % 3) * 16 * Gigabyte)).ToArray();
        return Host(id, devices).WithLabels(random.Next(2) == 0 ? ["a100"] : []) with { Machine = random.Next(2) == 0 ? "workstation" : "" };
    }

    private static WaitingRun RandomRun(int id, Random random)
    {
        var sweep = random.Next(1, 6);
        return Run(
            id, sweep, owner: sweep % 3, (Priority)random.Next(3), random.Next(2) == 0 ? DeviceClass.Cpu : DeviceClass.Cuda, position: id * 17 % 41,
            seconds: random.Next(1, 5) * (random.Next(4) == 0 ? 100 : 5), timing: random.Next(5) == 0, memory: random.Next(3) == 0 ? random.Next(1, 40) * Gigabyte : 0,
            labels: random.Next(6) == 0 ? ["a100"] : null, notBefore: random.Next(8) == 0 ? Now.AddSeconds(random.Next(200)) : null);
    }
}
