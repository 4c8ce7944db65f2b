using Microsoft.Extensions.Logging;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Telemetry;

namespace Tracker.Storage.Runs;

/// <summary>
/// Repairs what no transaction could keep together: rows that contradict each other, or runs that are recorded one way and held by the job
/// engine another, after a restored backup, a hand in the database, a host that died between two steps, or a fault of ours. Every repair
/// is a line of the log and an event of its run.
/// </summary>
internal sealed partial class RunReconciler(TrackerDatabase database, RunRepairs repairs, IRunQueue queue, ILogger<RunReconciler> logger)
{
    /// <summary>How long the process that repairs may take; then others may, too. Each repair judges for itself and commits by itself.</summary>
    private const string Limit = "60s";

    /// <summary>What has just changed may still be on its way: a run that has ended is held until its handler returns, a host that ends lets go of its runs one by one.</summary>
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(10);

    /// <summary>A host begins what it was given within a second; much longer, and the engine does not hand it out.</summary>
    private static readonly TimeSpan s_unbegun = TimeSpan.FromMinutes(1);

    /// <summary>Repairs all that is wrong now; nothing while another process is at it.</summary>
    /// <returns>How many repairs were made.</returns>
    public Task<int> RepairAsync(CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var mine = await session.FirstAsync("SELECT pg_try_advisory_xact_lock(@lock)", r => r.GetBoolean(0), ("lock", AdvisoryLocks.Repair));
        if (!mine) return 0;
        await session.ExecuteAsync($"SET LOCAL idle_in_transaction_session_timeout = '{Limit}'");
        var repaired = 0;
        foreach (var disagreement in repairs.All) repaired += await RepairAsync(disagreement, cancellationToken);
        return repaired + await RepairSuperfluousAsync(cancellationToken) + await ForgetOwnersAsync(cancellationToken);
    }, cancellationToken);

    private async Task<int> RepairAsync(Disagreement disagreement, CancellationToken cancellationToken)
    {
        var found = await database.QueryAsync(
            $"SELECT r.id FROM runs r WHERE NOT r.external AND ({disagreement.Condition}) ORDER BY r.id", r => r.GetInt64(0), cancellationToken, await ParametersAsync(disagreement, cancellationToken));
        var repaired = 0;
        foreach (var runId in found)
        {
            if (await TryAsync(runId, session => RepairAsync(session, disagreement, runId), cancellationToken)) repaired++;
        }
        return repaired;
    }

    /// <summary>A run that cannot be repaired does not keep the others from it.</summary>
    private async Task<bool> TryAsync(long runId, Func<DbSession, Task<bool>> repair, CancellationToken cancellationToken)
    {
        try
        {
            return await database.TransactAsync(repair, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && !TransientErrors.IsTransient(e))
        {
            LogUnrepaired(logger, runId, e);
            return false;
        }
    }

    /// <summary>While the run is locked it cannot change, so that it can be judged once more: it may have been on its way before.</summary>
    private async Task<bool> RepairAsync(DbSession session, Disagreement disagreement, long runId)
    {
        if (await LockedRun.LockAsync(session, runId) is not { } run) return false;
        var wrong = await session.FirstAsync(
            $"SELECT coalesce(({disagreement.Condition}), false) FROM runs r WHERE r.id = @run", r => r.GetBoolean(0),
            [("run", runId), .. await ParametersAsync(disagreement, session.CancellationToken)]);
        if (!wrong) return false;
        LogRepair(logger, runId, run.Attempt, disagreement.Name);
        SchedulingMetrics.Recovered(session, Recovery.Repaired);
        await session.RecordAsync(runId, run.Attempt == 0 ? null : (int?)run.Attempt, EventLevel.Warning, $"Repaired: {disagreement.Name}");
        await disagreement.RepairAsync(session, run);
        session.Changed(ChangeKind.Run, runId, run.SweepId);
        session.Changed(ChangeKind.Queue, 0);
        return true;
    }

    private async Task<(string Name, object? Value)[]> ParametersAsync(Disagreement disagreement, CancellationToken cancellationToken) =>
    [
        ("settled", s_settled), ("longest", RunRepairs.LongestWait), ("unbegun", s_unbegun), ("lost", HostView.LostAfter),
        ("held", disagreement.WithEngine ? (await queue.HeldRunsAsync(cancellationToken)).ToArray() : Array.Empty<long>()),
    ];

    /// <summary>Runs that the engine knows although they have no device: over, held by a user, waiting, or deleted.</summary>
    private async Task<int> RepairSuperfluousAsync(CancellationToken cancellationToken)
    {
        var known = await queue.KnownRunsAsync(cancellationToken);
        var found = await database.QueryAsync(
            """
            SELECT k.id FROM unnest(@known) AS k(id) LEFT JOIN runs r ON r.id = k.id
            WHERE r.id IS NULL OR (NOT r.assigned AND r.state_since < now() - @settled)
            """,
            r => r.GetInt64(0), cancellationToken, ("known", known.ToArray()), ("settled", s_settled));
        var repaired = 0;
        foreach (var runId in found)
        {
            if (await TryAsync(runId, session => TakeOutAsync(session, runId), cancellationToken)) repaired++;
        }
        return repaired;
    }

    private async Task<bool> TakeOutAsync(DbSession session, long runId)
    {
        var run = await LockedRun.LockAsync(session, runId);
        if (run is { Assigned: true }) return false;
        // It may just have been taken out in the ordinary way.
        if (!(await queue.KnownRunsAsync(session.CancellationToken)).Contains(runId)) return false;
        LogSuperfluous(logger, runId, run?.Attempt ?? 0);
        SchedulingMetrics.Recovered(session, Recovery.Repaired);
        if (run is not null) await session.RecordAsync(runId, null, EventLevel.Warning, "Repaired: the job engine still held this run; it was taken out.");
        await queue.RemoveAsync(session.Connection, session.Transaction, [runId], session.CancellationToken);
        return true;
    }

    /// <summary>What users have used of devices is of no meaning when they are gone.</summary>
    private async Task<int> ForgetOwnersAsync(CancellationToken cancellationToken)
    {
        var forgotten = await database.TransactAsync(session => session.QueryAsync(
            "DELETE FROM device_usage d WHERE owner_id <> 0 AND NOT EXISTS (SELECT FROM users u WHERE u.id = d.owner_id) RETURNING owner_id", r => r.GetInt64(0)), cancellationToken);
        foreach (var owner in forgotten) LogForgotten(logger, owner);
        return forgotten.Count;
    }

    [LoggerMessage(1, LogLevel.Warning, "Run {RunId}, attempt {Attempt} repaired: {Fault}")]
    private static partial void LogRepair(ILogger logger, long runId, int attempt, string fault);

    [LoggerMessage(2, LogLevel.Warning, "Run {RunId}, attempt {Attempt} repaired: the job engine held it, although it is not to be trained; it is taken out.")]
    private static partial void LogSuperfluous(ILogger logger, long runId, int attempt);

    [LoggerMessage(4, LogLevel.Error, "Run {RunId} could not be repaired.")]
    private static partial void LogUnrepaired(ILogger logger, long runId, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "The device time of user {UserId}, who is deleted, is forgotten.")]
    private static partial void LogForgotten(ILogger logger, long userId);
}
