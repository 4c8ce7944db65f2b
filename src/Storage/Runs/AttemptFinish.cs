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
        AttemptOutcome.Paused or AttemptOutcome.Drained or AttemptOutcome.Lost when run.Wish == RunWish.Pause => EnterAsync(session, run, RunState.Paused, "Paused."),
        AttemptOutcome.Paused => QueueAsync(session, run, "Goes on: the pause was taken back."),
        AttemptOutcome.Drained => QueueAsync(session, run, "Back in the queue: the host drains."),
        AttemptOutcome.Lost => QueueAsync(session, run, $"{end.Reason ?? "The host vanished."} Back in the queue."),
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
        await RunTransition.QueueAgainAsync(session, run.Id, TimeSpan.Zero, run.Crashes);
        await session.RecordAsync(run.Id, run.Attempt, EventLevel.Info, message);
        return RunState.Queued;
    }

    private async Task<RunState> FailAsync(DbSession session, LockedRun run, AttemptEnd end)
    {
        var kind = end.Failure ?? FailureKind.Crashed;
        var reason = end.Reason ?? "The process ended without a result.";
        var crashes = kind is FailureKind.Crashed or FailureKind.Killed ? run.Crashes + 1 : run.Crashes;
        var decision = retries.After(kind, crashes);
        if (!decision.Retry)
        {
            await RunTransition.FailAsync(session, run.Id, kind, reason, crashes);
            await session.RecordAsync(run.Id, run.Attempt, EventLevel.Error, reason);
            return RunState.Failed;
        }
        await session.RecordAsync(run.Id, run.Attempt, EventLevel.Warning, $"{reason} Another attempt follows{(decision.Delay > TimeSpan.Zero ? $" in {decision.Delay.TotalSeconds:0.#} s" : "")}.");
        if (run.Wish == RunWish.Pause) return await EnterAsync(session, run, RunState.Paused, "Paused.");
        await RunTransition.QueueAgainAsync(session, run.Id, decision.Delay, crashes);
        return RunState.Queued;
    }
}
