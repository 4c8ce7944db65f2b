using static Tracker.Domain.Tests.Cases;

namespace Tracker.Domain.Tests;

public sealed class HeldBackDeviceTests
{
    [Fact]
    public void A_partly_free_device_is_held_back_for_a_timing_run_whose_turn_it_is() => State(Host(1, Cpu(2)))
        .Holding(Held(9)).Started(1, Run(1, timing: true), Run(2, sweep: 2, owner: 2)).ShouldBeEmpty();

    [Fact]
    public void It_is_not_held_back_while_runs_that_go_first_take_its_slots() => State(Host(1, Cpu(2)))
        .Holding(Held(9)).Started(1, Run(1, timing: true), Run(2, sweep: 2, owner: 2, priority: Priority.High)).ShouldBe([2]);

    [Fact]
    public void The_device_that_is_empty_first_is_held_back_and_the_others_are_filled()
    {
        var state = State(Host(1, Cpu(2)), Host(2, Cpu(2))).Holding(Held(8, host: 1, seconds: 500), Held(9, host: 2, seconds: 400, elapsed: 10));
        var waiting = new[] { Run(1, timing: true), Run(2, sweep: 2, owner: 2), Run(3, sweep: 2, owner: 2) };

        state.Started(1, waiting).ShouldBe([2]);
        state.Started(2, waiting).ShouldBeEmpty();
    }

    [Fact]
    public void Of_devices_that_are_empty_at_the_same_time_the_first_one_is_held_back()
    {
        var state = State(Host(2, Cpu(2)), Host(1, Cpu(2), Cpu(2, "cpu:1")))
            .Holding(Held(7, host: 2), Held(8, host: 1), Held(9, host: 1, device: "cpu:1"));
        var waiting = new[] { Run(1, timing: true), Run(2, sweep: 2, owner: 2), Run(3, sweep: 2, owner: 2) };

        SchedulingPolicy.Fill(state, waiting, 1).Select(a => a.Device).ShouldBe(["cpu:1"]);
        state.Started(2, waiting).ShouldBe([2]);
    }

    [Fact]
    public void Nothing_is_held_back_while_another_host_has_an_empty_device()
    {
        var state = State(Host(1, Cpu(2)), Host(2, Cpu(2))).Holding(Held(9));
        var waiting = new[] { Run(1, timing: true), Run(2, sweep: 2, owner: 2) };

        state.Started(1, waiting).ShouldBe([2]);
        state.Started(2, waiting).ShouldBe([1]);
    }

    [Fact]
    public void One_device_only_is_held_back_however_many_timing_runs_wait()
    {
        var state = State(Host(1, Cpu(2)), Host(2, Cpu(2))).Holding(Held(8, host: 1), Held(9, host: 2));
        var waiting = new[] { Run(1, timing: true), Run(2, timing: true), Run(3, sweep: 2, owner: 2) };

        state.Started(1, waiting).ShouldBeEmpty();
        state.Started(2, waiting).ShouldBe([3]);
    }

    [Fact]
    public void Each_class_of_devices_holds_one_back()
    {
        var state = State(Host(1, Cpu(2), Cuda(2))).Holding(Held(8), Held(9, device: "cuda:0"));

        state.Started(1, Run(1, timing: true), Run(2, sweep: 2, timing: true, device: DeviceClass.Cuda),
            Run(3, sweep: 3, owner: 2), Run(4, sweep: 3, owner: 2, device: DeviceClass.Cuda)).ShouldBeEmpty();
    }

    [Fact]
    public void A_device_is_held_back_for_a_run_that_needs_much_of_its_memory()
    {
        var state = State(Host(1, Cuda(4, memory: 80 * Gigabyte))).Holding(Held(9, device: "cuda:0", memory: 50 * Gigabyte));
        var large = Run(1, device: DeviceClass.Cuda, memory: 60 * Gigabyte, seconds: 1000);
        var small = Run(2, device: DeviceClass.Cuda, memory: 25 * Gigabyte);

        state.Started(1, large, small).ShouldBeEmpty();
        state.Started(1, small).ShouldBe([2]);
    }

