using Npgsql;
using Tracker.Storage.Database;

namespace Tracker.Storage.Retention;

/// <inheritdoc cref="IRetention" />
internal sealed class RetentionService(TrackerDatabase database) : IRetention
{
    private const string Noun = "retention";
    private const string LogKind = "Logs";
    private const string EventKind = "Events";
    private const int MostSweeps = 8;

    /// <summary>Number of the advisory lock under which one process at a time removes.</summary>
    private const long LockNumber = 7_266_411_003;

    public async Task<RetentionRules> RulesAsync(CancellationToken cancellationToken) =>
        Read(await database.QueryAsync("SELECT kind, days FROM retention_rules", Pair, cancellationToken));

    public Task ChangeAsync(RetentionRules rules, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return database.TransactAsync(async session =>
        {
            await session.ExecuteAsync("LOCK TABLE retention_rules IN SHARE ROW EXCLUSIVE MODE");
            var before = Read(await session.QueryAsync("SELECT kind, days FROM retention_rules", Pair));
            if (before == rules) return;
            await session.ExecuteAsync("DELETE FROM retention_rules");
            foreach (var (kind, days) in new[] { (LogKind, rules.LogDays), (EventKind, rules.EventDays) })
            {
                if (days is { } kept) await session.ExecuteAsync("INSERT INTO retention_rules (kind, days) VALUES (@kind, @days)", ("kind", kind), ("days", kept));
            }
            await session.AuditAsync(new("retention.change", Noun, Before: before, After: rules));
        }, cancellationToken);
    }

    public async Task<RetentionPreview> PreviewAsync(RetentionRules rules, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var (logs, logRuns) = await CountAsync("run_logs", rules.LogDays, cancellationToken);
        var (events, eventRuns) = await CountAsync("events", rules.EventDays, cancellationToken);
        return new(logs, logRuns, events, eventRuns);
    }

    public async Task<RetentionPass?> ApplyAsync(CancellationToken cancellationToken)
    {
        var rules = await RulesAsync(cancellationToken);
        if (rules == new RetentionRules(null, null)) return null;
        // Ends with its connection, whatever becomes of this process.
        await using var turn = await database.OpenAsync(cancellationToken);
        if (!await TryLockAsync(turn, cancellationToken)) return null;
        try
        {
            return await new RetentionSweep(database).RunAsync(rules, cancellationToken);
        }
        finally
        {
            await UnlockAsync(turn);
        }
    }

    public async Task<RetentionPass?> LastPassAsync(CancellationToken cancellationToken) => (await database.QueryAsync(
        "SELECT started_at, ended_at, logs, events FROM retention_passes ORDER BY id DESC LIMIT 1",
        r => new RetentionPass(r.GetFieldValue<DateTimeOffset>(0), r.GetNullable<DateTimeOffset>(1), r.GetInt64(2), r.GetInt64(3)), cancellationToken)).FirstOrDefault();

    public async Task<StorageSpace> SpaceAsync(CancellationToken cancellationToken)
    {
        var sweeps = await database.QueryAsync(
            """
            SELECT s.id, s.name, t.points, t.checkpoints
            FROM (
              SELECT r.sweep_id, sum(coalesce(p.points, 0))::bigint AS points, sum(coalesce((r.checkpoint->>'bytes')::bigint, 0))::bigint AS checkpoints
              FROM runs r LEFT JOIN (SELECT run_id, sum(points) AS points FROM metric_latest GROUP BY run_id) p ON p.run_id = r.id
              GROUP BY r.sweep_id
            ) t JOIN sweeps s ON s.id = t.sweep_id
            WHERE t.points > 0 OR t.checkpoints > 0
            ORDER BY t.points DESC, s.id DESC LIMIT @most
            """,
            r => new SweepSpace(r.GetInt64(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3)), cancellationToken, ("most", MostSweeps));
        return (await database.QueryAsync(
            """
            SELECT pg_database_size(current_database()),
              (SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('metric_points'))::bigint + pg_total_relation_size('metric_latest') + pg_total_relation_size('metric_rollups'),
              pg_total_relation_size('run_logs'), pg_total_relation_size('events'),
              (SELECT coalesce(sum((checkpoint->>'bytes')::bigint), 0)::bigint FROM runs WHERE checkpoint IS NOT NULL)
            """,
            r => new StorageSpace(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), sweeps), cancellationToken)).Single();
    }

    private static (string Kind, int Days) Pair(NpgsqlDataReader r) => (r.GetString(0), r.GetInt32(1));

    private static RetentionRules Read(List<(string Kind, int Days)> rows)
    {
        int? Of(string kind) => rows.Where(r => r.Kind == kind).Select(r => (int?)r.Days).SingleOrDefault();
        return new(Of(LogKind), Of(EventKind));
    }

    private async Task<(long Rows, long Runs)> CountAsync(string table, int? days, CancellationToken cancellationToken) => days is null ? (0, 0) : (await database.QueryAsync(
        $"SELECT coalesce(sum(n), 0)::bigint, count(*) FROM (SELECT count(*) AS n FROM {table} WHERE run_id IN (SELECT r.id FROM runs r WHERE {RetentionSweep.Over}) GROUP BY run_id) AS of_run",
        r => (r.GetInt64(0), r.GetInt64(1)), cancellationToken, ("days", days))).Single();

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({LockNumber})", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_unlock({LockNumber})", connection);
        await command.ExecuteScalarAsync(CancellationToken.None);
    }
}
