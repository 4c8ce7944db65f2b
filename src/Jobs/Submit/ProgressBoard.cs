using System.Text;
using Tracker.Domain;

namespace Tracker.Jobs.Submit;

/// <summary>
/// Shows the runs of a sweep: on a terminal a bar for each, drawn in place; elsewhere a line for each change of state and each
/// quarter of a run.
/// </summary>
internal sealed class ProgressBoard(TextWriter output, bool terminal, Func<(int Width, int Height)> size)
{
    private const int BarCells = 24;
    private readonly Dictionary<long, (RunState State, int Quarter)> _told = [];
    private int _drawnLines;

    public void Show(IReadOnlyList<RunLine> runs)
    {
        if (terminal) Draw(runs);
        else Tell(runs);
        output.Flush();
    }

    /// <summary>Leaves what is drawn where it is, because other output follows.</summary>
    public void Interrupt() => _drawnLines = 0;

    private void Draw(IReadOnlyList<RunLine> runs)
    {
        var (width, height) = size();
        var finished = runs.Count(r => r.State.IsFinal());
        // Runs that do not fit on the screen cannot be drawn in place: those that happen now have the best claim.
        var shown = runs.Count <= height - 3 ? runs : [.. runs.Where(r => r.State.IsActive()).Take(Math.Max(1, height - 3))];
        var names = runs.Count == 0 ? 0 : runs.Max(r => r.Name.Length);
        var text = new StringBuilder();
        if (_drawnLines > 0) text.Append($"\e[{_drawnLines}A");
        foreach (var run in shown) Line(text, $"{run.Name.PadRight(names)} {Bar(run.Done)} {run.Done,4:P0}  {run.Detail}", width);
        Line(text, $"{finished} of {runs.Count} runs done", width);
        // What an earlier, longer drawing left below.
        text.Append("\e[J");
        _drawnLines = shown.Count + 1;
        output.Write(text);
    }

    private static void Line(StringBuilder text, string line, int width) =>
        text.Append(line.Length < width ? line : line[..(width - 1)]).Append("\e[K\n");

    private static string Bar(double done)
    {
        var full = (int)Math.Round(done * BarCells);
        return new string('█', full) + new string('░', BarCells - full);
    }

    private void Tell(IReadOnlyList<RunLine> runs)
    {
        foreach (var run in runs)
        {
            var now = (run.State, Quarter: (int)(run.Done * 4));
            var before = _told.TryGetValue(run.Id, out var told) ? told : (RunState.Queued, 0);
            if (now == before) continue;
            _told[run.Id] = now;
            var what = run.State switch
            {
                RunState.Running => $"{run.Done:P0}, {run.Detail}",
                RunState.Succeeded => $"succeeded, {run.Detail}",
                _ => run.Detail,
            };
            output.WriteLine($"{run.Name}: {what} ({runs.Count(r => r.State.IsFinal())} of {runs.Count} done)");
        }
    }
}
