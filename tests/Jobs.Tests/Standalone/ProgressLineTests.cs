using Tracker.Domain;
using Tracker.Jobs.Standalone;
using Tracker.Jobs.Tests.Fakes;

namespace Tracker.Jobs.Tests.Standalone;

public sealed class ProgressLineTests
{
    private static readonly RunProgress s_progress = new(120, 480, 24, 96, 9120, 72, 0.4123, 0.8231, 0.83);

    [Fact]
    public void A_line_tells_step_epoch_loss_accuracy_speed_and_time_left() =>
        ProgressLine.Describe(s_progress).ShouldBe("step 120/480, epoch 24.0/96, loss 0.412, validation 82.31 % (best 83.00 %), 9,120 samples/s, 0:01:12 left");

    [Fact]
    public void What_is_not_known_yet_is_left_out() =>
        ProgressLine.Describe(new(0, 480, 0, 96, 0, null, null, null, null)).ShouldBe("step 0/480, epoch 0.0/96");

    [Fact]
    public void A_log_gets_a_line_now_and_then_and_the_end_once()
    {
        var clock = new FakeClock();
        var output = new StringWriter();
        var line = new ProgressLine(output, redirected: true, clock);
        for (var step = 1; step <= 25; step++)
        {
            line.Show(s_progress with { Step = step });
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        line.Show(s_progress with { Step = 480 });
        line.Show(s_progress with { Step = 480 });
        output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('/')[0]).ShouldBe(["step 1", "step 11", "step 21", "step 480"]);
    }

    [Fact]
    public void On_a_terminal_the_line_is_written_over_and_leaves_nothing_behind()
    {
        var clock = new FakeClock();
        var output = new StringWriter();
        var line = new ProgressLine(output, redirected: false, clock);
        line.Show(s_progress);
        clock.Advance(TimeSpan.FromSeconds(1));
        line.Show(new(121, 480, 24, 96, 0, null, null, null, null));
        line.Say("A word.");
        var shown = output.ToString().Split('\r');
        shown[2].TrimEnd('\n').Split('\n')[0].Length.ShouldBe(shown[1].Length);
        output.ToString().ShouldEndWith($"{Environment.NewLine}A word.{Environment.NewLine}");
    }
}
