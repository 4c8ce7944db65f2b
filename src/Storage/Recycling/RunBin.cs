using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Runs;
using Tracker.Storage.Scheduling;

namespace Tracker.Storage.Recycling;

/// <summary>Puts runs into the recycle bin, in the transaction of whoever deletes them.</summary>
internal sealed class RunBin(RunVerbs verbs, EngineExit exit)
{
    /// <summary>Longer than a host needs to record the end of a process.</summary>
    private static readonly TimeSpan s_return = TimeSpan.FromMinutes(1);

    /// <summary>Who puts things there.</summary>
    public static string Who => (Actor.Current ?? Actor.System).Name;

    /// <summary>Waits for sweeps that are being submitted and show these runs; later ones will not.</summary>
    public static Task<int> LockAsync(DbSession session, IReadOnlyList<LockedRun> runs) => session.ExecuteAsync(
        "SELECT FROM runs WHERE id = ANY(@runs) ORDER BY id FOR UPDATE", ("runs", runs.Select(r => r.Id).ToArray()));

    /// <summary>Cancels what waits or is paused, and puts all there. None of them may be held by a host.</summary>
    public async Task PutAsync(DbSession session, IReadOnlyList<LockedRun> runs)
    {
        if (runs.Count == 0) return;
        await LockAsync(session, runs);
        await verbs.StopAsync(session, [.. runs.Where(r => !r.External)]);
        await session.ExecuteAsync(
            "UPDATE runs SET deleted_at = now(), deleted_by = @who WHERE id = ANY(@runs)", ("who", Who), ("runs", runs.Select(r => r.Id).ToArray()));
        // One that has just succeeded is held until its handler returns.
        var held = runs.Where(r => r.State == RunState.Succeeded && r.InState < s_return && !r.External).Select(r => r.Id).ToList();
        if (held.Count > 0) await exit.RemoveAsync(session, held);
        foreach (var run in runs) session.Changed(ChangeKind.Run, run.Id, run.SweepId);
    }
}
