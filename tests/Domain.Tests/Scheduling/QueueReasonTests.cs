using static Tracker.Domain.Tests.Cases;
using static Tracker.Domain.Tests.QueueForecastTests;

namespace Tracker.Domain.Tests;

public sealed class QueueReasonTests
{
    private static readonly ClusterState Busy = State(Host(1, Cpu(2))).Holding(Held(98), Held(99));

    [Fact]
    public void A_run_that_finds_a_slot_starts_at_once() => Reason(Forecast(State(Host(1, Cpu(2))), [Run(1)]), 1)
        .ShouldBe((QueueReason.NextSlot, "Starts at once on cpu of host-1."));

    [Fact]
    public void The_first_run_waits_for_the_next_slot() =>
        Reason(Forecast(Busy, [Run(1)]), 1).ShouldBe((QueueReason.NextSlot, "Next to start: 2 of 2 CPU slots are busy."));

    [Fact]
    public void Runs_of_higher_priority_are_counted()
    {
        var forecast = Forecast(Busy, [
            Run(1), Run(2, sweep: 2, priority: Priority.High), Run(3, sweep: 2, owner: 2, priority: Priority.High), Run(4, sweep: 3, priority: Priority.Low)]);

        Reason(forecast, 1).ShouldBe((QueueReason.Priority, "2 runs of higher priority go first."));
        Reason(forecast, 4).ShouldBe((QueueReason.Priority, "3 runs of higher priority go first."));
    }

    [Fact]
    public void Fair_share_tells_who_has_used_how_much() =>
        Reason(Forecast(Busy.Used(1, 11_520).Used(2, 1440), [Run(1), Run(2, sweep: 2, owner: 2)]), 1)
            .ShouldBe((QueueReason.FairShare, "ann has used 3.2 h of device time lately, ben, whose runs go first, 24 min."));

    [Fact]
    public void Fair_share_between_equals_tells_who_came_first() =>
        Reason(Forecast(Busy, [Run(1), Run(2, sweep: 2, owner: 2)]), 2)
            .ShouldBe((QueueReason.FairShare, "ben and ann have used as much device time lately (0 s); the runs of ann came first."));

    [Fact]
    public void Owners_have_numbers_when_their_names_are_not_known() =>
        QueueForecast.Of(Busy.Used(1, 60), [Run(1), Run(2, sweep: 2, owner: 2)], new Dictionary<long, DurationEstimate>()).Places[1].Explanation
            .ShouldBe("owner 1 has used 60 s of device time lately, owner 2, whose runs go first, 0 s.");

    [Fact]
    public void Earlier_sweeps_of_the_same_owner_are_counted() =>
        Reason(Forecast(Busy, [Run(1), Run(2), Run(3, sweep: 2)]), 3)
            .ShouldBe((QueueReason.EarlierSweep, "2 runs of earlier sweeps of the same owner go first."));

    [Fact]
    public void Inside_a_sweep_the_place_is_told()
    {
        var forecast = Forecast(Busy, [Run(1, seconds: 5), Run(2, seconds: 5), Run(3, seconds: 50), Run(4, seconds: 50)]);

        Reason(forecast, 3).Item1.ShouldBe(QueueReason.NextSlot);
        Reason(forecast, 4).ShouldBe((QueueReason.LongestFirst, "2nd of its sweep: equally long runs go in order."));
        Reason(forecast, 1).ShouldBe((QueueReason.LongestFirst, "3rd of its sweep: longer runs first."));
        Reason(forecast, 2).ShouldBe((QueueReason.LongestFirst, "4th of its sweep: longer runs first."));
    }

    [Fact]
    public void Runs_for_other_devices_do_not_stand_before_a_run()
    {
        var state = State(Host(1, Cpu(1)).WithLabels("a"), Host(2, Cpu(1), Cuda(1)).WithLabels("b"))
            .Holding(Held(97, host: 1), Held(98, host: 2), Held(99, host: 2, device: "cuda:0"));

        var forecast = Forecast(state, [
            Run(1, sweep: 1, priority: Priority.High, labels: ["a"]), Run(2, sweep: 2, owner: 2, labels: ["b"]), Run(3, sweep: 3, device: DeviceClass.Cuda),
            Run(4, sweep: 2, owner: 2)]);

        Reason(forecast, 1).Item1.ShouldBe(QueueReason.NextSlot);
        Reason(forecast, 2).ShouldBe((QueueReason.NextSlot, "Next to start: 1 of 1 CPU slot is busy."));
        Reason(forecast, 3).ShouldBe((QueueReason.NextSlot, "Next to start: 1 of 1 CUDA slot is busy."));
        Reason(forecast, 4).ShouldBe((QueueReason.Priority, "1 run of higher priority goes first."));
    }

