using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tracker.Domain;
using Tracker.Jobs.Database;
using Tracker.Jobs.Devices;
using Tracker.Jobs.Hosting;
using Tracker.Jobs.Supervision;
using Tracker.Jobs.Tests.Fakes;
using Tracker.Storage;

namespace Tracker.Jobs.Tests.Hosting;

/// <summary>No child can be started here: what is tried is what the host does around it.</summary>
public sealed class RunHandlerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeAttempts _attempts = new();
    private readonly ActiveRuns _runs = new();
    private readonly ProcessStarter _starter = new();
    private readonly SlotFiller _slots;
    private readonly ChildUpkeep _children;
    private readonly RunHandler _handler;

    public RunHandlerTests()
    {
        var host = new HostIdentity(1, "host", "instance");
        var dispatcher = new FakeDispatcher();
        var records = new ChildRecords(_directory.Path, "host");
        var retry = new DatabaseRetry(TimeProvider.System, _ => { });
        _slots = new(dispatcher, dispatcher, host, TimeProvider.System, NullLogger<SlotFiller>.Instance);
        _children = new(_attempts, host, _runs, records, new FakeClock(), NullLogger<ChildUpkeep>.Instance);
        _starter.Dispose();
        _handler = new(
            _attempts, host, _runs, new(_directory.Path, SlotPlan.For(new("A processor", 1, 1), [], new()), TimeSpan.FromMinutes(1), mayDownload: false),
            new(_starter, records, new FakeRunWriter(), retry, TimeProvider.System, SupervisorOptions.Default, NullLogger<Supervisor>.Instance),
            _slots, _children, retry, NullLogger<RunHandler>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _children.Dispose();
        _slots.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_run_that_is_handed_out_again_while_it_is_trained_here_takes_no_slot()
    {
        _runs.Enter(7).Run.Attempt = 3;
        _attempts.Held.Add(new(7, 3, null));
        _attempts.Begin = _ => throw new InvalidOperationException("It had begun.");
        await _handler.ExecuteAsync(7, Token).WaitAsync(TestLimits.Wait, Token);
        _runs.Contains(7, 3).ShouldBeTrue();
    }

    [Fact]
    public async Task A_run_that_is_given_here_anew_begins_when_its_former_attempt_has_left()
    {
        var begun = new TaskCompletionSource();
        _runs.Enter(7).Run.Attempt = 3;
        _attempts.Begin = _ =>
        {
            begun.SetResult();
            return Task.FromResult<StartedAttempt?>(null);
        };
        var execution = _handler.ExecuteAsync(7, Token);
        begun.Task.IsCompleted.ShouldBeFalse();
        _runs.Leave(7);
        await execution.WaitAsync(TestLimits.Wait, Token);
        begun.Task.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_fault_of_the_host_around_a_child_is_a_crash_of_the_attempt()
    {
        await _handler.ExecuteAsync(7, Token).WaitAsync(TestLimits.Wait, Token);
        var end = _attempts.Recorded.ShouldHaveSingleItem();
        (end.Outcome, end.Failure).ShouldBe((AttemptOutcome.Failed, FailureKind.Crashed));
        end.Reason.ShouldNotBeNull().ShouldStartWith("its host could not look after it: ");
        _runs.Count.ShouldBe(0);
    }

    [Fact]
    public async Task An_end_that_cannot_be_recorded_as_it_was_is_recorded_as_a_crash()
    {
        _attempts.EndRefusal = end => end.Reason!.Contains("could not be recorded", StringComparison.Ordinal) ? null : new EncoderFallbackException("half a character");
        await _handler.ExecuteAsync(7, Token).WaitAsync(TestLimits.Wait, Token);
        _attempts.Recorded.ShouldHaveSingleItem().Reason.ShouldBe("its end could not be recorded: half a character.");
    }

    [Fact]
    public async Task A_begin_whose_answer_was_not_waited_for_is_looked_after_at_once()
    {
        await _children.StartAsync(Token);
        using var drain = new CancellationTokenSource();
        _attempts.Begin = async token =>
        {
            _attempts.Held.Add(new(7, 1, null));
            await drain.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return null;
        };
        await _handler.ExecuteAsync(7, drain.Token).WaitAsync(TestLimits.Wait, Token);
        // The clock stands still: without being asked for, the look would not come.
        while (_attempts.Ends.IsEmpty) await Task.Yield();
        _attempts.Ends.ShouldContain((7L, 1));
        await _children.StopAsync(Token);
    }
}
