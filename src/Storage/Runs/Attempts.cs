using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Hosts;
using Tracker.Storage.Metrics;
using Tracker.Storage.Model;
using Tracker.Storage.Scheduling;
using Tracker.Storage.Telemetry;

namespace Tracker.Storage.Runs;

/// <inheritdoc cref="IAttempts" />
internal sealed class Attempts(TrackerDatabase database, AttemptStart start, AttemptFinish finish, OwnHosts own) : IAttempts
{
    private static readonly string[] s_active = RunTransition.Names(Enum.GetValues<RunState>().Where(s => s.IsActive()));

    /// <summary>Children do not outlive their attempt by more than moments; a day is for machines that were asleep.</summary>
    private static readonly TimeSpan s_lately = TimeSpan.FromDays(1);

    /// <summary>Time to let go of everything after the result is recorded, also for a large network on a busy machine.</summary>
    private static readonly TimeSpan s_exit = TimeSpan.FromSeconds(15);

    public Task<StartedAttempt?> BeginAsync(long runId, long hostId, CancellationToken cancellationToken) =>
        database.TransactAsync(session => start.BeginAsync(session, runId, hostId), cancellationToken);

    public Task<RunState> EndAsync(long runId, int attempt, AttemptEnd end, CancellationToken cancellationToken) =>
        database.TransactAsync(session => finish.EndAsync(session, runId, attempt, end), cancellationToken);

    public Task ChildStartedAsync(long runId, int attempt, ProcessIdentity process, CancellationToken cancellationToken) => database.WriteAsync(async session =>
    {
        // Running is among the sources so that a call repeated after a lost answer is no error.
        await GuardedAsync(
            session, runId, attempt, "state = 'Running', state_since = CASE state WHEN 'Running' THEN state_since ELSE now() END",
            [.. RunTransitions.SourcesOf(RunState.Running), RunState.Running]);
        await session.ExecuteAsync(
            "UPDATE attempts SET process_id = @process, process_started = @ticks WHERE run_id = @run AND attempt = @attempt",
            ("process", process.Id), ("ticks", process.StartTicks), ("run", runId), ("attempt", attempt));
    }, cancellationToken);

    public Task DiscardCheckpointAsync(long runId, int attempt, string reason, CancellationToken cancellationToken) => database.WriteAsync(async session =>
    {
        await GuardedAsync(session, runId, attempt, "checkpoint = NULL, progress = NULL, step = 0", [RunState.Starting, RunState.Running]);
        await SeriesUpkeep.ForgetAsync(session, runId);
        await session.ExecuteAsync(
            "UPDATE attempts SET first_step = 0 WHERE run_id = @run AND attempt = @attempt", ("run", runId), ("attempt", attempt));
        await session.RecordAsync(runId, attempt, EventLevel.Warning, $"The checkpoint cannot be used, so the run starts from scratch: {reason}");
    }, cancellationToken);

    public Task SucceedAsync(long runId, int attempt, RunResult result, CancellationToken cancellationToken) => database.WriteAsync(async session =>
    {
        ArgumentNullException.ThrowIfNull(result);
        // A call that is repeated after a lost answer is no error; the lock has it wait for the first one, if that is still going on.
        if (await LockedRun.LockAsync(session, runId) is { State: RunState.Succeeded } run && run.Attempt == attempt) return;
        await GuardedAsync(
            session, runId, attempt,
            """
            state = 'Succeeded', state_since = now(), finished_at = now(), wish = 'None', assigned = false, host_losses = 0,
            result = @result::jsonb, final_accuracy = @final, best_accuracy = @best, selected_accuracy = @selected, samples_per_second = @rate, step = @step, crashes = 0
            """,
            RunTransitions.SourcesOf(RunState.Succeeded),
            ("result", Json.Write(result)), ("final", result.FinalValidationAccuracy), ("best", result.BestValidationAccuracy), ("selected", result.SelectedAccuracy),
            ("rate", result.SamplesPerSecond), ("step", result.Steps));
        await AttemptFinish.CloseAsync(session, runId, attempt, AttemptOutcome.Succeeded, reason: null);
        await RunRates.AddAsync(session, runId);
        await session.RecordAsync(runId, attempt, EventLevel.Info, $"Finished with {100 * result.SelectedAccuracy:0.00} % {(result.Selected?.Set == SelectedResult.TestSet ? "test" : "validation")} accuracy.");
    }, cancellationToken);

