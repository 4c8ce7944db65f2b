using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Runs;

/// <summary>What has gone wrong with a run since it last recorded a checkpoint.</summary>
/// <param name="Crashes">How often its process crashed or was killed.</param>
/// <param name="HostLosses">How many hosts vanished while they held it.</param>
internal readonly record struct Setbacks(int Crashes, int HostLosses);

/// <summary>The guarded updates that move runs from state to state.</summary>
internal static class RunTransition
{
    /// <summary>Enters a state in which no host holds the run and nothing has failed.</summary>
    public static Task<IReadOnlyList<long>> EnterAsync(DbSession session, IReadOnlyList<long> runIds, RunState state) => UpdateAsync(
        session, runIds, state,
        """
        wish = 'None', assigned = false, not_before = NULL, host_id = NULL, device_name = NULL,
        failure_kind = NULL, failure_reason = NULL, finished_at = CASE WHEN @final THEN now() END
        """,
        ("final", state.IsFinal()));

    /// <summary>Back into the queue by a user's wish: at its end, with a fresh allowance of crashes and lost hosts.</summary>
    public static Task<IReadOnlyList<long>> QueueAnewAsync(DbSession session, IReadOnlyList<long> runIds) => UpdateAsync(
        session, runIds, RunState.Queued,
        """
        wish = 'None', assigned = false, not_before = NULL, host_id = NULL, device_name = NULL, crashes = 0, host_losses = 0,
        quarantined = false, failure_kind = NULL, failure_reason = NULL, finished_at = NULL, queue_position = nextval('queue_positions')
        """);

    /// <summary>Back into the queue by the system: to its former place, after <paramref name="delay"/>.</summary>
    public static Task<IReadOnlyList<long>> QueueAgainAsync(DbSession session, long runId, TimeSpan delay, Setbacks setbacks) => UpdateAsync(
        session, [runId], RunState.Queued,
        """
        assigned = false, not_before = CASE WHEN @delay > interval '0' THEN now() + @delay END,
        host_id = NULL, device_name = NULL, crashes = @crashes, host_losses = @losses
        """,
        ("delay", delay), ("crashes", setbacks.Crashes), ("losses", setbacks.HostLosses));

    /// <summary>The end without a result.</summary>
    public static Task<IReadOnlyList<long>> FailAsync(
        DbSession session, long runId, FailureKind kind, string reason, Setbacks setbacks, bool quarantined = false) => UpdateAsync(
        session, [runId], RunState.Failed,
        """
        wish = 'None', assigned = false, not_before = NULL, host_id = NULL, device_name = NULL, crashes = @crashes, host_losses = @losses,
        quarantined = @quarantined, failure_kind = @kind, failure_reason = @reason, finished_at = now()
        """,
        ("kind", kind.ToString()), ("reason", reason), ("crashes", setbacks.Crashes), ("losses", setbacks.HostLosses), ("quarantined", quarantined));

    private static async Task<IReadOnlyList<long>> UpdateAsync(
        DbSession session, IReadOnlyList<long> runIds, RunState state, string assignments, params (string Name, object? Value)[] parameters)
    {
        if (runIds.Count == 0) return [];
        var changed = await session.QueryAsync(
            $"""
             UPDATE runs SET state = @state, state_since = now(), {assignments}
             WHERE id = ANY(@ids) AND state = ANY(@sources)
             RETURNING id, sweep_id
             """,
            r => (Id: r.GetInt64(0), SweepId: r.GetInt64(1)),
            [("state", state.ToString()), ("ids", runIds.ToArray()), ("sources", Names(RunTransitions.SourcesOf(state))), .. parameters]);
        foreach (var (id, sweepId) in changed) session.Changed(ChangeKind.Run, id, sweepId);
        return [.. changed.Select(c => c.Id)];
    }

    public static string[] Names(IEnumerable<RunState> states) => [.. states.Select(s => s.ToString())];
}
