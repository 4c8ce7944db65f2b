using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;

namespace Tracker.Storage.Runs;

/// <summary>Starts attempts.</summary>
internal sealed class AttemptStart(QueueRelease release)
{
    public async Task<StartedAttempt?> BeginAsync(DbSession session, long runId, long hostId, string device)
    {
        if (await LockedRun.LockAsync(session, runId) is not { } run) return null;
        if (run.State.IsActive()) await LoseAsync(session, run);
        if (run.Wish != RunWish.None) await CarryOutAsync(session, run);
        if (run.Wish != RunWish.None || run.State is not (RunState.Queued or RunState.Starting or RunState.Running))
        {
            await release.RemoveAsync(session, run.SweepId, [runId]);
            return null;
        }
        if (await ReadSpecAsync(session, run) is { } spec) return await StartAsync(session, run, spec, hostId, device);
        await release.RemoveAsync(session, run.SweepId, [runId]);
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
            await RunTransition.FailAsync(session, run.Id, FailureKind.BadSpecification, e.Message, run.Crashes);
            await session.RecordAsync(run.Id, null, EventLevel.Error, $"This version does not accept the specification: {e.Message}");
            return null;
        }
    }

    /// <summary>The engine hands out a run that another attempt holds only when the host of that attempt is dead.</summary>
    private static async Task LoseAsync(DbSession session, LockedRun run)
    {
        await AttemptFinish.CloseAsync(session, run, AttemptOutcome.Lost, "The host vanished; another attempt took over.");
        await session.RecordAsync(run.Id, run.Attempt, EventLevel.Warning, "The host vanished; another attempt takes over.");
        await RunTransition.QueueAgainAsync(session, run.Id, TimeSpan.Zero, run.Crashes);
    }

    private static async Task CarryOutAsync(DbSession session, LockedRun run)
    {
        var state = run.Wish == RunWish.Cancel ? RunState.Cancelled : RunState.Paused;
        await RunTransition.EnterAsync(session, [run.Id], state);
        await session.RecordAsync(run.Id, null, EventLevel.Info, state == RunState.Cancelled ? "Cancelled." : "Paused.");
    }

    private static async Task<StartedAttempt> StartAsync(DbSession session, LockedRun run, RunSpec spec, long hostId, string device)
    {
        var firstStep = run.Checkpoint?.Step ?? 0;
        var attempt = run.Attempt + 1;
        var started = await session.ExecuteAsync(
            """
            UPDATE runs SET state = 'Starting', state_since = now(), attempt = @attempt, flush_seq = 0, host_id = @host, device_name = @device,
              assigned = true, not_before = NULL, started_at = coalesce(started_at, now()), step = @step, progress = @progress::jsonb
            WHERE id = @run AND state = ANY(@sources)
            """,
            ("attempt", attempt), ("host", hostId), ("device", device), ("step", firstStep),
            ("progress", Json.WriteOrNull(ProgressAt(run, firstStep))), ("run", run.Id),
            ("sources", RunTransition.Names(RunTransitions.SourcesOf(RunState.Starting))));
        if (started == 0) throw new InvalidOperationException($"Run {run.Id} is locked in state {run.State} but could not be started.");
        await session.ExecuteAsync(
            "INSERT INTO attempts (run_id, attempt, host_id, device, first_step, last_step) VALUES (@run, @attempt, @host, @device, @step, @step)",
            ("run", run.Id), ("attempt", attempt), ("host", hostId), ("device", device), ("step", firstStep));
        await DeleteLaterPointsAsync(session, run);
        await session.RecordAsync(run.Id, attempt, EventLevel.Info, firstStep == 0 ? $"Started on {device}." : $"Resumed on {device} from step {firstStep}.");
        session.Changed(ChangeKind.Run, run.Id, run.SweepId);
        return new(run.Id, attempt, spec, run.Checkpoint);
    }

    /// <summary>
    /// The points that an earlier attempt recorded beyond its checkpoint will come again; without a checkpoint all will. So will the
    /// validation metrics of the checkpoint's own step, when it lies before their evaluation.
    /// </summary>
    private static async Task DeleteLaterPointsAsync(DbSession session, LockedRun run) => await session.ExecuteAsync(
        """
        DELETE FROM metric_points WHERE run_id = @run AND (@step::bigint IS NULL OR step > @step::bigint
          OR (@unevaluated AND step = @step::bigint AND metric_id IN (SELECT id FROM metric_names WHERE name LIKE 'validation/%' OR name LIKE 'test/%')))
        """,
        ("run", run.Id), ("step", run.Checkpoint?.Step), ("unevaluated", run.Checkpoint?.AwaitsEvaluation() ?? false));

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
