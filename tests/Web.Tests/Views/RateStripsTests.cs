using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class RateStripsTests
{
    private static readonly RateStrips Strips = new(
        [.. SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "largeBatch": [4096], "methods": ["sb", "lb", "lb+lr"] }""").Select(run => run.Spec)], byEpoch: false);

    [Fact]
    public void All_methods_are_drawn_to_one_scale_of_steps_and_rates()
    {
        var (small, large) = (Strips.Strips[0], Strips.Strips[1]);
        small.Line.ShouldStartWith("M0 ");
        small.Line.ShouldEndWith("H1000");
        small.Plan.TotalSteps.ShouldBe(23_450);
        large.Line.ShouldEndWith("H32");
        // The highest rate is that of +LR, the lowest the last phase of SB.
        Strips.Strips[2].Line.ShouldStartWith("M0 16H");
        small.Line.ShouldContain("V93H1000");
    }

    [Fact]
    public void The_rates_are_told_in_numbers_and_in_words()
    {
        Strips.Strips[0].Rates.ShouldBe("0.1 → 0.0001");
        Strips.Strips[0].Spoken.ShouldBe("SB: learning rate 0.1, 0.01 from step 4,690, 0.001 from step 9,380, 0.0001 from step 14,070, ends at step 23,450");
    }

    [Fact]
    public void The_area_closes_below_the_line() => Strips.Strips[0].Area.ShouldSatisfyAllConditions(
        area => area.ShouldStartWith("M0 100V"), area => area.ShouldEndWith("V100z"));

    [Fact]
    public void Ticks_go_from_zero_to_the_longest_run() => Strips.Ticks.Select(tick => tick.Text).ShouldBe(["0", "10 k", "23.5 k"]);
}
