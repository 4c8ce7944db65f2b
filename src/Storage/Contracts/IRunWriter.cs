using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>What one flush writes.</summary>
/// <param name="Sequence">Number of the flush within the attempt, from 1: a flush that is repeated after a lost answer is applied once.</param>
/// <param name="Points">Points in the order of their report.</param>
/// <param name="Progress">The latest progress, if it changed.</param>
/// <param name="Checkpoint">A checkpoint that contains exactly the steps up to the last of these points, if one was written.</param>
/// <param name="Events">Events since the last flush.</param>
public sealed record RunFlush(
    long Sequence, IReadOnlyList<MetricPoint> Points, RunProgress? Progress, CheckpointInfo? Checkpoint,
    IReadOnlyList<(EventLevel Level, string Message)> Events);

/// <summary>Writes what a child reports: one transaction that checks the attempt, copies the points, updates the run and notifies.</summary>
public interface IRunWriter
{
    /// <summary>Applies a flush once.</summary>
    /// <exception cref="FencedException">A newer attempt exists.</exception>
    Task FlushAsync(long runId, int attempt, RunFlush flush, CancellationToken cancellationToken);

    /// <summary>Appends lines to the run's log, also after the attempt's end: its last words come late.</summary>
    /// <exception cref="FencedException">A newer attempt exists.</exception>
    Task AppendLogAsync(long runId, int attempt, IReadOnlyList<LogLine> lines, CancellationToken cancellationToken);
}

/// <summary>One line of a run's log.</summary>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="Line">Number of the line within the attempt, from 1.</param>
/// <param name="At">When the host read it.</param>
/// <param name="Level">How much attention it deserves.</param>
/// <param name="Text">The text.</param>
public sealed record LogLine(int Attempt, long Line, DateTimeOffset At, EventLevel Level, string Text);
