using static Tracker.Domain.Tests.Cases;

namespace Tracker.Domain.Tests;

public sealed class QueueForecastTests
{
    [Fact]
    public void Places_are_the_order_in_which_runs_start() => Forecast(State(Host(1, Cpu(1))).Used(1, 1000), [
        Run(1, sweep: 1, owner: 1, seconds: 10), Run(2, sweep: 1, owner: 1, seconds: 50), Run(3, sweep: 2, owner: 2, seconds: 20),
        Run(4, sweep: 3, owner: 1, priority: Priority.High, seconds: 5), Run(5, sweep: 1, owner: 1, priority: Priority.Low)])
        .Places.Select(p => (p.RunId, p.Place)).ShouldBe([(4L, 1), (3L, 2), (2L, 3), (1L, 4), (5L, 5)]);

    [Fact]
    public void Starts_and_finishes_follow_from_the_durations()
    {
        var forecast = Forecast(State(Host(1, Cpu(2))).Holding(Held(8, seconds: 30, elapsed: 10), Held(9, seconds: 100, elapsed: 150)), [
            Run(1, seconds: 100), Run(2, seconds: 60), Run(3, seconds: 50)]);

        forecast.Places.Select(p => (p.Starts!.Expected - Now).TotalSeconds).ShouldBe([0, 20, 80]);
        forecast.Places.Select(p => (p.Finishes!.Expected - Now).TotalSeconds).ShouldBe([100, 80, 130]);
        (forecast.Empty!.Expected - Now).TotalSeconds.ShouldBe(130);
    }

    [Fact]
    public void Intervals_come_from_short_and_long_durations()
    {
        var forecast = Forecast(State(Host(1, Cpu(1))), [Run(1, seconds: 100), Run(2, seconds: 50)], spread: 2);

        forecast.Places[1].Starts.ShouldBe(new(Now.AddSeconds(100), Now.AddSeconds(50), Now.AddSeconds(200)));
        forecast.Places[1].Finishes.ShouldBe(new(Now.AddSeconds(150), Now.AddSeconds(75), Now.AddSeconds(300)));
        forecast.Empty.ShouldBe(forecast.Places[1].Finishes);
    }

    [Fact]
    public void The_spread_of_a_held_run_counts_as_well()
    {
        var held = Held(9, seconds: 100, elapsed: 40);
        var durations = new Dictionary<long, DurationEstimate> { [9] = new(100, 80, 150), [1] = new(10, 10, 10) };

        QueueForecast.Of(State(Host(1, Cpu(1))).Holding(held), [Run(1)], durations).Places[0].Starts
            .ShouldBe(new(Now.AddSeconds(60), Now.AddSeconds(40), Now.AddSeconds(110)));
    }

    [Fact]
    public void A_held_run_with_nothing_left_to_do_ends_at_once()
    {
        var durations = new Dictionary<long, DurationEstimate> { [9] = new(0, 0, 0), [1] = new(10, 10, 10) };

        QueueForecast.Of(State(Host(1, Cpu(1))).Holding(Held(9, seconds: 40, elapsed: 40)), [Run(1)], durations).Places[0].Starts
            .ShouldBe(new(Now, Now, Now));
    }

