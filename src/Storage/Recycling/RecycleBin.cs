using Npgsql;
using Tracker.Storage.Database;

namespace Tracker.Storage.Recycling;

/// <inheritdoc cref="IRecycleBin" />
internal sealed class RecycleBin(TrackerDatabase database) : IRecycleBin
{
    // A run from outside counts as heard of when it comes back: its program could not report meanwhile.
    private const string RunNoun = "run";
    private const string SweepNoun = "sweep";

    /// <summary>How many of the runs that go together the audit log names.</summary>
    private const int RunsNamed = 100;

    // A run that went with its sweep has the sweep's time: both were deleted in one transaction.
    private const string List = """
        SELECT b.kind, b.id, b.name, b.sweep_id, b.owner_id, u.user_name, b.external, b.deleted_at, b.deleted_by,
          o.runs, o.points, o.checkpoints, b.deleted_at + make_interval(days => (SELECT days FROM retention_rules WHERE kind = 'Bin'))
        FROM (
          SELECT 1::smallint AS kind, s.id, s.name, NULL::bigint AS sweep_id, s.owner_id, s.external, s.deleted_at, s.deleted_by
          FROM sweeps s WHERE s.deleted_at IS NOT NULL AND NOT s.purging
          UNION ALL
          SELECT 0::smallint, r.id, coalesce(r.title, s.name), r.sweep_id, r.owner_id, r.external, r.deleted_at, r.deleted_by
          FROM runs r JOIN sweeps s ON s.id = r.sweep_id
          WHERE r.deleted_at IS NOT NULL AND NOT r.purging AND r.deleted_at IS DISTINCT FROM s.deleted_at
          ORDER BY deleted_at DESC, kind DESC, id DESC
        ) b
        LEFT JOIN users u ON u.id = b.owner_id
        CROSS JOIN LATERAL (
          SELECT count(*)::integer AS runs, coalesce(sum(p.points), 0)::bigint AS points, coalesce(sum((r.checkpoint->>'bytes')::bigint), 0)::bigint AS checkpoints
          FROM runs r CROSS JOIN LATERAL (SELECT sum(l.points) AS points FROM metric_latest l WHERE l.run_id = r.id) p
          WHERE CASE b.kind WHEN 1 THEN r.sweep_id = b.id AND r.deleted_at = b.deleted_at ELSE r.id = b.id END
        ) o
        WHERE (b.deleted_at, b.kind, b.id) < (@at, @kind, @id)
        ORDER BY b.deleted_at DESC, b.kind DESC, b.id DESC LIMIT @limit
        """;

    public async Task<IReadOnlyList<BinItem>> ListAsync(int limit, BinPlace? after, CancellationToken cancellationToken) => await database.QueryAsync(
        List, Read, cancellationToken,
        ("at", after?.DeletedAt ?? DateTimeOffset.MaxValue), ("kind", (short)(after?.Kind ?? BinKind.Run)), ("id", after?.Id ?? 0), ("limit", limit));

