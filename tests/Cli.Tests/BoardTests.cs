using Spectre.Console;
using Tracker.Cli.Api;
using Tracker.Cli.Output;
using Tracker.Cli.Watching;

namespace Tracker.Cli.Tests;

public sealed class BoardTests
{
    [Fact]
    public void A_bar_is_as_long_as_the_run_is_far()
    {
        var lines = Draw([Run(1, "Running", 0.5, accuracy: 0.8), Run(2, "Queued", 0), Run(3, "Failed", 0.25, reason: "out of memory")], (100, 20));

        lines.ShouldBe(
        [
            "#1 F1 SB, batch 128, seed 0 ━━━━━━━━━━━━────────────  50 %  epoch 1.0 of 2, 80.00%, 12 s left",
            "#2 F1 SB, batch 128, seed 0 ────────────────────────   0 %  queued",
            "#3 F1 SB, batch 128, seed 0 ━━━━━━──────────────────  25 %  failed: out of memory",
            "1 of 3 runs done",
        ]);
    }

    [Fact]
    public void No_line_is_wider_than_the_terminal() =>
        Draw([Run(1, "Failed", 0.25, reason: new string('x', 500))], (60, 20)).ShouldAllBe(line => line.Length <= 60);

    [Fact]
    public void Of_more_runs_than_fit_those_that_train_are_shown()
    {
        var runs = Enumerable.Range(1, 50).Select(i => Run(i, i is 20 or 30 ? "Running" : i < 20 ? "Succeeded" : "Queued", i < 20 ? 1 : 0.1)).ToList();

        var lines = Draw(runs, (100, 10));

        lines.Select(l => l.Split(' ')[0]).ShouldBe(["#20", "#30", "19"]);
        lines[^1].ShouldBe("19 of 50 runs done");
    }

    [Fact]
    public void Lines_tell_changes_of_state_and_quarters_and_nothing_twice()
    {
        var output = new StringWriter { NewLine = "\n" };
        var board = new LineBoard(new Printer(Around(output), json: false, color: false));
        foreach (var run in (RunReply[])[Run(1, "Queued", 0), Run(1, "Running", 0.1), Run(1, "Running", 0.2), Run(1, "Running", 0.3), Run(1, "Failed", 0.3, reason: "diverged"), Run(1, "Failed", 0.3, reason: "diverged")])
            board.Show([run], default);

        output.ToString().TrimEnd('\n').Split('\n').ShouldBe(
        [
            "run 1 (F1 SB, batch 128, seed 0): 10 %, epoch 1.0 of 2, 12 s left (0 of 1 done)",
            "run 1 (F1 SB, batch 128, seed 0): 30 %, epoch 1.0 of 2, 12 s left (0 of 1 done)",
            "run 1 (F1 SB, batch 128, seed 0): failed: diverged (1 of 1 done)",
        ]);
    }

    private static RunReply Run(long id, string state, double done, double? accuracy = null, string? reason = null) => new(
        id, 1, "Sweep", "F1 SB, batch 128, seed 0", state, DateTimeOffset.UnixEpoch, "None", 1, null, null, false, null,
        new ProgressReply(done, 1, 2, 1, 2, 100, 12, 0.5, accuracy), null, null, reason is null ? null : new FailureReply("Crashed", reason), null, null,
        DateTimeOffset.UnixEpoch, null, null);

    private static List<string> Draw(IReadOnlyList<RunReply> runs, (int Width, int Height) size)
    {
        var output = new StringWriter { NewLine = "\n" };
        var console = new Printer(Around(output), json: false, color: false).Console();
        console.Profile.Width = size.Width;
        console.Write(TerminalBoard.Draw(runs, size));
        return [.. output.ToString().TrimEnd().Split('\n').Select(l => l.TrimEnd())];
    }

    private static Surroundings Around(TextWriter output) => new()
    {
        In = TextReader.Null, Out = output, Error = TextWriter.Null, OpenOutput = () => Stream.Null, Variable = _ => null,
        Network = () => throw new InvalidOperationException("Nothing is sent."), ReadSecret = () => "",
    };
}
