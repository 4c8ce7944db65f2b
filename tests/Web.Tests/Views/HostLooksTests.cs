using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class HostLooksTests
{
    private static readonly HostDevice s_gpu = new(DeviceClass.Cuda, "cuda:0", "NVIDIA H100", 80_000_000_000, 0, 1);

    [Fact]
    public void Equal_devices_are_told_together() =>
        SampleHosts.With([s_gpu, s_gpu with { Name = "cuda:1" }]).Hardware().ShouldBe("2 × NVIDIA H100, 80 GB");

    [Fact]
    public void A_processor_is_told_with_its_cores() =>
        new HostDevice(DeviceClass.Cpu, "cpu", "Intel Xeon", 64_000_000_000, 16, 4).Hardware().ShouldBe("Intel Xeon, 16 cores, 64 GB");

    [Fact]
    public void A_lost_host_says_since_when_and_where_its_runs_went() =>
        (SampleHosts.With([s_gpu]) with { State = HostState.Lost }).Meaning(SampleRuns.Now.AddSeconds(36))
            .ShouldBe("Not heard of for 36 s. Its runs went back to the queue and go on elsewhere from their checkpoints.");

    [Fact]
    public void A_lost_host_that_still_holds_a_run_says_so() =>
        (SampleHosts.With([s_gpu], SampleHosts.RunOn("cuda:0")) with { State = HostState.Lost }).Meaning(SampleRuns.Now.AddSeconds(12))!
            .ShouldEndWith("1 run goes back to the queue in a moment.");

    [Fact]
    public void Hosts_that_take_runs_come_first()
    {
        var host = SampleHosts.With([s_gpu]);
        HostView[] hosts = [host with { State = HostState.Stopped }, host with { State = HostState.Lost }, host with { Name = "b" }, host with { Name = "a" }];
        hosts.InOrder().Select(one => (one.Name, one.State))
            .ShouldBe([("a", HostState.Up), ("b", HostState.Up), ("gpu-1", HostState.Lost), ("gpu-1", HostState.Stopped)]);
    }

    [Fact]
    public void The_summary_counts_slots_of_hosts_that_take_runs_and_names_lost_ones()
    {
        var up = SampleHosts.With([s_gpu, s_gpu with { Name = "cuda:1" }], SampleHosts.RunOn("cuda:0"));
        new HostsModel([up, up with { State = HostState.Lost }], 3).Summary.ShouldBe("1 host takes runs, 1 of 2 slots busy; 3 runs wait. 1 host is lost.");
        new HostsModel([up with { State = HostState.Stopped }], 0).Summary.ShouldBe("No host takes runs.");
    }
}
