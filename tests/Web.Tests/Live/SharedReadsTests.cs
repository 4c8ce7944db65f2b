using Microsoft.Extensions.Logging.Abstractions;
using Tracker.Jobs.Tests.Fakes;
using Tracker.Storage;
using Tracker.Web.Live;

namespace Tracker.Web.Tests.Live;

public sealed class SharedReadsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly Change OfSweepSeven = new(ChangeKind.Run, 70, 7);

    private readonly FakeClock _clock = new();
    private readonly LiveHub _hub;
    private readonly SharedReads _reads;
    private int _queries;

    public SharedReadsTests()
    {
        _hub = new(_clock, NullLogger<LiveHub>.Instance);
        _reads = new(_hub, _clock);
    }

    [Fact]
    public async Task Who_asks_the_same_at_once_waits_for_one_query()
    {
        var gate = new TaskCompletionSource();
        var asked = Enumerable.Range(0, 50).Select(_ => AskAsync(7, gate.Task)).ToList();
        var other = AskAsync(8);
        (await other.WaitAsync(Patience)).ShouldBeGreaterThan(0);
        gate.SetResult();
        (await Task.WhenAll(asked).WaitAsync(Patience)).Distinct().Count().ShouldBe(1);
        _queries.ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_holds_until_a_change_that_concerns_it()
    {
        var first = await AskAsync(7);
        _hub.Publish(OfSweepSeven with { SweepId = 8 });
        _clock.Advance(LiveHub.Pace);
        (await AskAsync(7)).ShouldBe(first);
        _hub.Publish(OfSweepSeven);
        (await AskAsync(7)).ShouldBe(first + 1);
        _clock.Advance(LiveHub.Pace);
        _hub.PublishAll();
        (await AskAsync(7)).ShouldBe(first + 2);
    }

    [Fact]
    public async Task An_answer_grows_old_also_without_a_change()
    {
        var first = await AskAsync(7);
        _clock.Advance(SharedReads.LongestAge - TimeSpan.FromMilliseconds(1));
        (await AskAsync(7)).ShouldBe(first);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        (await AskAsync(7)).ShouldBe(first + 1);
    }

    [Fact]
    public async Task After_a_change_all_wait_together_until_the_query_may_be_made_again()
    {
        var first = await AskAsync(7);
        _hub.Publish(OfSweepSeven);
        var early = AskAsync(7);
        await _clock.TimerOf(LiveHub.Pace).WaitAsync(Patience);
        _hub.Publish(OfSweepSeven);
        var late = AskAsync(7);
        early.IsCompleted.ShouldBeFalse();
        _clock.Advance(LiveHub.Pace);
        (await early.WaitAsync(Patience), await late.WaitAsync(Patience)).ShouldBe((first + 1, first + 1));
    }

    [Fact]
    public async Task Nobody_is_handed_what_was_asked_before_a_change()
    {
        var (begun, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var before = AskAsync(7, gate.Task, begun);
        await begun.Task.WaitAsync(Patience);
        _hub.Publish(OfSweepSeven);
        _clock.Advance(LiveHub.Pace);
        var after = AskAsync(7);
        after.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        (await before.WaitAsync(Patience)).ShouldBe(1);
        (await after.WaitAsync(Patience)).ShouldBe(2);
    }

    [Fact]
    public async Task Who_gives_up_does_not_end_the_query_for_others()
    {
        var (gate, impatience) = (new TaskCompletionSource(), new CancellationTokenSource());
        var impatient = _reads.GetAsync("7", _ => true, async token =>
        {
            await gate.Task.WaitAsync(token);
            return ++_queries;
        }, impatience.Token);
        var patient = _reads.GetAsync<int>("7", _ => true, _ => throw new InvalidOperationException("The query is under way."), CancellationToken.None);
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(impatient);
        gate.SetResult();
        (await patient.WaitAsync(Patience)).ShouldBe(1);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        await Should.ThrowAsync<InvalidOperationException>(_reads.GetAsync<int>("7", _ => true, _ => throw new InvalidOperationException("The database is away."), CancellationToken.None));
        _clock.Advance(LiveHub.Pace);
        (await _reads.GetAsync("7", _ => true, _ => Task.FromResult(1), CancellationToken.None)).ShouldBe(1);
    }

    public void Dispose() => _reads.Dispose();

    private Task<int> AskAsync(long sweep, Task? gate = null, TaskCompletionSource? begun = null) => _reads.GetAsync(("sweep", sweep), change => change.SweepId == sweep, async _ =>
    {
        var number = Interlocked.Increment(ref _queries);
        begun?.TrySetResult();
        if (gate is not null) await gate;
        return number;
    }, CancellationToken.None);
}
