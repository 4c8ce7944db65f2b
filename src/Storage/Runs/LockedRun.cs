using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;

namespace Tracker.Storage.Runs;

/// <summary>What a transaction needs to know of a run that it has locked.</summary>
internal sealed record LockedRun(
    long Id, long SweepId, RunState State, RunWish Wish, int Attempt, int Crashes, CheckpointInfo? Checkpoint, RunProgress? Progress, bool Assigned,
    long? HostId, string? Device, TimeSpan InState, int HostLosses, bool External)
{
    /// <summary>What has gone wrong since the run last got further.</summary>
    public Setbacks Setbacks => new(Crashes, HostLosses);

    /// <summary>Whether a host holds it. Nothing here trains what a program outside reports.</summary>
    public bool IsTrained => State.IsActive() && !External;

    private const string Select = """
        SELECT id, sweep_id, state, wish, attempt, crashes, checkpoint, progress, assigned, host_id, device_name, now() - state_since, host_losses, external
        FROM runs
        """;

    /// <summary>
    /// Locks a run; what lies in the recycle bin is not there. Everything locks in the order decision (see Dispatcher), sweep, runs by ascending id, attempt, device time, job engine,
    /// and what ends attempts of many runs does so in a transaction for each. Rows that merely refer to a run (events, a sweep that shows it)
    /// may be inserted meanwhile; only whoever deletes it takes the stronger lock.
    /// </summary>
    public static Task<LockedRun?> LockAsync(DbSession session, long runId) =>
        session.FirstAsync($"{Select} WHERE id = @run AND deleted_at IS NULL FOR NO KEY UPDATE", Read, ("run", runId));

    /// <summary>Locks several runs, in the order of their ids.</summary>
    public static async Task<IReadOnlyList<LockedRun>> LockAsync(DbSession session, IReadOnlyList<long> runIds) =>
        await session.QueryAsync($"{Select} WHERE id = ANY(@runs) AND deleted_at IS NULL ORDER BY id FOR NO KEY UPDATE", Read, ("runs", runIds.ToArray()));

    /// <summary>Locks all runs of a sweep, with the sweep.</summary>
    /// <returns>The runs in the order of their ids, or <see langword="null"/> when there is no such sweep.</returns>
    public static async Task<IReadOnlyList<LockedRun>?> LockSweepAsync(DbSession session, long sweepId)
    {
        var sweep = await session.FirstAsync<long?>("SELECT id FROM sweeps WHERE id = @sweep AND deleted_at IS NULL FOR NO KEY UPDATE", r => r.GetInt64(0), ("sweep", sweepId));
        if (sweep is null) return null;
        return await session.QueryAsync($"{Select} WHERE sweep_id = @sweep AND deleted_at IS NULL ORDER BY id FOR NO KEY UPDATE", Read, ("sweep", sweepId));
    }

    private static LockedRun Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt64(1), reader.GetEnum<RunState>(2), reader.GetEnum<RunWish>(3), reader.GetInt32(4), reader.GetInt32(5),
        Json.ReadOrNull<CheckpointInfo>(reader.GetOrDefault<string>(6)), Json.ReadOrNull<RunProgress>(reader.GetOrDefault<string>(7)),
        reader.GetBoolean(8), reader.GetNullable<long>(9), reader.GetOrDefault<string>(10), reader.GetTimeSpan(11), reader.GetInt32(12), reader.GetBoolean(13));
}
