using System.Globalization;

namespace Tracker.Storage.Database;

/// <summary>
/// How changes travel in notifications: <c>Run/7:1,2,3</c> is runs 1, 2 and 3 of sweep 7, <c>Host/:4</c> is host 4. Changes of the
/// same kind and sweep share a payload, since a verb on a sweep may touch ten thousand runs.
/// </summary>
internal static class ChangeCoding
{
    public const string Channel = "tracker_changes";

    /// <summary>PostgreSQL refuses payloads of 8000 bytes; 300 ids of at most 19 digits stay below.</summary>
    private const int IdsPerPayload = 300;

    public static IEnumerable<string> Write(IEnumerable<Change> changes) =>
        from change in changes
        group change.Id by (change.Kind, change.SweepId) into same
        from ids in same.Chunk(IdsPerPayload)
        select string.Create(CultureInfo.InvariantCulture, $"{same.Key.Kind}/{same.Key.SweepId}:{string.Join(',', ids)}");

    /// <exception cref="FormatException">The payload is none of ours.</exception>
    public static IEnumerable<Change> Read(string payload)
    {
        var slash = payload.IndexOf('/', StringComparison.Ordinal);
        var colon = payload.IndexOf(':', StringComparison.Ordinal);
        if (slash < 0 || colon < slash || !Enum.TryParse<ChangeKind>(payload.AsSpan(0, slash), out var kind))
            throw new FormatException($"'{payload}' is no change.");
        long? sweepId = colon == slash + 1 ? null : long.Parse(payload.AsSpan(slash + 1, colon - slash - 1), CultureInfo.InvariantCulture);
        return payload[(colon + 1)..].Split(',').Select(id => new Change(kind, long.Parse(id, CultureInfo.InvariantCulture), sweepId));
    }
}
