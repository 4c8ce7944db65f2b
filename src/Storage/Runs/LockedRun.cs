using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;

namespace Tracker.Storage.Runs;

/// <summary>What a transaction needs to know of a run that it has locked.</summary>
internal sealed record LockedRun(
    long Id, long SweepId, RunState State, RunWish Wish, int Attempt, int Crashes, CheckpointInfo? Checkpoint, RunProgress? Progress, bool Assigned)
{
    private const string Select = """
        SELECT id, sweep_id, state, wish, attempt, crashes, checkpoint, progress, assigned
        FROM runs
        """;

    /// <summary>
    /// Locks a run. The sweep of a run with a limit is locked first: all that counts a sweep's slots takes turns, and always in the
    /// order sweep, run, job engine.
    /// </summary>
    public static async Task<LockedRun?> LockAsync(DbSession session, long runId)
    {
        await session.ExecuteAsync(
            """
            SELECT 1 FROM sweeps
            WHERE id = (SELECT sweep_id FROM runs WHERE id = @run) AND max_parallel IS NOT NULL
            FOR NO KEY UPDATE
            """, ("run", runId));
        return await session.FirstAsync($"{Select} WHERE id = @run FOR UPDATE", Read, ("run", runId));
    }

    /// <summary>Locks all runs of a sweep, with the sweep.</summary>
    /// <returns>The runs in the order of their ids, or <see langword="null"/> when there is no such sweep.</returns>
    public static async Task<IReadOnlyList<LockedRun>?> LockSweepAsync(DbSession session, long sweepId)
    {
        var sweep = await session.FirstAsync<long?>("SELECT id FROM sweeps WHERE id = @sweep FOR NO KEY UPDATE", r => r.GetInt64(0), ("sweep", sweepId));
        if (sweep is null) return null;
        return await session.QueryAsync($"{Select} WHERE sweep_id = @sweep ORDER BY id FOR UPDATE", Read, ("sweep", sweepId));
    }

    private static LockedRun Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt64(1), reader.GetEnum<RunState>(2), reader.GetEnum<RunWish>(3), reader.GetInt32(4), reader.GetInt32(5),
        Json.ReadOrNull<CheckpointInfo>(reader.GetOrDefault<string>(6)), Json.ReadOrNull<RunProgress>(reader.GetOrDefault<string>(7)),
        reader.GetBoolean(8));
}