    [Fact]
    public void What_will_not_be_in_the_way_of_that_run_goes_there_all_the_same()
    {
        // When run 9 has ended, 20 GB and three slots are left beside the large run.
        var state = State(Host(1, Cuda(4, memory: 80 * Gigabyte))).Holding(Held(9, device: "cuda:0", memory: 50 * Gigabyte));

        state.Started(1, Run(1, device: DeviceClass.Cuda, memory: 60 * Gigabyte, seconds: 1000), Run(2, device: DeviceClass.Cuda, memory: 12 * Gigabyte),
            Run(3, device: DeviceClass.Cuda, memory: 12 * Gigabyte), Run(4, device: DeviceClass.Cuda, memory: 8 * Gigabyte)).ShouldBe([2, 4]);
    }

    [Fact]
    public void The_slot_that_the_run_will_need_is_not_given_away_even_if_the_memory_would_suffice()
    {
        // The memory is in use by the other host of the machine, so no slot of this one will become free.
        var state = State(Host(1, Cuda(1, memory: 80 * Gigabyte)) with { Machine = "m" }, (Host(2, Cuda(1, memory: 80 * Gigabyte)) with { Machine = "m" }).WithLabels("two"))
            .Holding(Held(9, host: 1, device: "cuda:0", memory: 70 * Gigabyte));
        var small = Run(2, device: DeviceClass.Cuda, memory: 5 * Gigabyte);

        state.Started(2, Run(1, device: DeviceClass.Cuda, memory: 20 * Gigabyte, seconds: 1000, labels: ["two"]), small).ShouldBeEmpty();
        state.Started(2, small).ShouldBe([2]);
    }

    [Fact]
    public void Two_hosts_of_one_machine_keep_its_device_free_together()
    {
        var state = State(Host(1, Cpu(2)) with { Machine = "m" }, Host(2, Cpu(2)) with { Machine = "m" }).Holding(Held(9, host: 1));

        state.Started(2, Run(1, timing: true), Run(2, sweep: 2)).ShouldBeEmpty();
        state.Started(2, Run(2, sweep: 2)).ShouldBe([2]);
    }

    [Fact]
    public void A_device_has_room_as_soon_as_enough_of_its_runs_have_ended()
    {
        // On cuda:0 40 GB are left when run 7 ends, after 10 s; on cuda:1 after 50 s.
        var state = State(Host(1, Cuda(4, "cuda:0", 80 * Gigabyte), Cuda(4, "cuda:1", 80 * Gigabyte))).Holding(
            Held(7, device: "cuda:0", memory: 30 * Gigabyte, seconds: 10), Held(8, device: "cuda:0", memory: 30 * Gigabyte, seconds: 100),
            Held(9, device: "cuda:1", memory: 60 * Gigabyte, seconds: 50));

        SchedulingPolicy.Fill(state, [Run(1, device: DeviceClass.Cuda, memory: 40 * Gigabyte), Run(2, sweep: 2, owner: 2, device: DeviceClass.Cuda)], 1)
            .Select(a => (a.RunId, a.Device)).ShouldBe([(2, "cuda:1")]);
    }

    [Fact]
    public void Nothing_is_held_back_for_a_run_that_no_device_could_ever_take() => State(Host(1, Cuda(4))).Holding(Held(9, device: "cuda:0"))
        .Started(1, Run(1, device: DeviceClass.Cuda, memory: 40 * Gigabyte), Run(2, device: DeviceClass.Cuda, labels: ["a100"], timing: true),
            Run(3, device: DeviceClass.Cuda)).ShouldBe([3]);

    [Fact]
    public void Nothing_is_held_back_for_a_run_that_may_not_start_yet() => State(Host(1, Cpu(3))).Limiting(1, 1).Holding(Held(9, sweep: 1))
        .Started(1, Run(1, sweep: 1, timing: true), Run(2, sweep: 2, timing: true, notBefore: Now.AddMinutes(1)), Run(3, sweep: 3)).ShouldBe([3]);

    [Fact]
    public void Others_go_before_further_runs_of_an_owner_for_whom_a_device_is_held_back()
    {
        // Host 1 is held back. Had run 2 the turn on host 2, its owner would have used more than the other, whose runs would then take host 1.
        var state = State(Host(1, Cpu(2)), Host(2, Cpu(2))).Holding(Held(8, host: 1, seconds: 50), Held(9, host: 2)).Used(2, 30);

        state.Started(2, Run(1, timing: true, seconds: 200), Run(2, sweep: 1), Run(3, sweep: 2, owner: 2)).ShouldBe([3]);
        state.Started(2, Run(1, timing: true, seconds: 200), Run(2, sweep: 1)).ShouldBe([2]);
    }
}
