using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Telemetry;

namespace Tracker.Storage.Runs;

/// <summary>Writes of attempts, which are refused when the attempt is over.</summary>
internal static class AttemptWrites
{
    /// <summary>Does a write in one transaction. When it is refused, that is counted at the attempt: a process did not know that it was replaced.</summary>
    /// <exception cref="FencedException">The attempt is over.</exception>
    public static async Task<T> WriteAsync<T>(this TrackerDatabase database, Func<DbSession, Task<T>> write, CancellationToken cancellationToken)
    {
        try
        {
            return await database.TransactAsync(write, cancellationToken);
        }
        catch (FencedException refused)
        {
            SchedulingMetrics.Refused();
            await CountAsync(database, refused, cancellationToken);
            throw;
        }
    }

    /// <inheritdoc cref="WriteAsync{T}" />
    public static Task WriteAsync(this TrackerDatabase database, Func<DbSession, Task> write, CancellationToken cancellationToken) =>
        database.WriteAsync(async session =>
        {
            await write(session);
            return true;
        }, cancellationToken);

    private static async Task CountAsync(TrackerDatabase database, FencedException refused, CancellationToken cancellationToken)
    {
        try
        {
            await database.TransactAsync(session => CountAsync(session, refused.RunId, refused.Attempt), cancellationToken);
        }
        catch (Exception e) when (TransientErrors.IsTransient(e))
        {
            // The count is for people. That the writer learns of the refusal now, and not after an outage, is what keeps the run's data clean.
        }
    }

    private static async Task CountAsync(DbSession session, long runId, int attempt)
    {
        if (await LockedRun.LockAsync(session, runId) is not { } run) return;
        var refused = await session.FirstAsync<int?>(
            "UPDATE attempts SET refused_writes = refused_writes + 1 WHERE run_id = @run AND attempt = @attempt RETURNING refused_writes",
            r => r.GetInt32(0), ("run", runId), ("attempt", attempt));
        if (refused == 1) await session.RecordAsync(runId, attempt, EventLevel.Warning, $"A write of attempt {attempt} was refused: it is over.");
        if (refused is not null) session.Changed(ChangeKind.Run, runId, run.SweepId);
    }
}
