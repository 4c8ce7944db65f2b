using Tracker.Domain;

namespace Tracker.Storage.Tests;

/// <summary>The queue as it is shown, on a database of its own for each test.</summary>
public sealed class QueueTests : IAsyncLifetime
{
    private readonly StorageFixture _storage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IQueue Queue => _storage.Get<IQueue>();

    public ValueTask InitializeAsync() => _storage.InitializeAsync();

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task Every_queued_run_has_a_place_a_reason_and_after_the_first_result_a_time()
    {
        var host = await _storage.RegisterHostAsync("host", cpu: 1);
        var (_, runs) = await _storage.SubmitAsync(SweepsToTest.Next(seeds: 4));
        var before = await Queue.ReadAsync(10, 0, Token);
        before.Entries.Select(e => (e.Run.Id, e.Place.Place)).ShouldBe(runs.Select((r, i) => (r, i + 1)));
        before.Entries.ShouldAllBe(e => e.Place.Duration == null && e.Place.Finishes == null);
        before.Empty.ShouldBeNull();

        (await _storage.Get<IDispatcher>().FillAsync(host, Token)).ShouldBe(1);
        (await Queue.PlaceAsync(runs[0], Token)).ShouldNotBeNull().Reason.ShouldBe(QueueReason.Assigned);
        var attempt = (await _storage.Attempts.BeginAsync(runs[0], host, Token)).ShouldNotBeNull();
        await _storage.Attempts.ChildStartedAsync(runs[0], attempt.Attempt, new(1, 1), Token);
        await _storage.Attempts.SucceedAsync(runs[0], attempt.Attempt, Results.With(0.5), Token);
        await _storage.Attempts.EndAsync(runs[0], attempt.Attempt, new(AttemptOutcome.Succeeded, 0, null, null), Token);

        var after = await Queue.ReadAsync(2, 1, Token);
        after.Total.ShouldBe(3);
        after.Entries.Select(e => e.Run.Id).ShouldBe([runs[2], runs[3]]);
        // Each takes 24 s: the second of them starts when two have gone before it.
        var last = after.Entries[1].Place;
        last.Duration.ShouldNotBeNull().Seconds.ShouldBe(24, 0.01);
        (last.Starts.ShouldNotBeNull().Expected - DateTimeOffset.UtcNow).TotalSeconds.ShouldBe(48, 5);
        (last.Finishes.ShouldNotBeNull().Earliest < last.Finishes.Expected && last.Finishes.Expected < last.Finishes.Latest).ShouldBeTrue();
        after.Empty.ShouldBe(last.Finishes);
        var whole = await Queue.ReadAsync(3, 0, Token);
        whole.Next.ShouldNotBeNull().ShouldBe(whole.Entries[0].Place.Starts);
        (await Queue.PlaceAsync(runs[0], Token)).ShouldBeNull();
    }

    [Fact]
    public async Task What_no_present_host_can_take_says_what_is_missing_in_the_queue_and_in_the_plan()
    {
        await _storage.RegisterHostAsync("host", cpu: 1);
        var sweep = SweepsToTest.Next(""", "device": "cuda" """, seeds: 2);
        var warning = (await _storage.Sweeps.PlanAsync(sweep, null, Token)).Warnings.ShouldHaveSingleItem();
        await _storage.SubmitAsync(sweep);
        var queue = await Queue.ReadAsync(10, 0, Token);
        queue.Entries.ShouldAllBe(e => e.Place.Reason == QueueReason.NoHost);
        queue.Unplaced.ShouldHaveSingleItem().ShouldBe(new UnplacedRuns(warning, 2));
        warning.ShouldContain("CUDA");
    }

