using Tracker.Domain;
using Tracker.Jobs.Submit;

namespace Tracker.Jobs.Tests.Submit;

public class ProgressBoardTests
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    [Fact]
    public void Without_a_terminal_each_change_of_state_and_each_quarter_is_one_line()
    {
        var board = new ProgressBoard(_output, terminal: false, () => (80, 24));

        board.Show([Run(1, RunState.Queued)]);
        board.Show([Run(1, RunState.Running, 0.1)]);
        board.Show([Run(1, RunState.Running, 0.2)]);
        board.Show([Run(1, RunState.Running, 0.3)]);
        board.Show([Run(1, RunState.Succeeded, 1, accuracy: 0.8628)]);

        _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "#1 F1 SB: 10 %, epoch 0.6 of 6 (0 of 1 done)",
            "#1 F1 SB: 30 %, epoch 1.8 of 6 (0 of 1 done)",
            "#1 F1 SB: succeeded, 86.28 % (1 of 1 done)",
        ]);
    }

    [Fact]
    public void On_a_terminal_the_second_drawing_goes_over_the_first()
    {
        var board = new ProgressBoard(_output, terminal: true, () => (80, 24));

        board.Show([Run(1, RunState.Running, 0.5), Run(2, RunState.Queued)]);
        var first = _output.ToString();
        board.Show([Run(1, RunState.Running, 0.6), Run(2, RunState.Queued)]);

        first.ShouldStartWith("#1 F1 SB ████████████░░░░░░░░░░░░ 50 %  epoch 3.0 of 6");
        first.Count(c => c == '\n').ShouldBe(3);
        _output.ToString()[first.Length..].ShouldStartWith("\e[3A#1 F1 SB");
    }

    [Fact]
    public void More_runs_than_the_screen_has_lines_leave_only_the_active_ones()
    {
        var board = new ProgressBoard(_output, terminal: true, () => (80, 10));

        board.Show([Run(1, RunState.Succeeded, 1, accuracy: 0.5), Run(2, RunState.Running, 0.5), .. Enumerable.Range(3, 20).Select(id => Run(id, RunState.Queued))]);

        var lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldStartWith("#2 ");
        lines[1].ShouldStartWith("1 of 22 runs done");
    }

    [Fact]
    public void No_line_is_wider_than_the_terminal()
    {
        var board = new ProgressBoard(_output, terminal: true, () => (40, 24));

        board.Show([Run(1, RunState.Failed, reason: new string('x', 100))]);

        _output.ToString().Split('\n').Select(l => l.Replace("\e[K", "").Replace("\e[J", "").Length).Max().ShouldBeLessThan(40);
    }

    [Fact]
    public void A_failed_run_tells_why()
    {
        Run(7, RunState.Failed, reason: "the loss is no finite number any more").Detail.ShouldBe("failed: the loss is no finite number any more");
    }

    private static RunLine Run(long id, RunState state, double done = 0, double? accuracy = null, string? reason = null) => new(
        id, "F1 SB", state, new(done, done * 6, 6, null, null), accuracy is { } a ? new(a) : null, reason is null ? null : new(reason), Reused: false);
}
