using Microsoft.Extensions.Logging.Abstractions;
using Tracker.Storage;
using Tracker.Web.Live;

namespace Tracker.Web.Tests.Live;

public sealed class LiveHubTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly Change RunSeven = new(ChangeKind.Run, 7, 1);
    private readonly LiveHub _hub = new(TimeProvider.System, NullLogger<LiveHub>.Instance);

    [Fact]
    public async Task A_subscriber_hears_of_what_concerns_it_and_of_nothing_else()
    {
        var (seven, eight) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        using var first = _hub.Subscribe(change => change.Id == 7, _ => Release(seven), TimeSpan.Zero);
        using var second = _hub.Subscribe(change => change.Id == 8, _ => Release(eight), TimeSpan.Zero);
        _hub.Publish(RunSeven);
        (await seven.WaitAsync(Patience)).ShouldBeTrue();
        _hub.Publish(RunSeven with { Id = 8 });
        (await eight.WaitAsync(Patience)).ShouldBeTrue();
        eight.CurrentCount.ShouldBe(0);
    }

    [Fact]
    public async Task Changes_during_a_call_are_one_more_call_and_calls_never_overlap()
    {
        var (calls, inside, worst) = (0, 0, 0);
        var (started, goOn, finished) = (new SemaphoreSlim(0), new SemaphoreSlim(0), new SemaphoreSlim(0));
        using var subscription = _hub.Subscribe(_ => true, async _ =>
        {
            worst = Math.Max(worst, Interlocked.Increment(ref inside));
            calls++;
            started.Release();
            await goOn.WaitAsync(Patience, CancellationToken.None);
            Interlocked.Decrement(ref inside);
            finished.Release();
        }, TimeSpan.Zero);

        _hub.Publish(RunSeven);
        (await started.WaitAsync(Patience)).ShouldBeTrue();
        for (var i = 0; i < 1000; i++)
            _hub.Publish(RunSeven);
        goOn.Release(2);
        (await finished.WaitAsync(Patience)).ShouldBeTrue();
        (await finished.WaitAsync(Patience)).ShouldBeTrue();

        subscription.Dispose();
        await subscription.Completion.WaitAsync(Patience);
        (calls, worst).ShouldBe((2, 1));
    }

    [Fact]
    public async Task Calls_keep_their_distance()
    {
        var times = new List<long>();
        var called = new SemaphoreSlim(0);
        using var subscription = _hub.Subscribe(_ => true, _ =>
        {
            times.Add(TimeProvider.System.GetTimestamp());
            return Release(called);
        }, TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < 3; i++)
        {
            _hub.Publish(RunSeven);
            (await called.WaitAsync(Patience)).ShouldBeTrue();
        }
        TimeProvider.System.GetElapsedTime(times[0], times[2]).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(380));
    }

    [Fact]
    public async Task A_subscriber_that_throws_is_called_again_and_harms_nobody()
    {
        var called = new SemaphoreSlim(0);
        using var faulty = _hub.Subscribe(_ => true, async _ =>
        {
            await Release(called);
            throw new InvalidOperationException("a fault of the page");
        }, TimeSpan.Zero);
        _hub.Publish(RunSeven);
        (await called.WaitAsync(Patience)).ShouldBeTrue();
        _hub.Publish(RunSeven);
        (await called.WaitAsync(Patience)).ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_called_after_the_end()
    {
        var calls = 0;
        var subscription = _hub.Subscribe(_ => true, _ => Task.FromResult(calls++), TimeSpan.Zero);
        subscription.Dispose();
        _hub.Publish(RunSeven);
        subscription.Nudge();
        await subscription.Completion.WaitAsync(Patience);
        calls.ShouldBe(0);
    }

    [Fact]
    public async Task Who_may_have_missed_changes_knows_so_before_the_call()
    {
        var (missed, known, called) = (false, false, new SemaphoreSlim(0));
        using var subscription = _hub.Subscribe(_ => true, _ =>
        {
            known = missed;
            return Release(called);
        }, () => TimeSpan.Zero, () => missed = true);
        _hub.Publish(RunSeven);
        (await called.WaitAsync(Patience)).ShouldBeTrue();
        known.ShouldBeFalse();
        _hub.PublishAll();
        (await called.WaitAsync(Patience)).ShouldBeTrue();
        known.ShouldBeTrue();
    }

    [Fact]
    public void A_model_is_handed_over_once_and_only_as_what_it_is()
    {
        var handoff = new Handoff(TimeProvider.System);
        var key = handoff.Put("model");
        handoff.Take<Uri>(handoff.Put("other kind")).ShouldBeNull();
        handoff.Take<string>(key).ShouldBe("model");
        handoff.Take<string>(key).ShouldBeNull();
    }

    private static Task Release(SemaphoreSlim semaphore)
    {
        semaphore.Release();
        return Task.CompletedTask;
    }
}
