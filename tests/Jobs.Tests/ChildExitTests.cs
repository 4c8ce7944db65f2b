using Tracker.Domain;
using Tracker.Jobs.Supervision;
using Tracker.Storage;

namespace Tracker.Jobs.Tests;

public sealed class ChildExitTests
{
    [Theory]
    [InlineData(0, AttemptOutcome.Succeeded, null)]
    [InlineData(1, AttemptOutcome.Failed, FailureKind.Crashed)]
    [InlineData(2, AttemptOutcome.Failed, FailureKind.BadSpecification)]
    [InlineData(3, AttemptOutcome.Failed, FailureKind.BadData)]
    [InlineData(4, AttemptOutcome.Failed, FailureKind.OutOfMemory)]
    [InlineData(5, AttemptOutcome.Failed, FailureKind.Diverged)]
    [InlineData(6, AttemptOutcome.Lost, null)]
    [InlineData(77, AttemptOutcome.Failed, FailureKind.Crashed)]
    public void An_exit_code_says_how_the_attempt_ended(int code, AttemptOutcome outcome, FailureKind? failure)
    {
        var end = Exit(code).ToAttemptEnd();

        end.Outcome.ShouldBe(outcome);
        end.Failure.ShouldBe(failure);
        end.ExitCode.ShouldBe(code);
        end.Signal.ShouldBeNull();
    }

    [Theory]
    [InlineData(nameof(StopReason.Pause), AttemptOutcome.Paused)]
    [InlineData(nameof(StopReason.Cancel), AttemptOutcome.Cancelled)]
    [InlineData(nameof(StopReason.Drain), AttemptOutcome.Drained)]
    [InlineData(nameof(StopReason.None), AttemptOutcome.Drained)]
    public void A_child_that_stopped_ends_as_it_was_asked_to(string reason, AttemptOutcome outcome)
    {
        var stop = Enum.Parse<StopReason>(reason);
        Exit(143, stop).ToAttemptEnd().Outcome.ShouldBe(outcome);
        Exit(137, stop, killed: true).ToAttemptEnd().Outcome.ShouldBe(outcome);
    }

    [Fact]
    public void A_child_that_finished_while_it_was_asked_to_stop_has_finished() =>
        Exit(0, StopReason.Cancel).ToAttemptEnd().Outcome.ShouldBe(AttemptOutcome.Succeeded);

    [Theory]
    [InlineData(134, 6, "SIGABRT")]
    [InlineData(139, 11, "SIGSEGV")]
    [InlineData(135, 7, "SIGBUS")]
    public void A_signal_is_a_crash_and_named(int code, int signal, string name)
    {
        var end = Exit(code).ToAttemptEnd();

        (end.Outcome, end.Failure, end.ExitCode, end.Signal).ShouldBe((AttemptOutcome.Failed, FailureKind.Crashed, null, signal));
        end.Reason.ShouldNotBeNull().ShouldContain(name);
    }

    [Fact]
    public void A_kill_by_the_out_of_memory_killer_is_told_from_a_kill_by_hand()
    {
        Exit(137, memory: true).ToAttemptEnd().Reason.ShouldNotBeNull().ShouldStartWith("Killed by the operating system, which had run out of memory");
        Exit(137).ToAttemptEnd().Reason.ShouldNotBeNull().ShouldStartWith("Killed from outside");
        Exit(137).ToAttemptEnd().Failure.ShouldBe(FailureKind.Crashed);
    }

    [Fact]
    public void The_reason_ends_with_the_last_words_of_the_child()
    {
        var exit = new ChildExit(1, StopReason.None, KilledAfterGrace: false, OutOfMemoryKills: false, ["first", "terminate called"]);
        exit.ToAttemptEnd().Reason.ShouldBe("Ended with exit code 1: first | terminate called");
    }

    [Fact]
    public void The_kernel_s_count_of_kills_is_read()
    {
        OutOfMemoryKills.Read(["low 0", "oom 3", "oom_kill 2", "oom_group_kill 1"]).ShouldBe(2);
        OutOfMemoryKills.Read(["nr_free_pages 12"]).ShouldBe(0);
    }

    private static ChildExit Exit(int code, StopReason stop = StopReason.None, bool killed = false, bool memory = false) => new(code, stop, killed, memory, []);
}
