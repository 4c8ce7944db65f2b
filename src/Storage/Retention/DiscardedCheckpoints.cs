using Tracker.Storage.Database;

namespace Tracker.Storage.Retention;

/// <inheritdoc cref="IDiscardedCheckpoints" />
internal sealed class DiscardedCheckpoints(TrackerDatabase database) : IDiscardedCheckpoints
{
    public async Task<IReadOnlyList<DiscardedCheckpoint>> AmongAsync(IReadOnlyList<long> runIds, CancellationToken cancellationToken) => await database.QueryAsync(
        """
        SELECT d.run_id, d.at, r.id IS NULL FROM discarded_checkpoints d LEFT JOIN runs r ON r.id = d.run_id
        WHERE d.run_id = ANY(@runs) AND (r.id IS NULL OR (r.checkpoint IS NULL AND NOT r.assigned AND r.state IN ('Succeeded', 'Failed', 'Cancelled')))
        ORDER BY d.run_id
        """,
        r => new DiscardedCheckpoint(r.GetInt64(0), r.GetFieldValue<DateTimeOffset>(1), r.GetBoolean(2)), cancellationToken, ("runs", runIds.ToArray()));
}
