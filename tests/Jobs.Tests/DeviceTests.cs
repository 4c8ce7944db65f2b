using Tracker.Domain;
using Tracker.Jobs.Devices;
using Tracker.Jobs.Hosting;
using Tracker.Jobs.Supervision;
using Tracker.Jobs.Tests.Fakes;

namespace Tracker.Jobs.Tests;

public sealed class DeviceTests
{
    private static readonly Gpu[] s_gpus =
        [new(0, "GPU-a1", "NVIDIA H100 80GB HBM3", 81_559L << 20), new(1, "GPU-b2", "NVIDIA H100 80GB HBM3", 81_559L << 20)];

    [Fact]
    public void The_driver_s_list_of_gpus_is_read() =>
        GpuList.Read("0, GPU-a1, 81559, NVIDIA H100 80GB HBM3\n1, GPU-b2, 81559, NVIDIA H100 80GB HBM3\n").ShouldBe(s_gpus);

    [Fact]
    public void A_driver_that_finds_no_gpu_gives_none() => GpuList.Read("No devices were found\n").ShouldBeEmpty();

    [Fact]
    public void A_gpu_without_memory_of_its_own_has_the_machine_s()
    {
        var gpus = GpuList.Read("0, GPU-c3, [N/A], NVIDIA GB10\n");
        gpus.ShouldBe([new(0, "GPU-c3", "NVIDIA GB10", 0)]);
        SlotPlan.For(new("cpu", 20, 128), gpus, new()).Devices.ShouldHaveSingleItem().MemoryBytes.ShouldBe(128);
    }

    [Fact]
    public void The_parts_of_a_divided_gpu_stand_in_its_place()
    {
        const string Listing = """
            GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-a1)
              MIG 3g.40gb     Device  0: (UUID: MIG-3)
              MIG 1g.10gb     Device  1: (UUID: MIG-1)
            GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-b2)

            """;
        GpuList.Divide(s_gpus, Listing).ShouldBe(
        [
            new(0, "MIG-3", "NVIDIA H100 80GB HBM3 MIG 3g.40gb", 40_000_000_000, 0), new(0, "MIG-1", "NVIDIA H100 80GB HBM3 MIG 1g.10gb", 10_000_000_000, 1), s_gpus[1],
        ]);
        GpuList.Divide(s_gpus, "").ShouldBe(s_gpus);
        GpuList.Divide(s_gpus, Listing).Select(g => g.Name).ShouldBe(["cuda:0/0", "cuda:0/1", "cuda:1"]);
    }

    [Theory]
    [InlineData(null, "GPU-a1 GPU-b2")]
    [InlineData("", "")]
    [InlineData("1", "GPU-b2")]
    [InlineData("1,0", "GPU-b2 GPU-a1")]
    [InlineData("GPU-b", "GPU-b2")]
    [InlineData("GPU-", "")]
    [InlineData("0,7,1", "GPU-a1")]
    [InlineData("0,0", "GPU-a1")]
    public void Only_what_CUDA_would_show_is_offered(string? visible, string left) =>
        string.Join(' ', GpuList.Visible(s_gpus, visible).Select(g => g.Id)).ShouldBe(left);

    [Fact]
    public void A_child_sees_its_gpu_alone()
    {
        var commands = new ChildCommands("/data", SlotPlan.For(new("cpu", 16, 1), [s_gpus[1], s_gpus[0]], new(CpuSlots: 1)), TimeSpan.Zero, mayDownload: false);
        var command = commands.For(Samples.Attempt() with { Device = "cuda:1" });
        command.Environment["CUDA_VISIBLE_DEVICES"].ShouldBe("GPU-b2");
        DeviceOf(command).ShouldBe("cuda:0");
        command = commands.For(Samples.Attempt() with { Device = "cpu" });
        command.Environment.Keys.ShouldNotContain("CUDA_VISIBLE_DEVICES");
        DeviceOf(command).ShouldBe("cpu");
    }

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

    private static string DeviceOf(ChildCommand command) => command.Arguments.SkipWhile(a => a != "--device").ElementAt(1);
}
