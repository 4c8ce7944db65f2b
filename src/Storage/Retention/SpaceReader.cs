using Tracker.Storage.Database;

namespace Tracker.Storage.Retention;

/// <summary>Reads what is stored, and what of it is whose.</summary>
internal sealed class SpaceReader(TrackerDatabase database, IEnumerable<IRunFiles> files)
{
    private const int MostSweeps = 8;

    /// <summary>All of it.</summary>
    public async Task<StorageSpace> AllAsync(CancellationToken cancellationToken)
    {
        var sweeps = await database.QueryAsync(
            """
            SELECT s.id, s.name, t.points, t.checkpoints
            FROM (
              SELECT r.sweep_id, sum(coalesce(p.points, 0))::bigint AS points, sum(coalesce((r.checkpoint->>'bytes')::bigint, 0))::bigint AS checkpoints
              FROM runs r LEFT JOIN (SELECT run_id, sum(points) AS points FROM metric_latest GROUP BY run_id) p ON p.run_id = r.id
              WHERE r.deleted_at IS NULL
              GROUP BY r.sweep_id
            ) t JOIN sweeps s ON s.id = t.sweep_id
            WHERE t.points > 0 OR t.checkpoints > 0
            ORDER BY t.points DESC, s.id DESC LIMIT @most
            """,
            r => new SweepSpace(r.GetInt64(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3)), cancellationToken, ("most", MostSweeps));
        return (await database.QueryAsync(
            """
            SELECT pg_database_size(current_database()),
              (SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('metric_points'))::bigint + pg_total_relation_size('metric_latest')
                + pg_total_relation_size('metric_rollups') + pg_total_relation_size('metric_repeats'),
              pg_total_relation_size('run_logs'), pg_total_relation_size('events'),
              (SELECT coalesce(sum((checkpoint->>'bytes')::bigint), 0)::bigint FROM runs WHERE checkpoint IS NOT NULL),
              (SELECT coalesce(sum(l.points), 0)::bigint FROM metric_latest l JOIN runs r ON r.id = l.run_id WHERE r.deleted_at IS NOT NULL)
            """,
            r => new StorageSpace(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), sweeps) { Bin = r.GetInt64(5) * StoredBytes.Point },
            cancellationToken)).Single();
    }

    /// <summary>That of a sweep's own runs, what of them is in the recycle bin left out.</summary>
    public async Task<SpaceOfSweep?> OfSweepAsync(long sweepId, CancellationToken cancellationToken)
    {
        var found = (await database.QueryAsync(
            """
            WITH own AS (SELECT id, (checkpoint->>'bytes')::bigint AS bytes FROM runs WHERE sweep_id = @sweep AND deleted_at IS NULL)
            SELECT (SELECT count(*) FROM own)::integer,
              (SELECT coalesce(sum(l.points), 0)::bigint FROM metric_latest l WHERE l.run_id IN (SELECT id FROM own)),
              (SELECT coalesce(sum(octet_length(l.text) + @line), 0)::bigint FROM run_logs l WHERE l.run_id IN (SELECT id FROM own))
                + (SELECT coalesce(sum(octet_length(e.message) + @line), 0)::bigint FROM events e WHERE e.run_id IN (SELECT id FROM own)),
              (SELECT count(bytes) FROM own)::integer, (SELECT coalesce(sum(bytes), 0) FROM own)::bigint
            FROM sweeps WHERE id = @sweep AND deleted_at IS NULL
            """,
            r => new SpaceOfSweep(r.GetInt32(0), r.GetInt64(1), r.GetInt64(1) * StoredBytes.Point, r.GetInt64(2), r.GetInt32(3), r.GetInt64(4), 0),
            cancellationToken, ("sweep", sweepId), ("line", StoredBytes.Line))).SingleOrDefault();
        if (found is null) return null;
        var artifacts = 0L;
        foreach (var kept in files) artifacts += await kept.BytesAsync(sweepId, cancellationToken);
        return found with { ArtifactBytes = artifacts };
    }
}
