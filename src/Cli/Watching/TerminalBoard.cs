using Spectre.Console;
using Spectre.Console.Rendering;
using Tracker.Cli.Api;
using Tracker.Cli.Output;

namespace Tracker.Cli.Watching;

/// <summary>Draws a bar for each run of a sweep.</summary>
internal static class TerminalBoard
{
    private const int BarCells = 24;

    /// <summary>Lines that the sum and the prompt below it take.</summary>
    private const int OtherLines = 2;

    public static IRenderable Draw(IReadOnlyList<RunReply> runs, (int Width, int Height) size)
    {
        var room = Math.Max(1, size.Height - OtherLines);
        // Runs that do not fit on the screen cannot be drawn in place: those that train now have the best claim.
        var shown = runs.Count <= room ? runs : [.. runs.Where(r => r.State is "Starting" or "Running").Take(room)];
        var names = shown.Count == 0 ? 0 : Math.Min(shown.Max(r => Name(r).Length), Math.Max(10, (size.Width - BarCells) / 2));
        var lines = shown.Select(run => (IRenderable)Line(run, names, size.Width)).ToList();
        lines.Add(new Text($"{runs.Count(r => r.IsOver)} of {Format.Count(runs.Count, "run")} done"));
        return new Rows(lines);
    }

    private static Paragraph Line(RunReply run, int names, int width)
    {
        var full = (int)Math.Round(run.Done * BarCells);
        var name = Cut(Name(run), names).PadRight(names);
        var rest = Cut($" {Format.Whole(run.Done),5}  {RunText.Detail(run)}", Math.Max(0, width - names - BarCells - 2));
        return new Paragraph()
            .Append(name + " ", Style.Plain)
            .Append(new string('━', full), new Style(Cell.State(run.State).Color))
            .Append(new string('─', BarCells - full), new Style(Color.Grey))
            .Append(rest, Style.Plain);
    }

    private static string Name(RunReply run) => Format.Plain($"#{run.Id} {run.Title}");

    private static string Cut(string text, int width) => text.Length <= width ? text : width < 1 ? "" : text[..(width - 1)] + "…";
}
