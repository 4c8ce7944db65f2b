using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Runs;

/// <summary>
/// Decides which queued runs the job engine gets to see. A sweep with a limit hands over only as many as may train at once; the next
/// follow in the transaction in which one leaves. So a host never takes a run that it would have to put back.
/// </summary>
internal sealed class QueueRelease(IRunQueue queue)
{
    /// <summary>Hands over what the sweep's limit and the runs' waiting times allow. The sweep must be locked if it has a limit.</summary>
    public async Task FillAsync(DbSession session, long sweepId)
    {
        var released = await session.QueryAsync(
            """
            WITH room AS (
              SELECT s.max_parallel - (
                SELECT count(*) FROM runs r
                WHERE r.sweep_id = s.id AND (r.state IN ('Starting', 'Running') OR (r.state = 'Queued' AND r.released))) AS free
              FROM sweeps s WHERE s.id = @sweep
            ), next AS (
              SELECT id FROM runs
              WHERE sweep_id = @sweep AND state = 'Queued' AND NOT released AND coalesce(not_before <= now(), true)
              ORDER BY array_position(ARRAY['High', 'Normal', 'Low'], priority), queue_position
              LIMIT (SELECT CASE WHEN free < 0 THEN 0 ELSE free END FROM room)
            )
            UPDATE runs SET released = true, not_before = NULL
            WHERE id IN (SELECT id FROM next) AND state = 'Queued' AND NOT released
            RETURNING id, device_class, priority, queue_position
            """,
            r => new QueuedRun(r.GetInt64(0), r.GetEnum<DeviceClass>(1), r.GetEnum<Priority>(2), r.GetInt64(3)),
            ("sweep", sweepId));
        if (released.Count == 0) return;
        await queue.EnqueueAsync(session.Connection, session.Transaction, [.. released.OrderBy(r => r.Position)], session.CancellationToken);
    }

    /// <summary>Takes runs out of the job engine, and fills the room that they leave in their sweep.</summary>
    public async Task RemoveAsync(DbSession session, long sweepId, IReadOnlyList<long> runIds)
    {
        if (runIds.Count > 0) await queue.RemoveAsync(session.Connection, session.Transaction, runIds, session.CancellationToken);
        await FillAsync(session, sweepId);
    }
}
