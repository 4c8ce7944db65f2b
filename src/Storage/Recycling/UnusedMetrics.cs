using Tracker.Storage.Database;

namespace Tracker.Storage.Recycling;

/// <summary>
/// Deletes names of metrics that no run has. A process that is about to write points knows their ids for up to an hour by then: a name is first
/// marked, and only deleted when it has been unused for a day since. Whoever learns its id takes the mark away, and then has as long again.
/// </summary>
internal static class UnusedMetrics
{
    private static readonly TimeSpan s_rest = TimeSpan.FromDays(1);

    // Looked up one by one, by the index: a join could read the latest values of all series there are.
    private const string Unused = "(SELECT true FROM metric_latest l WHERE l.metric_id = n.id LIMIT 1) IS NULL";

    public static Task FreeAsync(TrackerDatabase database, CancellationToken cancellationToken) => database.TransactAsync(
        session => session.ExecuteAsync(
            $"""
             DELETE FROM metric_names n WHERE NOT kept AND unused_since < now() - @rest AND {Unused};
             UPDATE metric_names n SET unused_since = CASE WHEN unused_since IS NULL THEN now() END
             WHERE NOT kept AND (unused_since IS NULL) = ({Unused})
             """, ("rest", s_rest)),
        cancellationToken);
}
