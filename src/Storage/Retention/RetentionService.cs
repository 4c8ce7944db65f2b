using Npgsql;
using Tracker.Storage.Database;

namespace Tracker.Storage.Retention;

/// <inheritdoc cref="IRetention" />
internal sealed class RetentionService(TrackerDatabase database, SpaceReader space) : IRetention
{
    private const string Noun = "retention";
    private const string LogKind = "Logs";
    private const string EventKind = "Events";
    private const string PointKind = "Points";
    private const string CheckpointKind = "Checkpoints";
    private const string BinKind = "Bin";

    public async Task<RetentionRules> RulesAsync(CancellationToken cancellationToken) =>
        Read(await database.QueryAsync("SELECT kind, days FROM retention_rules", Pair, cancellationToken));

    public Task ChangeAsync(RetentionRules rules, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return database.TransactAsync(async session =>
        {
            await session.ExecuteAsync("LOCK TABLE retention_rules IN SHARE ROW EXCLUSIVE MODE");
            var before = Read(await session.QueryAsync("SELECT kind, days FROM retention_rules", Pair));
            Precondition.Check(EditTag.OfRules([.. Kinds(before).Select(k => k.Days)]));
            if (before == rules) return;
            await session.ExecuteAsync("DELETE FROM retention_rules");
            foreach (var (kind, days) in Kinds(rules))
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
        var (points, pointRuns) = rules.PointDays is null ? (0, 0) : await PairAsync(
            // Each bucket keeps three points at most.
            $"SELECT coalesce(sum(greatest(l.points - 3 * (((l.step - l.first_step) >> l.finest) + 1), 0)), 0)::bigint, count(DISTINCT l.run_id) {SeriesThinning.Candidates}", rules.PointDays, cancellationToken);
        var (bytes, checkpoints) = rules.CheckpointDays is null ? (0, 0) : await PairAsync(
            $"SELECT coalesce(sum((r.checkpoint->>'bytes')::bigint), 0)::bigint, count(*) {CheckpointRule.Candidates}", rules.CheckpointDays, cancellationToken);
        var (binRuns, binSweeps) = rules.BinDays is null ? (0, 0) : await PairAsync(
            """
            SELECT (SELECT count(*) FROM runs r JOIN sweeps s ON s.id = r.sweep_id WHERE r.deleted_at <= now() - make_interval(days => @days) AND NOT r.purging AND r.deleted_at IS DISTINCT FROM s.deleted_at),
              (SELECT count(*) FROM sweeps WHERE deleted_at <= now() - make_interval(days => @days) AND NOT purging)
            """, rules.BinDays, cancellationToken);
        return new(logs, logRuns, events, eventRuns) { Points = points, PointRuns = pointRuns, Checkpoints = checkpoints, CheckpointBytes = bytes, BinItems = binRuns + binSweeps };
    }

    public async Task<RetentionPass?> ApplyAsync(CancellationToken cancellationToken)
    {
        var rules = await RulesAsync(cancellationToken);
        if (rules.AreEmpty) return null;
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
        "SELECT started_at, ended_at, logs, events, points, checkpoints FROM retention_passes ORDER BY id DESC LIMIT 1",
        r => new RetentionPass(r.GetFieldValue<DateTimeOffset>(0), r.GetNullable<DateTimeOffset>(1), r.GetInt64(2), r.GetInt64(3)) { Points = r.GetInt64(4), Checkpoints = r.GetInt64(5) },
        cancellationToken)).FirstOrDefault();

    public Task<StorageSpace> SpaceAsync(CancellationToken cancellationToken) => space.AllAsync(cancellationToken);

    public Task<SpaceOfSweep?> SpaceAsync(long sweepId, CancellationToken cancellationToken) => space.OfSweepAsync(sweepId, cancellationToken);

    private static (string Kind, int? Days)[] Kinds(RetentionRules rules) =>
    [
        (LogKind, rules.LogDays), (EventKind, rules.EventDays), (PointKind, rules.PointDays), (CheckpointKind, rules.CheckpointDays), (BinKind, rules.BinDays),
    ];

    private static (string Kind, int Days) Pair(NpgsqlDataReader r) => (r.GetString(0), r.GetInt32(1));

    private static RetentionRules Read(List<(string Kind, int Days)> rows)
    {
        int? Of(string kind) => rows.Where(r => r.Kind == kind).Select(r => (int?)r.Days).SingleOrDefault();
        return new(Of(LogKind), Of(EventKind)) { PointDays = Of(PointKind), CheckpointDays = Of(CheckpointKind), BinDays = Of(BinKind) };
    }

    private Task<(long Rows, long Runs)> CountAsync(string table, int? days, CancellationToken cancellationToken) => days is null ? Task.FromResult((0L, 0L)) : PairAsync(
        $"SELECT coalesce(sum(n), 0)::bigint, count(*) FROM (SELECT count(*) AS n FROM {table} WHERE run_id IN (SELECT r.id FROM runs r WHERE {RetentionSweep.Over}) GROUP BY run_id) AS of_run",
        days, cancellationToken);

    private async Task<(long First, long Second)> PairAsync(string sql, int? days, CancellationToken cancellationToken) =>
        (await database.QueryAsync(sql, r => (r.GetInt64(0), r.GetInt64(1)), cancellationToken, ("days", days))).Single();

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({AdvisoryLocks.Retention})", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_unlock({AdvisoryLocks.Retention})", connection);
        await command.ExecuteScalarAsync(CancellationToken.None);
    }
}
