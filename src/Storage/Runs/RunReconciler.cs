using Microsoft.Extensions.Logging;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Scheduling;
using Tracker.Storage.Telemetry;

namespace Tracker.Storage.Runs;

/// <summary>
/// Repairs what no transaction could keep together: runs that are recorded one way and held by the job engine another, after a
/// restored backup, a host that died between two steps, or a fault of ours. Every repair is an event of its run.
/// </summary>
internal sealed partial class RunReconciler(
    TrackerDatabase database, EngineExit exit, AttemptFinish finish, IRunQueue queue, ILogger<RunReconciler> logger)
{
    /// <summary>Number of the advisory lock under which one host at a time repairs.</summary>
    private const long LockNumber = 7_266_411_001;

    /// <summary>A run that has just ended is still held until its handler returns.</summary>
    private static readonly TimeSpan s_return = TimeSpan.FromSeconds(10);

    /// <summary>Repairs all that is wrong now; nothing while another host is at it.</summary>
    /// <returns>How many runs were repaired.</returns>
    public Task<int> RepairAsync(CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var mine = await session.FirstAsync("SELECT pg_try_advisory_xact_lock(@lock)", r => r.GetBoolean(0), ("lock", LockNumber));
        if (!mine) return 0;
        return await RepairForgottenAsync(cancellationToken) + await RepairSuperfluousAsync(cancellationToken);
    }, cancellationToken);

    /// <summary>Runs that should be waiting or trained, but that the engine does not hold.</summary>
    private async Task<int> RepairForgottenAsync(CancellationToken cancellationToken)
    {
        var expected = await database.QueryAsync(
            "SELECT id FROM runs WHERE (state = 'Queued' AND assigned) OR state IN ('Starting', 'Running')", r => r.GetInt64(0), cancellationToken);
        var held = await queue.HeldRunsAsync(cancellationToken);
        var repaired = 0;
        foreach (var runId in expected.Where(id => !held.Contains(id)))
        {
            if (await database.TransactAsync(session => RepairForgottenAsync(session, runId), cancellationToken)) repaired++;
        }
        return repaired;
    }

    /// <summary>While the run is locked it cannot change, so that what the engine holds now can be compared with it.</summary>
    private async Task<bool> RepairForgottenAsync(DbSession session, long runId)
    {
        if (await LockedRun.LockAsync(session, runId) is not { } run) return false;
        if (!run.State.IsActive() && !(run.State == RunState.Queued && run.Assigned)) return false;
        if ((await queue.HeldRunsAsync(session.CancellationToken)).Contains(runId)) return false;
        LogForgotten(logger, runId, run.State);
        SchedulingMetrics.Recovered(session, Recovery.Repaired);
        if (run.State.IsActive())
        {
            await finish.EndAsync(session, runId, run.Attempt, new(AttemptOutcome.Lost, null, null, "The host vanished."));
            return true;
        }
        await session.RecordAsync(runId, null, EventLevel.Warning, "The job engine had lost this run; it waits again.");
        await session.ExecuteAsync("UPDATE runs SET assigned = false, host_id = NULL, device_name = NULL WHERE id = @run", ("run", runId));
        await exit.RemoveAsync(session, []);
        return true;
    }

    /// <summary>Runs that the engine holds although they have no device: over, held by a user, waiting, or deleted.</summary>
    private async Task<int> RepairSuperfluousAsync(CancellationToken cancellationToken)
    {
        var held = await queue.HeldRunsAsync(cancellationToken);
        var superfluous = await database.QueryAsync(
            """
            SELECT h.id, r.id IS NOT NULL FROM unnest(@held) AS h(id) LEFT JOIN runs r ON r.id = h.id
            WHERE r.id IS NULL OR (NOT r.assigned AND r.state_since < now() - @return)
            """,
            r => (Id: r.GetInt64(0), Exists: r.GetBoolean(1)), cancellationToken, ("held", held.ToArray()), ("return", s_return));
        foreach (var (runId, exists) in superfluous)
        {
            LogSuperfluous(logger, runId);
            await database.TransactAsync(async session =>
            {
                await queue.RemoveAsync(session.Connection, session.Transaction, [runId], cancellationToken);
                SchedulingMetrics.Recovered(session, Recovery.Repaired);
                if (exists) await session.RecordAsync(runId, null, EventLevel.Warning, "The job engine still held this run; it was taken out.");
            }, cancellationToken);
        }
        return superfluous.Count;
    }

    [LoggerMessage(1, LogLevel.Warning, "Run {RunId} is {State}, but the job engine does not hold it; it is queued again.")]
    private static partial void LogForgotten(ILogger logger, long runId, RunState state);

    [LoggerMessage(2, LogLevel.Warning, "The job engine holds run {RunId}, which is not to be trained; it is taken out.")]
    private static partial void LogSuperfluous(ILogger logger, long runId);
}
