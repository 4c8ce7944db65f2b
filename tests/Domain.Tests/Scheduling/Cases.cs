namespace Tracker.Domain.Tests;

/// <summary>Clusters and queues of tests, with what a test does not care about left out.</summary>
internal static class Cases
{
    internal const long Gigabyte = 1_000_000_000;

    internal static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    internal static DeviceOffer Cpu(int slots, string name = "cpu", long memory = 0) => new(name, DeviceClass.Cpu, "A CPU", slots, memory);

    internal static DeviceOffer Cuda(int slots, string name = "cuda:0", long memory = 24 * Gigabyte) =>
        new(name, DeviceClass.Cuda, "A GPU", slots, memory);

    internal static HostOffer Host(long id, params DeviceOffer[] devices) => new(id, $"host-{id}", [], devices);

    internal static HostOffer WithLabels(this HostOffer host, params string[] labels) => host with { Labels = labels };

    internal static ClusterState State(params HostOffer[] hosts) => new(Now, hosts, [], new Dictionary<long, int>(), new Dictionary<long, double>());

    internal static ClusterState Holding(this ClusterState state, params HeldRun[] held) => state with { Held = [.. state.Held, .. held] };

    internal static ClusterState Limiting(this ClusterState state, long sweep, int most) =>
        state with { MaxParallel = new Dictionary<long, int>(state.MaxParallel) { [sweep] = most } };

    internal static ClusterState Used(this ClusterState state, long owner, double seconds) =>
        state with { Usage = new Dictionary<long, double>(state.Usage) { [owner] = seconds } };

    internal static HeldRun Held(
        long id, long host = 1, string device = "cpu", long sweep = 0, long owner = 0, bool timing = false, double seconds = 100,
        double elapsed = 0, long memory = 0) => new(id, sweep, owner, host, device, timing, seconds, elapsed, memory);

    internal static WaitingRun Run(
        long id, long sweep = 1, long owner = 1, Priority priority = Priority.Normal, DeviceClass device = DeviceClass.Cpu, long? position = null,
        double seconds = 100, bool timing = false, long memory = 0, string[]? labels = null, DateTimeOffset? notBefore = null) =>
        new(id, sweep, owner, priority, device, position ?? id, seconds, timing, memory, labels ?? [], notBefore);

    /// <summary>The ids of the runs that the host starts, in order.</summary>
    internal static IReadOnlyList<long> Started(this ClusterState state, long host, params WaitingRun[] waiting) =>
        [.. SchedulingPolicy.Fill(state, waiting, host).Select(a => a.RunId)];
}