    [Fact]
    public void Runs_that_may_not_start_do_not_stand_before_a_run()
    {
        var state = Busy.Limiting(1, 1).Holding(Held(97, host: 9, sweep: 1));

        var forecast = Forecast(state, [
            Run(1, sweep: 1, priority: Priority.High), Run(2, sweep: 2, priority: Priority.High, notBefore: Now.AddHours(1)),
            Run(3, sweep: 3, priority: Priority.High, labels: ["none"]), Run(4, sweep: 4)]);

        Reason(forecast, 1).ShouldBe((QueueReason.SweepLimit, "1 of 1 runs of its sweep trains."));
        Reason(forecast, 4).Item1.ShouldBe(QueueReason.NextSlot);
    }

    [Fact]
    public void The_limit_counts_what_starts_at_once() => Reason(Forecast(State(Host(1, Cpu(8))).Limiting(1, 2), [Run(1), Run(2), Run(3)]), 3)
        .ShouldBe((QueueReason.SweepLimit, "2 of 2 runs of its sweep train."));

    [Fact]
    public void A_timing_run_tells_which_device_is_kept_for_it()
    {
        var state = State(Host(1, Cpu(2))).Holding(Held(9, seconds: 1000, elapsed: 280));

        var forecast = Forecast(state, [Run(1, timing: true), Run(2, sweep: 2)]);

        Reason(forecast, 1).ShouldBe((QueueReason.DeviceBusy, "Needs a device for itself: cpu of host-1 is kept for it, expected to be free in 12 min."));
        Reason(forecast, 2).ShouldBe((QueueReason.EarlierSweep, "1 run of earlier sweeps of the same owner goes first."));
    }

    [Fact]
    public void A_timing_run_waits_for_an_empty_device_when_all_are_full()
    {
        var two = State(Host(1, Cpu(1)), Host(2, Cpu(1))).Holding(Held(8, host: 1), Held(9, host: 2));

        Reason(Forecast(Busy, [Run(1, timing: true)]), 1).ShouldBe((QueueReason.DeviceBusy, "Needs a device for itself: cpu of host-1 is not empty."));
        Reason(Forecast(two, [Run(1, timing: true)]), 1).ShouldBe((QueueReason.DeviceBusy, "Needs a device for itself: none of 2 CPUs is empty."));
    }

    [Fact]
    public void A_run_that_needs_memory_tells_that_there_is_less_left_while_a_device_is_kept_elsewhere()
    {
        var state = State(Host(1, Cuda(4)).WithLabels("one"), Host(2, Cuda(4, memory: 80 * Gigabyte)).WithLabels("two"))
            .Holding(Held(8, host: 1, device: "cuda:0"), Held(9, host: 2, device: "cuda:0", memory: 50 * Gigabyte));

        var forecast = Forecast(state, [
            Run(1, sweep: 1, device: DeviceClass.Cuda, timing: true, labels: ["one"]),
            Run(2, sweep: 2, device: DeviceClass.Cuda, memory: 40 * Gigabyte, labels: ["two"])]);

        Reason(forecast, 2).ShouldBe((QueueReason.DeviceBusy, "Needs 40 GB of device memory: cuda:0 of host-2 has less left."));
    }

    [Fact]
    public void While_a_device_is_kept_for_one_owner_others_are_next_elsewhere()
    {
        var state = State(Host(1, Cpu(2)), Host(2, Cpu(1))).Holding(Held(8, host: 1, seconds: 60), Held(9, host: 2));

        var forecast = Forecast(state.Used(2, 30), [Run(1, timing: true), Run(2, sweep: 1), Run(3, sweep: 2, owner: 2)]);

        Reason(forecast, 3).ShouldBe((QueueReason.NextSlot, "Next to start: 2 of 3 CPU slots are busy, and cpu of host-1 is kept free for run 1."));
        Reason(forecast, 2).ShouldBe((QueueReason.FairShare, "cpu of host-1 is kept free for run 1 of ann; until it starts, runs of others go first."));
    }

    [Fact]
    public void A_run_that_needs_memory_tells_which_device_is_kept_for_it()
    {
        var state = State(Host(1, Cuda(4, memory: 80 * Gigabyte))).Holding(Held(9, device: "cuda:0", memory: 50 * Gigabyte, seconds: 30));

        Reason(Forecast(state, [Run(1, device: DeviceClass.Cuda, memory: 40 * Gigabyte)]), 1).ShouldBe((
            QueueReason.DeviceBusy, "Needs 40 GB of device memory: cuda:0 of host-1 is kept for it, expected to be free in 30 s."));
    }

    [Fact]
    public void A_run_that_no_host_can_take_tells_what_is_missing() =>
        Reason(Forecast(State(Host(1, Cpu(1))), [Run(1, device: DeviceClass.Cuda)]), 1).ShouldBe((QueueReason.NoHost, "No present host has a CUDA device."));
}
