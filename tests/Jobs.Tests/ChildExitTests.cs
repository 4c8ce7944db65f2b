using System.Text;
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
        var (memory, hand) = (Exit(137, memory: true).ToAttemptEnd(), Exit(137).ToAttemptEnd());

        memory.Reason.ShouldBe("SIGKILL, while its out-of-memory killer was at work.");
        hand.Reason.ShouldBe("SIGKILL, not sent by the host; perhaps by hand.");
        new[] { memory, hand }.ShouldAllBe(e => e.Outcome == AttemptOutcome.Failed && e.Failure == FailureKind.Killed && e.Signal == 9 && e.ExitCode == null);
    }

    [Theory]
    [InlineData(nameof(StopReason.Pause), AttemptOutcome.Paused)]
    [InlineData(nameof(StopReason.Cancel), AttemptOutcome.Cancelled)]
    [InlineData(nameof(StopReason.Drain), AttemptOutcome.Drained)]
    public void A_child_that_could_not_record_its_last_points_ends_as_it_was_asked_to_and_says_why(string reason, AttemptOutcome outcome)
    {
        var end = Exit(7, Enum.Parse<StopReason>(reason)).ToAttemptEnd();

        (end.Outcome, end.Failure, end.ExitCode).ShouldBe((outcome, FailureKind.DatabaseAway, 7));
        end.Reason.ShouldNotBeNull().ShouldContain("could not be recorded");
    }

    [Theory]
    [InlineData(2, "Bad specification: what is wrong")]
    [InlineData(3, "Data missing or corrupt: what is wrong")]
    [InlineData(4, "Out of memory: what is wrong")]
    [InlineData(5, "Diverged: what is wrong")]
    [InlineData(1, "Crashed: exit code 1: what is wrong")]
    [InlineData(139, "Crashed: native crash with SIGSEGV: what is wrong")]
    [InlineData(137, "Killed by the operating system: SIGKILL, not sent by the host; perhaps by hand: what is wrong")]
    public void The_first_line_names_the_failure_and_ends_with_the_last_words_of_the_child(int code, string line)
    {
        var end = new ChildExit(code, StopReason.None, KilledAfterGrace: false, OutOfMemoryKills: false, ["what is", "wrong"]).ToAttemptEnd();
        end.Failure.ShouldNotBeNull().FirstLine(end.Reason).Replace(" | ", " ", StringComparison.Ordinal).ShouldBe(line);
    }

    [Fact]
    public void The_title_of_a_failure_is_not_said_twice() =>
        new ChildExit(4, StopReason.None, KilledAfterGrace: false, OutOfMemoryKills: false, ["Out of memory; a smaller batch needs less."])
            .ToAttemptEnd().Reason.ShouldBe("a smaller batch needs less.");

    [Theory]
    [InlineData(5, "Diverged: the loss is no finite number any more.")]
    [InlineData(160, "Crashed: native crash with signal 32.")]
    public void A_child_that_says_nothing_is_described_by_how_it_ended(int code, string line)
    {
        var end = Exit(code).ToAttemptEnd();
        end.Failure.ShouldNotBeNull().FirstLine(end.Reason).ShouldBe(line);
    }

    [Fact]
    public void The_kernel_s_count_of_kills_is_read()
    {
        OutOfMemoryKills.Read(["low 0", "oom 3", "oom_kill 2", "oom_group_kill 1"]).ShouldBe(2);
        OutOfMemoryKills.Read(["nr_free_pages 12"]).ShouldBe(0);
    }

    [Fact]
    public void Long_last_words_are_cut_between_characters()
    {
        var reason = (Exit(77) with { LastWords = [string.Concat(Enumerable.Repeat("😀", 600)) + "!"] }).ToAttemptEnd().Reason.ShouldNotBeNull();
        reason.ShouldEndWith("😀!");
        reason.EnumerateRunes().ShouldNotContain(Rune.ReplacementChar);
    }

    private static ChildExit Exit(int code, StopReason stop = StopReason.None, bool killed = false, bool memory = false) => new(code, stop, killed, memory, []);
}
