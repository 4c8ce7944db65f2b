using Tracker.Storage;
using Tracker.Web.Components.Parts;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class AttemptTimelineTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 12, 12, 46, 10, TimeSpan.Zero);

    [Fact]
    public void The_axis_runs_from_the_first_start_to_now_with_ticks_at_round_times()
    {
        var timeline = new AttemptTimeline([Attempt(2, 47, null), Attempt(1, 0, 46, AttemptOutcome.Lost)], Start.AddMinutes(83));
        timeline.Going.ShouldBeTrue();
        timeline.At(Start).ShouldBe(0);
        timeline.At(Start.AddMinutes(83)).ShouldBe(100);
        timeline.Ticks.Select(tick => tick.ToString("HH:mm")).ShouldBe(["13:00", "13:20", "13:40", "14:00"]);
    }

    [Fact]
    public void An_attempt_of_a_moment_still_has_an_axis()
    {
        var timeline = new AttemptTimeline([Attempt(1, 0, 0, AttemptOutcome.Failed)], Start);
        timeline.At(Start.AddSeconds(5)).ShouldBe(50);
        timeline.Ticks.Count().ShouldBeInRange(1, 7);
    }

    [Theory]
    [InlineData(AttemptOutcome.Lost, StateLook.Lost, "Lost")]
    [InlineData(AttemptOutcome.Drained, StateLook.Queued, "Drained")]
    [InlineData(null, StateLook.Running, "Running")]
    public void An_outcome_has_a_look_and_a_word(AttemptOutcome? outcome, StateLook look, string word)
    {
        AttemptTimeline.Look(Attempt(1, 0, null, outcome)).ShouldBe(look);
        AttemptTimeline.Word(Attempt(1, 0, null, outcome)).ShouldBe(word);
    }

    [Fact]
    public void The_reason_of_the_host_comes_before_signal_and_exit_code()
    {
        var ended = Attempt(1, 0, 1, AttemptOutcome.Failed) with { Signal = 9 };
        (ended with { Reason = "out of memory" }).FirstLine().ShouldBe("out of memory");
        ended.FirstLine().ShouldBe("ended by signal 9");
        (ended with { Signal = null, ExitCode = 3 }).FirstLine().ShouldBe("exit code 3");
    }

    private static AttemptView Attempt(int number, double start, double? end, AttemptOutcome? outcome = null) =>
        new(number, "gpu-a", "cuda:0", 1, Start.AddMinutes(start), end is { } minutes ? Start.AddMinutes(minutes) : null, outcome, null, null, null, 0, 0);
}
