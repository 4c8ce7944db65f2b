using static Tracker.Domain.Tests.Cases;

namespace Tracker.Domain.Tests;

public sealed class SchedulingPolicyTests
{
    [Fact]
    public void A_higher_class_of_urgency_goes_first() => State(Host(1, Cpu(3)))
        .Started(1, Run(1, priority: Priority.Low), Run(2), Run(3, priority: Priority.High), Run(4)).ShouldBe([3, 2, 4]);

    [Fact]
    public void The_owner_with_the_least_device_time_goes_first() => State(Host(1, Cpu(1))).Used(1, 50).Used(2, 40)
        .Started(1, Run(1, sweep: 1, owner: 1), Run(2, sweep: 2, owner: 2)).ShouldBe([2]);

    [Fact]
    public void Whoever_has_used_nothing_goes_before_whoever_has() => State(Host(1, Cpu(1))).Used(1, 1)
        .Started(1, Run(1, sweep: 1, owner: 1), Run(2, sweep: 2, owner: 2)).ShouldBe([2]);

    [Fact]
    public void What_is_given_out_counts_at_once() => State(Host(1, Cpu(4)))
        .Started(1, Run(1, sweep: 1, owner: 1), Run(2, sweep: 1, owner: 1), Run(3, sweep: 2, owner: 2), Run(4, sweep: 2, owner: 2))
        .ShouldBe([1, 3, 2, 4]);

    [Fact]
    public void A_run_that_is_held_counts_with_all_its_time_and_its_share_of_the_device()
    {
        // 400 s on half a device are 200 device seconds, more than 190 and less than 210.
        var state = State(Host(1, Cpu(2))).Holding(Held(9, owner: 1, seconds: 400, elapsed: 399));

        state.Used(2, 190).Started(1, Run(1, sweep: 1, owner: 1), Run(2, sweep: 2, owner: 2)).ShouldBe([2]);
        state.Used(2, 210).Started(1, Run(1, sweep: 1, owner: 1), Run(2, sweep: 2, owner: 2)).ShouldBe([1]);
    }

    [Fact]
    public void A_timing_run_that_is_held_counts_with_the_whole_device()
    {
        var state = State(Host(1, Cpu(2)), Host(2, Cpu(2))).Holding(Held(9, host: 2, owner: 1, seconds: 100, timing: true));

        state.Used(2, 90).Started(1, Run(1, sweep: 1, owner: 1, seconds: 1), Run(2, sweep: 2, owner: 2)).ShouldBe([2, 1]);
        state.Used(2, 110).Started(1, Run(1, sweep: 1, owner: 1, seconds: 1), Run(2, sweep: 2, owner: 2)).ShouldBe([1, 2]);
    }

    [Fact]
    public void Runs_on_a_draining_host_count_for_their_owner()
    {
        var state = State(Host(1, Cpu(1))).Holding(Held(9, host: 7, owner: 1, seconds: 100), Held(10, host: 7, owner: 3, seconds: 100));

        state.Used(2, 40).Started(1, Run(1, sweep: 1, owner: 1), Run(2, sweep: 2, owner: 2)).ShouldBe([2]);
        state.Used(2, 60).Started(1, Run(1, sweep: 1, owner: 1), Run(2, sweep: 2, owner: 2)).ShouldBe([1]);
    }

    [Fact]
    public void Owners_with_equal_device_time_go_in_order_of_arrival() => State(Host(1, Cpu(1))).Used(1, 50).Used(2, 50)
        .Started(1, Run(1, sweep: 1, owner: 1, position: 8), Run(2, sweep: 2, owner: 2, position: 7)).ShouldBe([2]);

    [Fact]
    public void The_earlier_sweep_of_an_owner_goes_first() => State(Host(1, Cpu(3)))
        .Started(1, Run(1, sweep: 2, position: 3, seconds: 900), Run(2, sweep: 1, position: 1, seconds: 5), Run(3, sweep: 1, position: 2, seconds: 6))
        .ShouldBe([3, 2, 1]);

    [Fact]
    public void A_run_that_went_to_the_end_of_the_queue_takes_its_sweep_there_when_no_other_of_it_waits() => State(Host(1, Cpu(2)))
        .Started(1, Run(1, sweep: 1, position: 90), Run(2, sweep: 2, position: 20)).ShouldBe([2, 1]);

    [Fact]
    public void The_longest_run_of_a_sweep_goes_first_and_equally_long_ones_in_order() => State(Host(1, Cpu(4)))
        .Started(1, Run(1, seconds: 10), Run(2, seconds: 1000), Run(4, seconds: 100), Run(3, seconds: 100)).ShouldBe([2, 3, 4, 1]);

