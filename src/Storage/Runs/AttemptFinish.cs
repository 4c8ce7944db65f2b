using System.Globalization;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Scheduling;
using Tracker.Storage.Telemetry;

namespace Tracker.Storage.Runs;

/// <summary>Ends attempts and moves their runs on.</summary>
internal sealed class AttemptFinish(EngineExit exit, RetryPolicy retries)
{
    public async Task<RunState> EndAsync(DbSession session, long runId, int attempt, AttemptEnd end)
    {
        if (await LockedRun.LockAsync(session, runId) is not { } run) return RunState.Cancelled;
        if (run.Attempt != attempt) return run.State;
        if (run.State == RunState.Succeeded) await NoteExitAsync(session, run, end);
        if (!run.State.IsActive())
        {
            if (run.State.IsFinal()) await exit.RemoveAsync(session, [runId]);
            return run.State;
        }
        await CloseAsync(session, runId, attempt, Recorded(end), end.Reason, end);
        var state = await MoveOnAsync(session, run, end);
        await exit.RemoveAsync(session, [runId]);
        return state;
    }

    /// <summary>Records the end of the run's present attempt, and the device time that it took, if that has not been recorded.</summary>
    public static async Task CloseAsync(DbSession session, long runId, int attempt, AttemptOutcome outcome, string? reason, AttemptEnd? end = null)
    {
        var closed = await session.ExecuteAsync(
            """
            UPDATE attempts SET ended_at = now(), outcome = @outcome, reason = @reason, exit_code = @exit, signal = @signal, failure_kind = @failure,
              last_step = (SELECT step FROM runs WHERE id = @run)
            WHERE run_id = @run AND attempt = @attempt AND ended_at IS NULL
            """,
            ("outcome", outcome.ToString()), ("reason", reason), ("exit", end?.ExitCode), ("signal", end?.Signal), ("failure", end?.Failure?.ToString()),
            ("run", runId), ("attempt", attempt));
        if (closed == 0) return;
        await DeviceUsage.AddAsync(session, runId, attempt);
        SchedulingMetrics.Ended(session, outcome, end?.Failure);
    }

    private static async Task NoteExitAsync(DbSession session, LockedRun run, AttemptEnd end) => await session.ExecuteAsync(
        "UPDATE attempts SET exit_code = @exit, signal = @signal WHERE run_id = @run AND attempt = @attempt",
        ("exit", end.ExitCode), ("signal", end.Signal), ("run", run.Id), ("attempt", run.Attempt));

    /// <summary>A child that claims success without having recorded a result has failed.</summary>
    private static AttemptOutcome Recorded(AttemptEnd end) => end.Outcome == AttemptOutcome.Succeeded ? AttemptOutcome.Failed : end.Outcome;

    private Task<RunState> MoveOnAsync(DbSession session, LockedRun run, AttemptEnd end) => end.Outcome switch
    {
        // A cancelled wish cannot be taken back; a pause can, and then the run goes on as if it had never been paused.
        _ when run.Wish == RunWish.Cancel || end.Outcome == AttemptOutcome.Cancelled => EnterAsync(session, run, RunState.Cancelled, "Cancelled."),
        AttemptOutcome.Lost when end.Failure == FailureKind.HostLost => FailAsync(session, run, end),
        AttemptOutcome.Paused or AttemptOutcome.Drained or AttemptOutcome.Lost when run.Wish == RunWish.Pause => EnterAsync(session, run, RunState.Paused, "Paused."),
        AttemptOutcome.Paused => QueueAsync(session, run, "Goes on: the pause was taken back."),
        AttemptOutcome.Drained => QueueAsync(session, run, "Back in the queue: the host drains."),
        AttemptOutcome.Lost => QueueAsync(session, run, $"{end.Reason ?? "The host let go of it."} Back in the queue."),
        _ => FailAsync(session, run, end),
    };

    private static async Task<RunState> EnterAsync(DbSession session, LockedRun run, RunState state, string message)
    {
        await RunTransition.EnterAsync(session, [run.Id], state);
        await session.RecordAsync(run.Id, run.Attempt, EventLevel.Info, message);
        return state;
    }

    private static async Task<RunState> QueueAsync(DbSession session, LockedRun run, string message)
    {
        await RunTransition.QueueAgainAsync(session, run.Id, TimeSpan.Zero, run.Setbacks);
        await session.RecordAsync(run.Id, run.Attempt, EventLevel.Info, message);
        return RunState.Queued;
    }

    private async Task<RunState> FailAsync(DbSession session, LockedRun run, AttemptEnd end)
    {
        var kind = end.Failure ?? FailureKind.Crashed;
        var setbacks = With(run.Setbacks, kind);
        var decision = retries.After(kind, kind == FailureKind.HostLost ? setbacks.HostLosses : setbacks.Crashes);
        if (!decision.Retry)
        {
            var reason = decision.Quarantine ? await QuarantineReasonAsync(session, run.Id, setbacks.HostLosses) : ReasonOf(end);
            await RunTransition.FailAsync(session, run.Id, kind, reason, setbacks, decision.Quarantine);
            await session.RecordAsync(run.Id, run.Attempt, EventLevel.Error, kind.FirstLine(reason));
            return RunState.Failed;
        }
        var delay = decision.Delay > TimeSpan.Zero ? $" in {decision.Delay.TotalSeconds:0.#} s" : "";
        await session.RecordAsync(run.Id, run.Attempt, EventLevel.Warning, $"{kind.FirstLine(ReasonOf(end))} Another attempt follows{delay}.");
        if (run.Wish == RunWish.Pause) return await EnterAsync(session, run, RunState.Paused, "Paused.");
        await RunTransition.QueueAgainAsync(session, run.Id, decision.Delay, setbacks);
        return RunState.Queued;
    }

    private static string ReasonOf(AttemptEnd end) => end.Reason ?? "the process ended without a result.";

    private static Setbacks With(Setbacks before, FailureKind kind) => kind switch
    {
        FailureKind.Crashed or FailureKind.Killed => before with { Crashes = before.Crashes + 1 },
        FailureKind.HostLost => before with { HostLosses = before.HostLosses + 1 },
        _ => before,
    };

    /// <summary>Names the hosts and when they were given up, so that people can look what else happened there.</summary>
    private static async Task<string> QuarantineReasonAsync(DbSession session, long runId, int losses)
    {
        var hosts = await session.QueryAsync(
            """
            SELECT h.name, a.ended_at FROM attempts a JOIN hosts h ON h.id = a.host_id
            WHERE a.run_id = @run AND a.failure_kind = 'HostLost' ORDER BY a.attempt DESC LIMIT @losses
            """,
            r => (Name: r.GetString(0), At: r.GetFieldValue<DateTimeOffset>(1)), ("run", runId), ("losses", losses));
        hosts.Reverse();
        var named = string.Join(", ", hosts.Select(h => string.Create(CultureInfo.InvariantCulture, $"'{h.Name}' at {h.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}")));
        return $"{losses} times in a row a host vanished while it held this run ({named} UTC). It is quarantined until somebody retries it.";
    }
}
