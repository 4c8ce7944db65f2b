using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Scheduling;

namespace Tracker.Storage.Runs;

/// <summary>Puts runs back that the job engine handed out but that their host did not begin.</summary>
internal sealed class RunReturn(TrackerDatabase database, EngineExit exit)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>Returns the run, when it is still queued, to its place. Waits for the database if it is away.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="host">The host's name. A run that has been given to another one meanwhile stays there.</param>
    /// <param name="delay">How long it is held back, so that what fails at once does not go round and round.</param>
    /// <param name="cancellationToken">Ends the wait; the reconciler then finds the run.</param>
    public async Task ReturnAsync(long runId, string host, TimeSpan delay, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await database.TransactAsync(session => ReturnAsync(session, runId, host, delay), cancellationToken);
                return;
            }
            catch (Exception e) when (TransientErrors.IsTransient(e))
            {
                await Task.Delay(s_pause, cancellationToken);
            }
        }
    }

    private async Task ReturnAsync(DbSession session, long runId, string host, TimeSpan delay)
    {
        if (await LockedRun.LockAsync(session, runId) is not { State: RunState.Queued, Assigned: true } run) return;
        var returned = await session.ExecuteAsync(
            """
            UPDATE runs SET assigned = false, host_id = NULL, device_name = NULL, not_before = CASE WHEN @delay > interval '0' THEN now() + @delay END
            WHERE id = @run AND host_id = (SELECT id FROM hosts WHERE name = @host)
            """,
            ("delay", delay), ("run", runId), ("host", host));
        if (returned == 0) return;
        await exit.RemoveAsync(session, [runId]);
        session.Changed(ChangeKind.Run, runId, run.SweepId);
    }
}
