using System.Text.Json;
using Tracker.Cli.Api;
using Tracker.Cli.Output;

namespace Tracker.Cli.Watching;

/// <summary>Tells of a sweep's runs in lines: one for each change of state and each quarter of a run.</summary>
internal sealed class LineBoard(Printer printer)
{
    private readonly Dictionary<long, (string State, int Quarter)> _told = [];

    public void Show(IReadOnlyList<RunReply> runs, JsonElement _)
    {
        foreach (var run in runs)
        {
            var now = (run.State, (int)(run.Done * 4));
            if (_told.TryGetValue(run.Id, out var before) ? before == now : run.State == "Queued") continue;
            _told[run.Id] = now;
            var detail = run.State == "Running" ? $"{Format.Whole(run.Done)}, {RunText.Detail(run)}" : run.Succeeded ? $"succeeded, {RunText.Detail(run)}" : RunText.Detail(run);
            printer.Line($"run {run.Id} ({Format.Plain(run.Title)}): {detail} ({runs.Count(r => r.IsOver)} of {runs.Count} done)");
        }
    }
}

/// <summary>Tells of a sweep's runs in lines of JSON: a run as the server answers it, whenever its state or its progress is another.</summary>
internal sealed class JsonBoard(Printer printer)
{
    private readonly Dictionary<long, (string State, double Done)> _told = [];

    public void Show(IReadOnlyList<RunReply> runs, JsonElement items)
    {
        foreach (var (run, item) in runs.Zip(items.EnumerateArray()))
        {
            var now = (run.State, run.Done);
            if (_told.TryGetValue(run.Id, out var before) && before == now) continue;
            _told[run.Id] = now;
            printer.JsonLine(item);
        }
    }
}
