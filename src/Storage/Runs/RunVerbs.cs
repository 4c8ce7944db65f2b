using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Scheduling;

namespace Tracker.Storage.Runs;

/// <summary>
/// What users do with runs. Each verb works on runs that are locked, so that it sees each in one state; runs that a host holds get
/// a wish, which the host carries out. Runs from outside are their programs' own: no verb changes them.
/// </summary>
internal sealed class RunVerbs(EngineExit exit)
{
    public async Task<VerbResult> PauseAsync(DbSession session, IReadOnlyList<LockedRun> runs)
    {
        var held = await RunTransition.EnterAsync(session, Ids(runs, r => r.State == RunState.Queued), RunState.Paused);
        var wished = await WishAsync(session, Ids(runs, r => r.State.IsActive() && r.Wish == RunWish.None), RunWish.Pause);
        await session.RecordAsync(held, "Paused.");
        await session.RecordAsync(wished, "Pause asked for.");
        await RemoveAsync(session, runs, held);
        return Result(runs, held, wished);
    }

    public static async Task<VerbResult> ResumeAsync(DbSession session, IReadOnlyList<LockedRun> runs)
    {
        var queued = await RunTransition.QueueAnewAsync(session, Ids(runs, r => r.State == RunState.Paused));
        var unwished = await WishAsync(session, Ids(runs, r => r.State.IsActive() && r.Wish == RunWish.Pause), RunWish.None);
        await session.RecordAsync(queued, "Resumed: back in the queue.");
        await session.RecordAsync(unwished, "The pause was taken back.");
        if (queued.Count > 0) session.Changed(ChangeKind.Queue, 0);
        return Result(runs, queued, unwished);
    }

    public async Task<VerbResult> StopAsync(DbSession session, IReadOnlyList<LockedRun> runs)
    {
        var stopped = await RunTransition.EnterAsync(session, Ids(runs, r => r.State is RunState.Queued or RunState.Paused), RunState.Cancelled);
        await session.RecordAsync(stopped, "Cancelled: stopped before it had begun, or while it was held.");
        await RemoveAsync(session, runs, stopped);
        return Result(runs, stopped, []);
    }

    public async Task<VerbResult> CancelAsync(DbSession session, IReadOnlyList<LockedRun> runs)
    {
        var ended = await RunTransition.EnterAsync(session, Ids(runs, r => r.State is RunState.Queued or RunState.Paused), RunState.Cancelled);
        var wished = await WishAsync(session, Ids(runs, r => r.State.IsActive() && r.Wish != RunWish.Cancel), RunWish.Cancel);
        await session.RecordAsync(ended, "Cancelled.");
        await session.RecordAsync(wished, "Cancel asked for.");
        await RemoveAsync(session, runs, ended);
        return Result(runs, ended, wished);
    }

    public static async Task<VerbResult> RetryAsync(DbSession session, IReadOnlyList<LockedRun> runs, RetryFrom from)
    {
        var queued = await RunTransition.QueueAnewAsync(session, Ids(runs, r => r.State is RunState.Failed or RunState.Cancelled));
        if (from == RetryFrom.Scratch) await ForgetAsync(session, [.. queued]);
        await session.RecordAsync(queued, from == RetryFrom.Scratch ? "Retried from scratch: back in the queue." : "Retried: back in the queue.");
        if (queued.Count > 0) session.Changed(ChangeKind.Queue, 0);
        return Result(runs, queued, []);
    }

    /// <summary>
    /// Drops all that former attempts achieved; what tells about these attempts themselves is kept. Their points go when the next one
    /// begins, as always without a checkpoint: those of a whole sweep would be millions to delete while its runs are locked.
    /// </summary>
    private static Task<int> ForgetAsync(DbSession session, long[] runIds) => session.ExecuteAsync(
        """
        UPDATE runs SET checkpoint = NULL, progress = NULL, step = 0, samples_per_second = NULL, shared = false, started_at = NULL
        WHERE id = ANY(@runs)
        """, ("runs", runIds));

    private static async Task<IReadOnlyList<long>> WishAsync(DbSession session, long[] runIds, RunWish wish)
    {
        if (runIds.Length == 0) return [];
        var changed = await session.QueryAsync(
            "UPDATE runs SET wish = @wish WHERE id = ANY(@ids) AND state IN ('Starting', 'Running') RETURNING id, sweep_id",
            r => (Id: r.GetInt64(0), SweepId: r.GetInt64(1)), ("wish", wish.ToString()), ("ids", runIds));
        foreach (var (id, sweepId) in changed)
        {
            session.Changed(ChangeKind.Wish, id, sweepId);
            session.Changed(ChangeKind.Run, id, sweepId);
        }
        return [.. changed.Select(c => c.Id)];
    }

    /// <summary>Takes out those that had a device, and tells hosts: those that had none may have stood before others.</summary>
    private async Task RemoveAsync(DbSession session, IReadOnlyList<LockedRun> runs, IReadOnlyList<long> removed)
    {
        if (removed.Count > 0) await exit.RemoveAsync(session, [.. runs.Where(r => r.Assigned).Select(r => r.Id).Intersect(removed)]);
    }

    private static long[] Ids(IReadOnlyList<LockedRun> runs, Func<LockedRun, bool> choose) => [.. runs.Where(r => !r.External && choose(r)).Select(r => r.Id)];

    private static VerbResult Result(IReadOnlyList<LockedRun> runs, IReadOnlyList<long> some, IReadOnlyList<long> others)
    {
        var changed = some.Count + others.Count;
        return new(changed, runs.Count - changed);
    }
}
