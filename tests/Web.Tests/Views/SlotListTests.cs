using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class SlotListTests
{
    private static readonly HostDevice s_gpu = new(DeviceClass.Cuda, "cuda:0", "NVIDIA H100", 80_000_000_000, 0, 2);
    private static readonly HostDevice s_cpu = new(DeviceClass.Cpu, "cpu", "Test processor", 16_000_000_000, 4, 1);

    [Fact]
    public void Each_slot_shows_its_run_or_that_it_is_free() =>
        SlotList.Of(SampleHosts.With([s_gpu, s_cpu], SampleHosts.RunOn("cuda:0")))
            .Select(slot => (slot.Name, slot.Run?.Device)).ShouldBe([("cuda:0 1", "cuda:0"), ("cuda:0 2", null), ("cpu", null)]);

    [Fact]
    public void Beside_a_timing_run_the_slots_of_its_device_are_kept_free() =>
        SlotList.Of(SampleHosts.With([s_gpu, s_cpu], SampleHosts.RunOn("cuda:0") with { Timing = true }))
            .Select(slot => slot.Kept).ShouldBe([false, true, false]);

    [Fact]
    public void A_run_on_a_device_that_the_host_no_longer_has_is_shown_last() =>
        SlotList.Of(SampleHosts.With([s_cpu], SampleHosts.RunOn("cuda:0")))[^1].Run.ShouldNotBeNull().Device.ShouldBe("cuda:0");
}
