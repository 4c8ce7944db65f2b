using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Hosts;
using Tracker.Storage.Metrics;
using Tracker.Storage.Model;
using Tracker.Storage.Scheduling;
using Tracker.Storage.Telemetry;

namespace Tracker.Storage.Runs;

/// <summary>Starts attempts.</summary>
internal sealed class AttemptStart(EngineExit exit, AttemptFinish finish, OwnHosts own)
{
    public async Task<StartedAttempt?> BeginAsync(DbSession session, long runId, long hostId)
    {
        // It has no device any more, or is gone: mostly its host died after it had ended and before it was taken out, and the engine hands it out again.
        if (await LockedRun.LockAsync(session, runId) is not { Assigned: true } run)
        {
            await exit.RemoveAsync(session, [runId]);
            return null;
        }
        if (run.HostId != hostId || !await own.IsOwnAsync(session, hostId)) return null;
        if (run.State.IsActive())
        {
            await finish.EndAsync(session, runId, run.Attempt, new(
                AttemptOutcome.Lost, ExitCode: null, Signal: null, "It was begun, but no process of the host holds it."));
            SchedulingMetrics.Recovered(session, Recovery.HostRestarted);
            return null;
        }
        if (run.State != RunState.Queued) return null;
        if (run.Wish == RunWish.None && await ReadSpecAsync(session, run) is { } spec) return await StartAsync(session, run, spec, hostId);
        if (run.Wish != RunWish.None) await CarryOutAsync(session, run);
        await exit.RemoveAsync(session, [runId]);
        return null;
    }

    /// <summary>Reads the specification; a run whose specification this version no longer accepts has failed.</summary>
    private static async Task<RunSpec?> ReadSpecAsync(DbSession session, LockedRun run)
    {
        var json = await session.FirstAsync("SELECT spec FROM runs WHERE id = @run", r => r.GetString(0), ("run", run.Id));
        try
        {
            return SpecReader.ReadRun(json!);
        }
        catch (SpecificationException e)
        {
            await RunTransition.FailAsync(session, run.Id, FailureKind.BadSpecification, e.Message, run.Setbacks);
            await session.RecordAsync(run.Id, null, EventLevel.Error, $"This version does not accept the specification: {e.Message}");
            return null;
        }
    }

    private static async Task CarryOutAsync(DbSession session, LockedRun run)
    {
        var state = run.Wish == RunWish.Cancel ? RunState.Cancelled : RunState.Paused;
        await RunTransition.EnterAsync(session, [run.Id], state);
        await session.RecordAsync(run.Id, null, EventLevel.Info, state == RunState.Cancelled ? "Cancelled." : "Paused.");
    }

    private static async Task<StartedAttempt> StartAsync(DbSession session, LockedRun run, RunSpec spec, long hostId)
    {
        var firstStep = run.Checkpoint?.Step ?? 0;
        var attempt = run.Attempt + 1;
        var started = await session.ExecuteAsync(
            """
            UPDATE runs SET state = 'Starting', state_since = now(), attempt = @attempt, flush_seq = 0, not_before = NULL,
              started_at = coalesce(started_at, now()), step = @step, progress = @progress::jsonb
            WHERE id = @run AND state = ANY(@sources)
            """,
            ("attempt", attempt), ("step", firstStep), ("progress", Json.WriteOrNull(ProgressAt(run, firstStep))), ("run", run.Id),
            ("sources", RunTransition.Names(RunTransitions.SourcesOf(RunState.Starting))));
        if (started == 0) throw new InvalidOperationException($"Run {run.Id} is locked in state {run.State} but could not be started.");
        await InsertAsync(session, run.Id, attempt, hostId, firstStep);
        await DeleteLaterPointsAsync(session, run);
        await session.RecordAsync(run.Id, attempt, EventLevel.Info, firstStep == 0 ? $"Started on {run.Device}." : $"Resumed on {run.Device} from step {firstStep}.");
        session.Changed(ChangeKind.Run, run.Id, run.SweepId);
        SchedulingMetrics.Started(session, run.Device!, run.InState);
        return new(run.Id, attempt, spec, run.Checkpoint, run.Device!);
    }

    /// <summary>Records the attempt with its part of the device, and whether it is alone there; of what went before nothing counts when it starts from scratch.</summary>
    private static async Task InsertAsync(DbSession session, long runId, int attempt, long hostId, long firstStep) => await session.ExecuteAsync(
        """
        WITH place AS (
          SELECT r.device_name, r.timing,
            EXISTS (SELECT FROM runs o WHERE o.host_id IN (SELECT hosts_of_machine(@host)) AND o.assigned AND o.device_name = r.device_name AND o.id <> r.id) AS shared,
            (SELECT max((d->>'slots')::integer) FROM hosts h CROSS JOIN jsonb_array_elements(h.devices) AS d
             WHERE h.id = @host AND d->>'name' = r.device_name) AS slots
          FROM runs r WHERE r.id = @run
        ), marked AS (
          UPDATE runs r SET shared = place.shared OR (r.shared AND @step > 0) FROM place WHERE r.id = @run
        )
        INSERT INTO attempts (run_id, attempt, host_id, device, first_step, last_step, share, shared)
        SELECT @run, @attempt, @host, device_name, @step, @step, CASE WHEN timing THEN 1 ELSE 1.0 / greatest(coalesce(slots, 1), 1) END, shared FROM place
        """,
        ("run", runId), ("attempt", attempt), ("host", hostId), ("step", firstStep));

    /// <summary>
    /// The points that an earlier attempt recorded beyond its checkpoint will come again; without a checkpoint all will. So will the
    /// validation metrics of the checkpoint's own step, when it lies before their evaluation.
    /// </summary>
    private static Task<int> DeleteLaterPointsAsync(DbSession session, LockedRun run) => run.Checkpoint is { } checkpoint
        ? SeriesUpkeep.ForgetAsync(session, run.Id, checkpoint.Step + 1, checkpoint.AwaitsEvaluation() ? checkpoint.Step : checkpoint.Step + 1)
        : SeriesUpkeep.ForgetAsync(session, run.Id);

    /// <summary>How far the run is after it went back to its checkpoint; what was measured beyond it no longer holds.</summary>
    private static RunProgress? ProgressAt(LockedRun run, long step) =>
        run.Checkpoint is null || run.Progress is not { } progress ? null
        : progress.Step == step ? progress with { EtaSeconds = null }
        : progress with
        {
            Step = step, Epoch = progress.TotalEpochs * step / progress.TotalSteps, EtaSeconds = null,
            TrainLoss = null, ValidationAccuracy = null, BestValidationAccuracy = null,
        };
}