    [Fact]
    public void A_run_that_is_held_back_waits_until_it_is_due()
    {
        var waiting = new[] { Run(1, notBefore: Now.AddSeconds(1)), Run(2, seconds: 1), Run(3, sweep: 2, notBefore: Now) };

        State(Host(1, Cpu(3))).Started(1, waiting).ShouldBe([2, 3]);
        (State(Host(1, Cpu(3))) with { Now = Now.AddSeconds(1) }).Started(1, waiting).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_sweep_has_no_more_runs_at_once_than_it_allows() => State(Host(1, Cpu(8)), Host(2, Cpu(8))).Limiting(1, 3)
        .Holding(Held(9, host: 2, sweep: 1))
        .Started(1, Run(1), Run(2), Run(3), Run(4, priority: Priority.Low), Run(5, sweep: 2, position: 9)).ShouldBe([1, 2, 5]);

    [Fact]
    public void Runs_go_to_their_class_of_device() => SchedulingPolicy
        .Fill(State(Host(1, Cpu(1), Cuda(1))), [Run(1, device: DeviceClass.Cuda), Run(2, device: DeviceClass.Cuda), Run(3)], 1)
        .ShouldBe([new(1, 1, "cuda:0", 1), new(3, 1, "cpu", 1)], ignoreOrder: true);

    [Fact]
    public void A_host_must_have_all_labels()
    {
        var run = Run(1, labels: ["a100", "nvlink"]);

        State(Host(1, Cpu(1)).WithLabels("a100")).Started(1, run).ShouldBeEmpty();
        State(Host(1, Cpu(1)).WithLabels("big", "nvlink", "a100")).Started(1, run).ShouldBe([1]);
    }

    [Fact]
    public void A_device_must_have_the_memory()
    {
        var run = Run(1, device: DeviceClass.Cuda, memory: 40 * Gigabyte);

        State(Host(1, Cuda(1, memory: 24 * Gigabyte))).Started(1, run).ShouldBeEmpty();
        State(Host(1, Cuda(1, memory: 40 * Gigabyte))).Started(1, run).ShouldBe([1]);
        State(Host(1, Cuda(1, memory: 0))).Started(1, run).ShouldBe([1]);
    }

    [Fact]
    public void Runs_on_one_device_fit_into_its_memory_together() => State(Host(1, Cuda(4, memory: 24 * Gigabyte)))
        .Holding(Held(9, device: "cuda:0", memory: 8 * Gigabyte))
        .Started(1, Run(1, device: DeviceClass.Cuda, memory: 10 * Gigabyte), Run(2, device: DeviceClass.Cuda)).ShouldBe([1, 2]);

    [Fact]
    public void A_free_slot_stays_free_when_the_memory_is_used_up() => State(Host(1, Cuda(4, memory: 24 * Gigabyte)))
        .Holding(Held(9, device: "cuda:0", memory: 16 * Gigabyte))
        .Started(1, Run(1, device: DeviceClass.Cuda, memory: 10 * Gigabyte)).ShouldBeEmpty();

    [Fact]
    public void A_run_gets_its_part_of_the_device_and_a_timing_run_all_of_it()
    {
        SchedulingPolicy.Fill(State(Host(1, Cpu(4))), [Run(1)], 1).ShouldBe([new(1, 1, "cpu", 0.25)]);
        SchedulingPolicy.Fill(State(Host(1, Cpu(4))), [Run(1, timing: true)], 1).ShouldBe([new(1, 1, "cpu", 1)]);
    }

    [Fact]
    public void Nobody_is_put_beside_a_timing_run()
    {
        State(Host(1, Cpu(4))).Started(1, Run(1, timing: true), Run(2, seconds: 1)).ShouldBe([1]);
        State(Host(1, Cpu(4))).Holding(Held(9, timing: true)).Started(1, Run(1)).ShouldBeEmpty();
    }

    [Fact]
    public void A_timing_run_is_not_put_beside_others() =>
        State(Host(1, Cpu(4))).Holding(Held(9)).Started(1, Run(1, timing: true)).ShouldBeEmpty();

    [Fact]
    public void Runs_go_to_the_relatively_emptiest_device() => SchedulingPolicy
        .Fill(State(Host(1, Cuda(2, "cuda:0"), Cuda(4, "cuda:1"))).Holding(Held(8, device: "cuda:0"), Held(9, device: "cuda:1")), [
            Run(1, device: DeviceClass.Cuda), Run(2, device: DeviceClass.Cuda)], 1)
        .Select(a => a.Device).ShouldBe(["cuda:1", "cuda:0"]);

    [Fact]
    public void A_host_that_is_not_there_starts_nothing() => State(Host(1, Cpu(4))).Started(2, Run(1)).ShouldBeEmpty();
}
