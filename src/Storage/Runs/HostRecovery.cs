using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Scheduling;
using Tracker.Storage.Telemetry;

namespace Tracker.Storage.Runs;

/// <summary>
/// Ends all that a host holds when its process is gone. In a transaction for each run, since the end of an attempt locks device time and
/// job engine, behind which no other run may be locked; whatever is left by an interruption is found again by the next who looks.
/// </summary>
internal sealed class HostRecovery(TrackerDatabase database, AttemptFinish finish, EngineExit exit)
{
    /// <summary>Whoever records a run holds it for milliseconds.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>What its process began is lost, what it had only been given waits again.</summary>
    /// <param name="hostId">The host.</param>
    /// <param name="reason">Why, for people; goes on after the title of <see cref="FailureKind.HostLost"/> when it vanished.</param>
    /// <param name="vanished">Whether it is gone without having ended in order, which counts against the runs that it held.</param>
    /// <param name="measured">As what this is measured, if at all.</param>
    /// <param name="whileSilent">
    /// Whether it is over as soon as the host is heard of again, which may be since it was found silent: others may have given its runs
    /// back by then, and what it has begun since is alive.
    /// </param>
    /// <param name="cancellationToken">Ends it between two runs.</param>
    /// <returns>How many runs were ended or wait again.</returns>
    public async Task<int> RecoverAsync(long hostId, string reason, bool vanished, Recovery? measured, bool whileSilent, CancellationToken cancellationToken)
    {
        var end = new AttemptEnd(AttemptOutcome.Lost, ExitCode: null, Signal: null, reason, vanished ? FailureKind.HostLost : null);
        var active = await database.QueryAsync(
            "SELECT id, attempt FROM runs WHERE host_id = @host AND state IN ('Starting', 'Running') ORDER BY id",
            r => (Run: r.GetInt64(0), Attempt: r.GetInt32(1)), cancellationToken, ("host", hostId));
        var recovered = 0;
        foreach (var (runId, attempt) in active)
        {
            if (await database.TransactAsync(session => EndAsync(session, runId, attempt, hostId, end, measured, whileSilent), cancellationToken)) recovered++;
        }
        return recovered + await TakeBackAsync(hostId, measured, whileSilent, cancellationToken);
    }

    /// <summary>Takes back what a host was given and has not begun.</summary>
    public Task<int> TakeBackAsync(long hostId, Recovery? measured, bool whileSilent, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var given = await session.QueryAsync(
            "SELECT id, sweep_id FROM runs WHERE host_id = @host AND assigned AND state = 'Queued' ORDER BY id FOR NO KEY UPDATE",
            r => (Id: r.GetInt64(0), SweepId: r.GetInt64(1)), ("host", hostId));
        if (given.Count == 0 || (whileSilent && await IsHeardAsync(session, hostId))) return 0;
        long[] ids = [.. given.Select(g => g.Id)];
        await session.ExecuteAsync("UPDATE runs SET assigned = false, host_id = NULL, device_name = NULL WHERE id = ANY(@ids)", ("ids", ids));
        await exit.RemoveAsync(session, ids);
        foreach (var (id, sweepId) in given) session.Changed(ChangeKind.Run, id, sweepId);
        if (measured is { } kind) SchedulingMetrics.Recovered(session, kind, given.Count);
        return given.Count;
    }, cancellationToken);

    private async Task<bool> EndAsync(DbSession session, long runId, int attempt, long hostId, AttemptEnd end, Recovery? measured, bool whileSilent)
    {
        if (await LockAsync(session, runId) is not { } run || !run.State.IsActive() || run.HostId != hostId || run.Attempt != attempt) return false;
        if (whileSilent && await IsHeardAsync(session, hostId)) return false;
        await finish.EndAsync(session, runId, attempt, end);
        if (measured is { } kind) SchedulingMetrics.Recovered(session, kind);
        return true;
    }

    /// <summary>
    /// A training process that is frozen in the middle of a COPY keeps its run locked for as long as its machine answers for it; its session
    /// is ended. Other sessions are waited for.
    /// </summary>
    private async Task<LockedRun?> LockAsync(DbSession session, long runId)
    {
        var locked = LockedRun.LockAsync(session, runId);
        try
        {
            while (await Task.WhenAny(locked, Task.Delay(s_patience, session.CancellationToken)) != locked)
                await EndFrozenAsync(session.Connection.ProcessID, session.CancellationToken);
        }
        catch
        {
            // The connection is free for others only then.
            await ((Task)locked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        return await locked;
    }

    private async Task EndFrozenAsync(int waiting, CancellationToken cancellationToken) => await database.QueryAsync(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid = ANY(pg_blocking_pids(@waiting)) AND wait_event = 'ClientRead' AND state_change < now() - @patience
        """,
        r => r.GetBoolean(0), cancellationToken, ("waiting", waiting), ("patience", s_patience));

    private static Task<bool> IsHeardAsync(DbSession session, long hostId) => session.FirstAsync(
        $"SELECT {ClusterReader.Heard} FROM hosts WHERE id = @host", r => r.GetBoolean(0), ("host", hostId), ("lost", HostView.LostAfter));
}