    public Task<bool> RestoreRunAsync(long runId, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        if (await FindAsync(session, runId) is not { } sweep) return false;
        if (sweep.Deleted) throw new InvalidOperationException($"Sweep {sweep.Id} of run {runId} is in the recycle bin too. Restore the sweep first.");
        await session.ExecuteAsync("UPDATE runs SET deleted_at = NULL, deleted_by = NULL, reported_at = CASE WHEN external THEN now() END WHERE id = @run", ("run", runId));
        await session.AuditAsync(new("run.restore", RunNoun, runId));
        session.Changed(ChangeKind.Run, runId, sweep.Id);
        session.Changed(ChangeKind.Sweep, sweep.Id);
        return true;
    }, cancellationToken);

    public async Task<bool> RestoreSweepAsync(long sweepId, CancellationToken cancellationToken)
    {
        try
        {
            return await database.TransactAsync(session => RestoreSweepAsync(session, sweepId), cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Somebody took the name of the experiment in this very moment: the second look sees it.
            return await database.TransactAsync(session => RestoreSweepAsync(session, sweepId), cancellationToken);
        }
    }

    public Task<bool> PurgeRunAsync(long runId, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        if (await FindAsync(session, runId) is not { } sweep) return false;
        await session.ExecuteAsync("UPDATE runs SET purging = true WHERE id = @run", ("run", runId));
        await session.AuditAsync(new("run.purge", RunNoun, runId, Before: new { SweepId = sweep.Id }));
        session.Changed(ChangeKind.Run, runId, sweep.Id);
        return true;
    }, cancellationToken);

    public Task<bool> PurgeSweepAsync(long sweepId, CancellationToken cancellationToken) =>
        database.TransactAsync(session => PurgeSweepAsync(session, sweepId), cancellationToken);

    public Task<int> EmptyAsync(CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        const string all = "deleted_at IS NOT NULL AND NOT purging";
        var sweeps = await PurgeSweepsAsync(session, all);
        var runs = await PurgeRunsAsync(session, all);
        foreach (var run in runs) session.Changed(ChangeKind.Run, run);
        return sweeps + runs.Count;
    }, cancellationToken);

    /// <summary>Marks the sweeps of the bin that meet a condition, with their runs. All are locked before the first run is.</summary>
    internal static async Task<int> PurgeSweepsAsync(DbSession session, string condition)
    {
        var marked = 0;
        foreach (var sweep in await session.QueryAsync($"SELECT id FROM sweeps WHERE {condition} ORDER BY id FOR NO KEY UPDATE", r => r.GetInt64(0)))
            marked += await PurgeSweepAsync(session, sweep) ? 1 : 0;
        return marked;
    }

    /// <summary>Marks the runs of the bin that meet a condition.</summary>
    internal static async Task<List<long>> PurgeRunsAsync(DbSession session, string condition)
    {
        await LockRunsAsync(session, condition);
        var runs = await session.QueryAsync($"UPDATE runs SET purging = true WHERE {condition} RETURNING id", r => r.GetInt64(0));
        if (runs.Count > 0)
            await session.AuditAsync(new("run.purge", RunNoun, runs is [var one] ? one : null, Before: new { Runs = runs.Count, FirstIds = runs.Order().Take(RunsNamed) }));
        return runs;
    }

    /// <summary>In the order in which everything locks runs: an update alone takes them as it finds them.</summary>
    private static Task<int> LockRunsAsync(DbSession session, string condition, params (string Name, object? Value)[] parameters) =>
        session.ExecuteAsync($"SELECT FROM runs WHERE {condition} ORDER BY id FOR NO KEY UPDATE", parameters);

    /// <summary>Marks a sweep with all of its runs, those that were deleted before it too.</summary>
    private static async Task<bool> PurgeSweepAsync(DbSession session, long sweepId)
    {
        var name = await session.FirstAsync(
            "UPDATE sweeps SET purging = true WHERE id = @sweep AND deleted_at IS NOT NULL AND NOT purging RETURNING name", r => r.GetString(0), ("sweep", sweepId));
        if (name is null) return false;
        await LockRunsAsync(session, "sweep_id = @sweep AND deleted_at IS NOT NULL AND NOT purging", ("sweep", sweepId));
        var runs = await session.ExecuteAsync("UPDATE runs SET purging = true WHERE sweep_id = @sweep AND deleted_at IS NOT NULL AND NOT purging", ("sweep", sweepId));
        await session.AuditAsync(new("sweep.purge", SweepNoun, sweepId, name, Before: new { Runs = runs }));
        session.Changed(ChangeKind.Sweep, sweepId);
        return true;
    }

    private static async Task<bool> RestoreSweepAsync(DbSession session, long sweepId)
    {
        var name = await session.FirstAsync(
            "SELECT name FROM sweeps WHERE id = @sweep AND deleted_at IS NOT NULL AND NOT purging FOR NO KEY UPDATE", r => r.GetString(0), ("sweep", sweepId));
        if (name is null) return false;
        var taken = await session.FirstAsync(
            "SELECT o.id FROM sweeps s JOIN sweeps o ON o.name = s.name AND o.external AND o.deleted_at IS NULL WHERE s.id = @sweep AND s.external",
            r => r.GetInt64(0), ("sweep", sweepId));
        if (taken > 0) throw new InvalidOperationException($"Experiment {taken} has the name {name} by now. Rename that one first.");
        await LockRunsAsync(session, "sweep_id = @sweep AND deleted_at IS NOT NULL AND NOT purging", ("sweep", sweepId));
        var runs = await session.QueryAsync(
            """
            UPDATE runs r SET deleted_at = NULL, deleted_by = NULL, reported_at = CASE WHEN r.external THEN now() END FROM sweeps s
            WHERE s.id = @sweep AND r.sweep_id = s.id AND r.deleted_at = s.deleted_at AND NOT r.purging RETURNING r.id
            """, r => r.GetInt64(0), ("sweep", sweepId));
        await session.ExecuteAsync("UPDATE sweeps SET deleted_at = NULL, deleted_by = NULL, changed_at = now() WHERE id = @sweep", ("sweep", sweepId));
        await session.AuditAsync(new("sweep.restore", SweepNoun, sweepId, name, After: new { Runs = runs.Count }));
        foreach (var run in runs) session.Changed(ChangeKind.Run, run, sweepId);
        session.Changed(ChangeKind.Sweep, sweepId);
        return true;
    }

    private sealed record OfSweep(long Id, bool Deleted);

    /// <summary>The sweep of a run in the bin, with both locked.</summary>
    private static async Task<OfSweep?> FindAsync(DbSession session, long runId)
    {
        var sweep = await session.FirstAsync(
            "SELECT s.id, s.deleted_at IS NOT NULL FROM sweeps s WHERE s.id = (SELECT sweep_id FROM runs WHERE id = @run) FOR NO KEY UPDATE",
            r => new OfSweep(r.GetInt64(0), r.GetBoolean(1)), ("run", runId));
        if (sweep is null) return null;
        var locked = await session.FirstAsync(
            "SELECT true FROM runs WHERE id = @run AND deleted_at IS NOT NULL AND NOT purging FOR NO KEY UPDATE", r => r.GetBoolean(0), ("run", runId));
        return locked ? sweep : null;
    }

    private static BinItem Read(NpgsqlDataReader r) => new(
        (BinKind)r.GetInt16(0), r.GetInt64(1), r.GetString(2), r.GetNullable<long>(3), r.GetNullable<long>(4), r.GetOrDefault<string>(5), r.GetBoolean(6),
        r.GetFieldValue<DateTimeOffset>(7), r.GetOrDefault<string>(8), r.GetInt32(9), r.GetInt64(10), r.GetInt64(11), r.GetNullable<DateTimeOffset>(12));
}