    public Task<IReadOnlyList<HeldAttempt>> HeldAsync(long hostId, CancellationToken cancellationToken) => database.TransactAsync<IReadOnlyList<HeldAttempt>>(async session =>
    {
        // What is read before the name is checked began before another process had it, if this one still has it then.
        var held = await session.QueryAsync(
            """
            SELECT r.id, r.attempt, a.process_id, a.process_started
            FROM runs r JOIN attempts a ON a.run_id = r.id AND a.attempt = r.attempt
            WHERE r.host_id = @host AND r.assigned AND r.state = ANY(@active)
            """,
            ReadHeld, ("host", hostId), ("active", s_active));
        return await own.IsOwnAsync(session, hostId) ? held : [];
    }, cancellationToken);

    public async Task<bool> IsLeavingAsync(long runId, int attempt, CancellationToken cancellationToken) => (await database.QueryAsync(
        "SELECT 1 FROM attempts WHERE run_id = @run AND attempt = @attempt AND outcome = 'Succeeded' AND ended_at > now() - @exit",
        r => r.GetInt32(0), cancellationToken, ("run", runId), ("attempt", attempt), ("exit", s_exit))).Count > 0;

    public async Task<IReadOnlyList<HeldAttempt>> EndedAsync(long hostId, CancellationToken cancellationToken) => await database.QueryAsync(
        """
        SELECT run_id, attempt, process_id, process_started FROM attempts
        WHERE host_id = @host AND ended_at > now() - @lately AND process_started IS NOT NULL
        """,
        ReadHeld, cancellationToken, ("host", hostId), ("lately", s_lately));

    public Task NoteOrphanAsync(long runId, int attempt, string message, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var sweepId = await session.FirstAsync<long?>("SELECT sweep_id FROM runs WHERE id = @run", r => r.GetInt64(0), ("run", runId));
        if (sweepId is null) return;
        await session.RecordAsync(runId, attempt, EventLevel.Warning, message);
        SchedulingMetrics.Recovered(session, Recovery.Orphaned);
        session.Changed(ChangeKind.Run, runId, sweepId);
    }, cancellationToken);

    public async Task<IReadOnlyDictionary<long, RunWish>> WishesAsync(long hostId, CancellationToken cancellationToken)
    {
        var wishes = await database.QueryAsync(
            "SELECT id, wish FROM runs WHERE host_id = @host AND state = ANY(@active)",
            r => (Id: r.GetInt64(0), Wish: r.GetEnum<RunWish>(1)), cancellationToken, ("host", hostId), ("active", s_active));
        return wishes.ToDictionary(w => w.Id, w => w.Wish);
    }

    private static HeldAttempt ReadHeld(NpgsqlDataReader r) =>
        new(r.GetInt64(0), r.GetInt32(1), r.GetNullable<int>(2) is { } id && r.GetNullable<long>(3) is { } ticks ? new(id, ticks) : null);

    private static async Task GuardedAsync(
        DbSession session, long runId, int attempt, string assignments, IReadOnlyList<RunState> sources, params (string Name, object? Value)[] parameters)
    {
        var sweepId = await session.FirstAsync<long?>(
            $"UPDATE runs SET {assignments} WHERE id = @run AND attempt = @attempt AND state = ANY(@sources) RETURNING sweep_id",
            r => r.GetInt64(0),
            [("run", runId), ("attempt", attempt), ("sources", RunTransition.Names(sources)), .. parameters]);
        if (sweepId is null) throw new FencedException(runId, attempt);
        session.Changed(ChangeKind.Run, runId, sweepId);
    }
}
