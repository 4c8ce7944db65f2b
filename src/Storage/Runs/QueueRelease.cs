using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Runs;

/// <summary>
/// Decides which queued runs the job engine gets to see: of each sweep only the next few, and never more than may train at once. The
/// following ones are handed over in the transaction in which one leaves. So a sweep of ten thousand runs is queued in a moment, and a
/// host never takes a run that it would have to put back.
/// </summary>
internal sealed class QueueRelease(IRunQueue queue)
{
    /// <summary>
    /// How many runs of a sweep without a limit the engine holds. More than any cluster has slots, so that runs start in the same
    /// order as if it held them all.
    /// </summary>
    public const int Window = 500;

    /// <summary>Hands over what fits and is due. The sweep must be locked if it has a limit, since its slots are counted.</summary>
    public async Task FillAsync(DbSession session, long sweepId)
    {
        var released = await session.QueryAsync(
            """
            WITH room AS (
              SELECT coalesce(s.max_parallel, @window) - (
                SELECT count(*) FROM runs r WHERE r.sweep_id = s.id AND r.assigned) AS free
              FROM sweeps s WHERE s.id = @sweep
            ), next AS (
              SELECT id FROM runs
              WHERE sweep_id = @sweep AND state = 'Queued' AND NOT assigned AND coalesce(not_before <= now(), true)
              ORDER BY queue_position
              LIMIT (SELECT greatest(free, 0) FROM room)
            )
            UPDATE runs SET assigned = true, not_before = NULL
            WHERE id IN (SELECT id FROM next) AND state = 'Queued' AND NOT assigned
            RETURNING id, device_class, priority, queue_position
            """,
            r => new QueuedRun(r.GetInt64(0), r.GetEnum<DeviceClass>(1), r.GetEnum<Priority>(2), r.GetInt64(3)),
            ("sweep", sweepId), ("window", Window));
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
