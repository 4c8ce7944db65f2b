using Tracker.Storage.Database;

namespace Tracker.Storage.Retention;

/// <summary>Gives up checkpoints of runs that ended long ago, but of each sweep those of the best and of the last run; hosts remove the files.</summary>
internal sealed class CheckpointRule(TrackerDatabase database)
{
    private const int AtOnce = 500;

    /// <summary>Runs whose checkpoints go, given <c>@days</c>: the best and the last are those among the runs of the sweep that have one.</summary>
    internal const string Candidates = $"""
        FROM (
          SELECT r.*,
            row_number() OVER (PARTITION BY r.sweep_id ORDER BY nullif(r.selected_accuracy, 'NaN') DESC NULLS LAST, r.id) AS best,
            row_number() OVER (PARTITION BY r.sweep_id ORDER BY r.finished_at DESC NULLS FIRST, r.id DESC) AS latest
          FROM runs r WHERE r.checkpoint IS NOT NULL AND r.deleted_at IS NULL AND NOT r.external
        ) r
        WHERE r.best > 1 AND r.latest > 1 AND {RetentionSweep.Over}
        """;

    /// <summary>Gives all up that the rule does not keep.</summary>
    public async Task GoAsync(int days, Func<DbSession, int, Task> removed, CancellationToken cancellationToken)
    {
        while (true)
        {
            var runs = await database.QueryAsync($"SELECT r.id {Candidates} ORDER BY r.id LIMIT @most", r => r.GetInt64(0), cancellationToken, ("days", days), ("most", AtOnce));
            if (runs.Count == 0) return;
            await database.TransactAsync(session => GiveUpAsync(session, [.. runs], days, removed), cancellationToken);
        }
    }

    private static async Task GiveUpAsync(DbSession session, long[] runs, int days, Func<DbSession, int, Task> removed)
    {
        // One that was queued again a moment ago goes on from its checkpoint.
        var given = await session.QueryAsync(
            $"UPDATE runs r SET checkpoint = NULL WHERE r.id IN (SELECT id FROM runs WHERE id = ANY(@runs) ORDER BY id FOR NO KEY UPDATE) AND {RetentionSweep.Over} RETURNING r.id, r.sweep_id",
            r => (Id: r.GetInt64(0), SweepId: r.GetInt64(1)), ("runs", runs), ("days", days));
        await session.ExecuteAsync(
            "INSERT INTO discarded_checkpoints (run_id) SELECT unnest(@runs) ON CONFLICT (run_id) DO UPDATE SET at = excluded.at", ("runs", given.Select(g => g.Id).ToArray()));
        foreach (var (id, sweep) in given) session.Changed(ChangeKind.Run, id, sweep);
        await removed(session, given.Count);
    }
}
