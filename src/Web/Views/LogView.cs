using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>The end of a run's log as a page shows it, which grows at both ends.</summary>
/// <param name="RunId">The run.</param>
/// <param name="AtLeast">The lowest level that is shown.</param>
/// <param name="Text">What lines must have in them.</param>
/// <param name="Lines">The lines in order.</param>
/// <param name="Earlier">Whether there may be matching lines before them.</param>
public sealed record LogView(long RunId, EventLevel AtLeast, string Text, IReadOnlyList<LogLine> Lines, bool Earlier)
{
    /// <summary>Lines read at once.</summary>
    public const int Part = 300;

    /// <summary>Lines kept: of a log that grows for days the oldest are dropped, and can be loaded again.</summary>
    public const int Most = 3000;

    /// <summary>Reads the last lines.</summary>
    public static async Task<LogView> ReadAsync(IRuns runs, long runId, EventLevel atLeast, string text, CancellationToken cancellationToken)
    {
        var lines = await runs.LogAsync(new LogQuery(runId, Part) { AtLeast = atLeast, Text = text }, cancellationToken);
        return new(runId, atLeast, text, lines, lines.Count == Part);
    }

    /// <summary>With what was written since; reads anew where too much was.</summary>
    public async Task<LogView> FollowAsync(IRuns runs, CancellationToken cancellationToken)
    {
        if (Lines.Count == 0)
            return await ReadAsync(runs, RunId, AtLeast, Text, cancellationToken);
        var last = Lines[^1];
        var newer = await runs.LogAsync(RunId, last.Attempt, last.Line, Part, cancellationToken);
        if (newer.Count == Part)
            return await ReadAsync(runs, RunId, AtLeast, Text, cancellationToken);
        var matching = newer.Where(Matches).ToArray();
        return matching.Length == 0 ? this : Cut([.. Lines, .. matching]);
    }

    /// <summary>With the lines before.</summary>
    public async Task<LogView> BackAsync(IRuns runs, CancellationToken cancellationToken)
    {
        if (Lines.Count == 0)
            return this;
        var first = Lines[0];
        var older = await runs.LogAsync(new LogQuery(RunId, Part) { AtLeast = AtLeast, Text = Text, Before = new(first.Attempt, first.Line) }, cancellationToken);
        return this with { Lines = [.. older, .. Lines], Earlier = older.Count == Part };
    }

    private bool Matches(LogLine line) => line.Level >= AtLeast && (Text.Length == 0 || line.Text.Contains(Text, StringComparison.OrdinalIgnoreCase));

    private LogView Cut(LogLine[] lines) => lines.Length <= Most ? this with { Lines = lines } : this with { Lines = lines[^Most..], Earlier = true };
}
