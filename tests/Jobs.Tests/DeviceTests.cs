using Tracker.Domain;
using Tracker.Jobs.Devices;

namespace Tracker.Jobs.Tests;

public sealed class DeviceTests
{
    private static readonly Gpu[] s_gpus = [new(0, "NVIDIA H100 80GB HBM3", 81_559L << 20), new(1, "NVIDIA H100 80GB HBM3", 81_559L << 20)];

    [Fact]
    public void The_driver_s_list_of_gpus_is_read() =>
        Machine.ParseGpus("0, NVIDIA H100 80GB HBM3, 81559\n1, NVIDIA H100 80GB HBM3, 81559\n").ShouldBe(s_gpus);

    [Fact]
    public void A_driver_that_finds_no_gpu_gives_none() => Machine.ParseGpus("No devices were found\n").ShouldBeEmpty();

    [Fact]
    public void The_processor_s_model_is_read()
    {
        Machine.ModelOf(["processor\t: 0", "model\t\t: 143", "model name\t: Intel(R) Xeon(R) Platinum 8480C"]).ShouldBe("Intel(R) Xeon(R) Platinum 8480C");
        Machine.ModelOf(["processor : 0"]).ShouldBe("unknown");
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 1)]
    [InlineData(4, 2, 2)]
    [InlineData(16, 8, 2)]
    public void Without_wishes_the_cores_are_shared_out(int cores, int slots, int threads)
    {
        var plan = SlotPlan.For(new("cpu", cores, 1), [], new());
        (plan.SlotsOf(DeviceClass.Cpu), plan.SlotsOf(DeviceClass.Cuda), plan.Threads).ShouldBe((slots, 0, threads));
    }

    [Fact]
    public void With_gpus_each_takes_one_run_and_the_cpu_none()
    {
        var plan = SlotPlan.For(new("cpu", 16, 1), s_gpus, new());
        plan.Devices.Select(d => (d.Name, d.Slots)).ShouldBe([("cuda:0", 1), ("cuda:1", 1)]);
        plan.Threads.ShouldBe(8);
    }

    [Fact]
    public void Slots_are_for_the_gpus_where_there_are_some()
    {
        SlotPlan.For(new("cpu", 16, 1), s_gpus, new(Slots: 3)).Devices.ShouldAllBe(d => d.Class == DeviceClass.Cuda && d.Slots == 3);
        SlotPlan.For(new("cpu", 16, 1), [], new(Slots: 3)).SlotsOf(DeviceClass.Cpu).ShouldBe(3);
    }

    [Fact]
    public void Wishes_for_both_classes_and_for_threads_are_granted()
    {
        var plan = SlotPlan.For(new("cpu", 16, 1), s_gpus, new(CpuSlots: 4, CudaSlots: 2, Threads: 3));
        (plan.SlotsOf(DeviceClass.Cpu), plan.SlotsOf(DeviceClass.Cuda), plan.Threads).ShouldBe((4, 4, 3));
    }
}