    [Fact]
    public void Behind_a_run_without_an_estimate_there_are_places_but_no_times()
    {
        var durations = new Dictionary<long, DurationEstimate> { [1] = new(100, 90, 110), [3] = new(20, 19, 21), [4] = new(10, 9, 11) };

        var forecast = QueueForecast.Of(
            State(Host(1, Cpu(1), Cuda(1))), [Run(1, seconds: 100), Run(2, seconds: 50), Run(3, seconds: 20), Run(4, sweep: 2, device: DeviceClass.Cuda)], durations);

        var places = forecast.Places.ToDictionary(p => p.RunId);
        places[1].Finishes!.Expected.ShouldBe(Now.AddSeconds(100));
        places[2].Starts!.Expected.ShouldBe(Now.AddSeconds(100));
        places[2].Finishes.ShouldBeNull();
        places[3].Starts.ShouldBeNull();
        places[3].Finishes.ShouldBeNull();
        places[3].Duration.ShouldBe(new(20, 19, 21));
        places[4].Finishes!.Expected.ShouldBe(Now.AddSeconds(10));
        forecast.Empty.ShouldBeNull();
        forecast.Places.Where(p => p.RunId != 4).Select(p => p.RunId).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_run_that_is_held_back_stands_where_it_will_start()
    {
        var forecast = Forecast(State(Host(1, Cpu(1))).Holding(Held(9, seconds: 5)), [
            Run(1, seconds: 100, notBefore: Now.AddSeconds(20)), Run(2, seconds: 10), Run(3, seconds: 8), Run(4, seconds: 7)]);

        forecast.Places.Select(p => p.RunId).ShouldBe([2, 3, 1, 4]);
        forecast.Places[2].Starts!.Expected.ShouldBe(Now.AddSeconds(23));
        Reason(forecast, 1).ShouldBe((QueueReason.HeldBack, "Held back after a crash until 12:00:20 UTC."));
    }

    [Fact]
    public void An_idle_cluster_waits_until_a_held_back_run_is_due() =>
        Forecast(State(Host(1, Cpu(1))), [Run(1, notBefore: Now.AddSeconds(20))]).Places.Single().Starts!.Expected.ShouldBe(Now.AddSeconds(20));

    [Fact]
    public void Runs_of_a_sweep_at_its_limit_start_as_others_of_it_end()
    {
        var forecast = Forecast(State(Host(1, Cpu(4))).Limiting(1, 1).Holding(Held(9, sweep: 1, seconds: 40)), [
            Run(1, seconds: 30), Run(2, seconds: 20), Run(3, sweep: 2, seconds: 10)]);

        forecast.Places.Select(p => (p.Starts!.Expected - Now).TotalSeconds).ShouldBe([0, 40, 70]);
        Reason(forecast, 1).ShouldBe((QueueReason.SweepLimit, "1 of 1 runs of its sweep trains."));
    }

    [Fact]
    public void A_sweep_is_also_freed_by_a_run_on_a_draining_host() =>
        Forecast(State(Host(1, Cpu(4))).Limiting(1, 1).Holding(Held(9, host: 5, sweep: 1, seconds: 40)), [Run(1)])
            .Places.Single().Starts!.Expected.ShouldBe(Now.AddSeconds(40));

    [Fact]
    public void A_timing_run_starts_when_its_device_is_empty()
    {
        var forecast = Forecast(State(Host(1, Cpu(2))).Holding(Held(9, seconds: 60)), [
            Run(1, sweep: 1, timing: true, seconds: 10), Run(2, sweep: 2, owner: 2, seconds: 5), Run(3, sweep: 2, owner: 2, seconds: 5)]);

        forecast.Places.Select(p => (p.RunId, (p.Starts!.Expected - Now).TotalSeconds)).ShouldBe([(1, 60), (2, 70), (3, 70)]);
    }

    [Fact]
    public void A_device_that_is_no_longer_kept_free_is_given_to_others_at_once()
    {
        // Run 1 is over long before it is expected to be. From then on host 1 is the first to be empty, and host 2 need not be kept.
        var state = State(Host(1, Cpu(2)).WithLabels("one"), Host(2, Cpu(2))).Used(2, 1000)
            .Holding(Held(8, host: 1, seconds: 50), Held(9, host: 2, seconds: 300));
        WaitingRun[] waiting =
        [
            Run(1, sweep: 1, priority: Priority.High, seconds: 400, labels: ["one"]), Run(2, sweep: 2, timing: true), Run(3, sweep: 3, owner: 2),
        ];
        var durations = waiting.ToDictionary(r => r.Id, r => r.Id == 1 ? new DurationEstimate(30, 30, 30) : new(100, 100, 100));

        QueueForecast.Of(state, waiting, durations).Places.Select(p => (p.RunId, (p.Starts!.Expected - Now).TotalSeconds))
            .ShouldBe([(1, 0), (3, 30), (2, 50)]);
    }

    [Fact]
    public void Device_time_fades_while_the_queue_waits()
    {
        // After a day 150,000 s count 75,000; the held run goes on to count 200,000 s on half a device.
        var state = State(Host(1, Cpu(2))).Holding(Held(8, owner: 3, seconds: 86_400), Held(9, owner: 2, seconds: 200_000)).Used(1, 150_000);

        Forecast(state, [Run(1, sweep: 1, owner: 1), Run(2, sweep: 2, owner: 2)]).Places.Select(p => p.RunId).ShouldBe([1, 2]);
        Forecast(state.Used(1, 210_000), [Run(1, sweep: 1, owner: 1), Run(2, sweep: 2, owner: 2)]).Places.Select(p => p.RunId).ShouldBe([2, 1]);
    }

    [Fact]
    public void Runs_that_no_present_host_can_take_come_last()
    {
        var forecast = Forecast(State(Host(1, Cpu(1))), [Run(1, device: DeviceClass.Cuda, priority: Priority.High), Run(2), Run(3)]);

        forecast.Places.Select(p => p.RunId).ShouldBe([2, 3, 1]);
        forecast.Places[2].Starts.ShouldBeNull();
        (forecast.Empty!.Expected - Now).TotalSeconds.ShouldBe(200);
    }

    [Fact]
    public void An_empty_queue_is_not_expected_to_become_empty()
    {
        Forecast(State(Host(1, Cpu(1))), []).ShouldBe(new QueueForecast([], null), ForecastsAlike);
        Forecast(State(Host(1, Cpu(1))).Holding(Held(9, seconds: 7)), []).Empty!.Expected.ShouldBe(Now.AddSeconds(7));
    }

    [Fact]
    public void Ten_thousand_runs_of_two_hundred_sweeps_do_not_take_long()
    {
        var random = new Random(1);
        var waiting = Enumerable.Range(1, 10_000).Select(id => Run(
            id, sweep: id / 50, owner: id / 50 % 5, (Priority)(id / 50 % 3), DeviceClass.Cuda, seconds: 1 + 100 * random.NextDouble(),
            timing: id / 50 % 7 == 0, memory: id % 6 * Gigabyte)).ToArray();
        var state = State([.. Enumerable.Range(1, 4).Select(h => Host(h, Cuda(2, "cuda:0"), Cuda(2, "cuda:1")))]).Limiting(3, 2).Limiting(7, 1);

        // A tenth of a second of processor time when compiled for speed. The limit is to catch what grows with the square of the queue.
        var since = Environment.CpuUsage.TotalTime;
        var forecast = Forecast(state, waiting, spread: 1.2);
        (Environment.CpuUsage.TotalTime - since).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        forecast.Places.Count.ShouldBe(10_000);
        forecast.Places.ShouldAllBe(p => p.Finishes != null);
    }

    private static readonly IEqualityComparer<QueueForecast> ForecastsAlike =
        EqualityComparer<QueueForecast>.Create((a, b) => a!.Places.SequenceEqual(b!.Places) && a.Empty == b.Empty);

    internal static QueueForecast Forecast(ClusterState state, WaitingRun[] waiting, double spread = 1) => QueueForecast.Of(
        state, waiting, waiting.ToDictionary(r => r.Id, r => new DurationEstimate(r.ExpectedSeconds, r.ExpectedSeconds / spread, r.ExpectedSeconds * spread)),
        id => id switch { 1 => "ann", 2 => "ben", _ => $"user {id}" });

    internal static (QueueReason, string) Reason(QueueForecast forecast, long run)
    {
        var place = forecast.Places.Single(p => p.RunId == run);
        return (place.Reason, place.Explanation);
    }
}
