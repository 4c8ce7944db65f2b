using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Runs;

/// <summary>Puts runs back that the job engine handed out but that nobody began.</summary>
internal sealed class RunReturn(TrackerDatabase database, QueueRelease release)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>Returns the run, when it is still queued, to its place. Waits for the database if it is away.</summary>
    public async Task ReturnAsync(long runId, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await database.TransactAsync(session => ReturnAsync(session, runId), cancellationToken);
                return;
            }
            catch (Exception e) when (TransientErrors.IsTransient(e))
            {
                await Task.Delay(s_pause, cancellationToken);
            }
        }
    }

    private async Task ReturnAsync(DbSession session, long runId)
    {
        if (await LockedRun.LockAsync(session, runId) is not { State: RunState.Queued } run) return;
        await session.ExecuteAsync("UPDATE runs SET released = false WHERE id = @run", ("run", runId));
        await release.FillAsync(session, run.SweepId);
    }
}
