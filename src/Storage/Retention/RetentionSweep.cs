using Tracker.Storage.Database;

namespace Tracker.Storage.Retention;

/// <summary>One pass that removes what rules say: in small transactions, so that nobody waits for it and it can end at any time.</summary>
internal sealed class RetentionSweep(TrackerDatabase database)
{
    /// <summary>A run that has ended so long ago that <c>@days</c> are over; one that was queued again has not.</summary>
    internal const string Over = "r.state IN ('Succeeded', 'Failed', 'Cancelled') AND r.finished_at < now() - make_interval(days => @days)";

    private const int RunsAtOnce = 200;

    // A statement of 5,000 rows takes tens of milliseconds on a slow disk.
    private const int RowsAtOnce = 5000;

    private long _logs;
    private long _events;
    private long _points;
    private long _checkpoints;

    /// <summary>Removes, and records how much; what was removed stays so if it ends early.</summary>
    public async Task<RetentionPass> RunAsync(RetentionRules rules, CancellationToken cancellationToken)
    {
        var (pass, startedAt) = await database.TransactAsync(session => session.FirstAsync(
            "INSERT INTO retention_passes DEFAULT VALUES RETURNING id, started_at", r => (r.GetInt64(0), r.GetFieldValue<DateTimeOffset>(1))), cancellationToken);
        await RemoveAsync("run_logs", "(run_id, attempt, line)", rules.LogDays, pass, n => _logs += n, cancellationToken);
        await RemoveAsync("events", "id", rules.EventDays, pass, n => _events += n, cancellationToken);
        if (rules.PointDays is { } points)
            await new SeriesThinning(database).GoAsync(points, (session, n) => NoteAsync(session, "points", pass, n, () => _points += n), cancellationToken);
        if (rules.CheckpointDays is { } checkpoints)
            await new CheckpointRule(database).GoAsync(checkpoints, (session, n) => NoteAsync(session, "checkpoints", pass, n, () => _checkpoints += n), cancellationToken);
        var endedAt = await EndAsync(pass, cancellationToken);
        return new(startedAt, endedAt, _logs, _events) { Points = _points, Checkpoints = _checkpoints };
    }

    private static async Task NoteAsync(DbSession session, string column, long pass, int removed, Action note)
    {
        await session.ExecuteAsync($"UPDATE retention_passes SET {column} = {column} + @removed WHERE id = @pass", ("removed", removed), ("pass", pass));
        session.WhenCommitted(note);
    }

    private async Task RemoveAsync(string table, string key, int? days, long pass, Action<int> removed, CancellationToken cancellationToken)
    {
        if (days is null) return;
        for (var after = 0L; ;)
        {
            var runs = await database.QueryAsync(
                $"SELECT r.id FROM runs r WHERE r.id > @after AND {Over} AND EXISTS (SELECT FROM {table} t WHERE t.run_id = r.id) ORDER BY r.id LIMIT @most",
                r => r.GetInt64(0), cancellationToken, ("after", after), ("days", days), ("most", RunsAtOnce));
            if (runs.Count == 0) return;
            while (await StepAsync(table, key, [.. runs], days.Value, pass, removed, cancellationToken) == RowsAtOnce)
            {
            }
            after = runs[^1];
        }
    }

    /// <summary>Removes a few rows of runs that are still over: one may have been queued again a moment ago.</summary>
    private Task<int> StepAsync(string table, string key, long[] runs, int days, long pass, Action<int> removed, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var columns = key.Trim('(', ')');
        var rows = await session.ExecuteAsync(
            $"""
            DELETE FROM {table} WHERE {key} IN (
              SELECT {string.Join(", ", columns.Split(", ").Select(c => "t." + c))} FROM {table} t JOIN runs r ON r.id = t.run_id
              WHERE t.run_id = ANY(@runs) AND {Over} LIMIT @most)
            """, ("runs", runs), ("days", days), ("most", RowsAtOnce));
        session.WhenCommitted(() => removed(rows));
        await session.ExecuteAsync("UPDATE retention_passes SET logs = logs + @logs, events = events + @events WHERE id = @pass",
            ("logs", table == "run_logs" ? rows : 0), ("events", table == "events" ? rows : 0), ("pass", pass));
        return rows;
    }, cancellationToken);

    private Task<DateTimeOffset> EndAsync(long pass, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        if (_logs + _events + _points + _checkpoints > 0)
            await session.AuditAsync(new("retention.apply", "retention", After: new { Logs = _logs, Events = _events, Points = _points, Checkpoints = _checkpoints }));
        // What is shown is the last one; the audit log has the others.
        await session.ExecuteAsync("DELETE FROM retention_passes WHERE id < @pass - 100", ("pass", pass));
        return await session.FirstAsync("UPDATE retention_passes SET ended_at = now() WHERE id = @pass RETURNING ended_at", r => r.GetFieldValue<DateTimeOffset>(0), ("pass", pass));
    }, cancellationToken);
}