    [Fact]
    public async Task A_filter_shows_runs_of_one_sweep_or_device_with_their_places_in_the_whole_queue()
    {
        var host = await _storage.RegisterHostAsync("host", cpu: 1);
        var (first, _) = await _storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        var (second, runs) = await _storage.SubmitAsync(SweepsToTest.Next(seeds: 3));
        var (cuda, _) = await _storage.SubmitAsync(SweepsToTest.Next(""", "device": "cuda" """));

        var shown = await Queue.ReadAsync(new(SweepId: second), 2, 1, Token);
        shown.Entries.Select(e => (e.Run.Id, e.Place.Place)).ShouldBe([(runs[1], 4), (runs[2], 5)]);
        (shown.Total, shown.Matching).ShouldBe((6, 3));
        shown.Sweeps.Select(s => (s.Id, s.Waiting)).ShouldBe([(first, 2), (second, 3), (cuda, 1)]);
        (await Queue.ReadAsync(new(Device: DeviceClass.Cuda), 10, 0, Token)).Entries.ShouldHaveSingleItem().Run.SweepId.ShouldBe(cuda);
        (await Queue.ReadAsync(new(first, DeviceClass.Cuda), 10, 0, Token)).Matching.ShouldBe(0);

        (await _storage.Get<IDispatcher>().FillAsync(host, Token)).ShouldBe(1);
        var assigned = await Queue.ReadAsync(new(SweepId: first), 10, 0, Token);
        assigned.Entries[0].Place.Reason.ShouldBe(QueueReason.Assigned);
        assigned.Matching.ShouldBe(2);
    }

    [Fact]
    public async Task A_plan_warns_when_like_runs_took_more_memory_than_any_device_has_and_yet_they_start()
    {
        var host = await _storage.RegisterHostAsync("host", cpu: 1);
        var (_, runs) = await _storage.SubmitAsync(SweepsToTest.Next());
        await _storage.SucceedAsync(runs[0], host, Results.With(0.5) with { PeakMemoryBytes = 4L << 30 });
        var sweep = SweepsToTest.Next();
        (await _storage.Sweeps.PlanAsync(sweep, null, Token)).Warnings.ShouldHaveSingleItem().ShouldContain("took up to 4.3 GB; the largest device of a present host has 1.1 GB");
        await _storage.SubmitAsync(sweep);
        (await _storage.Get<IDispatcher>().FillAsync(host, Token)).ShouldBe(1);
    }

    [Fact]
    public async Task A_change_of_the_queue_is_seen_at_once()
    {
        var (sweep, first) = await _storage.SubmitAsync(SweepsToTest.Next());
        (await Queue.ReadAsync(10, 0, Token)).Total.ShouldBe(1);
        var (_, second) = await _storage.SubmitAsync(SweepsToTest.Next());
        (await Queue.ReadAsync(10, 0, Token)).Entries.Select(e => e.Run.Id).ShouldBe([.. first, .. second]);
        await _storage.Sweeps.ChangeAsync(sweep, null, null, Priority.Low, Token);
        (await Queue.ReadAsync(10, 0, Token)).Entries.Select(e => e.Run.Id).ShouldBe([.. second, .. first]);
        await _storage.Runs.PauseAsync(second[0], Token);
        (await Queue.ReadAsync(10, 0, Token)).Entries.Select(e => e.Run.Id).ShouldBe(first);
    }

    [Fact]
    public async Task A_plan_tells_how_long_its_runs_take_and_when_they_are_done_behind_the_others()
    {
        var host = await _storage.RegisterHostAsync("host", cpu: 2);
        var (_, runs) = await _storage.SubmitAsync(SweepsToTest.Next());
        await _storage.SucceedAsync(runs[0], host, 0.5);
        await _storage.SubmitAsync(SweepsToTest.Next(seeds: 4));
        var plan = await _storage.Sweeps.PlanAsync(SweepsToTest.Next(seeds: 2), null, Token);
        plan.Duration.ShouldNotBeNull().Seconds.ShouldBe(24, 0.01);
        (plan.Duration.Low < 24 && plan.Duration.High > 24).ShouldBeTrue();
        plan.NewRuns[0].Duration.ShouldNotBeNull().Seconds.ShouldBe(24, 0.01);
        (plan.Finishes.ShouldNotBeNull().Expected - DateTimeOffset.UtcNow).TotalSeconds.ShouldBe(72, 5);
        plan.Warnings.ShouldBeEmpty();
    }
}
