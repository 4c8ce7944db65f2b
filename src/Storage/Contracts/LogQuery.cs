using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>Which lines of a run's log to read: the last ones that match.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Limit">How many at most.</param>
public sealed record LogQuery(long RunId, int Limit)
{
    /// <summary>Only lines before this one, for those that are earlier than what is shown.</summary>
    public LogPosition? Before { get; init; }

    /// <summary>Only lines of this level and above.</summary>
    public EventLevel AtLeast { get; init; }

    /// <summary>Only lines with this text in them, in upper or lower case.</summary>
    public string Text { get; init; } = "";
}

/// <summary>A line of a log.</summary>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="Line">Its number in that attempt.</param>
public readonly record struct LogPosition(int Attempt, long Line);
