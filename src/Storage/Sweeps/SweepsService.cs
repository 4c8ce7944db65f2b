using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Runs;
using Tracker.Storage.Scheduling;

namespace Tracker.Storage.Sweeps;

/// <inheritdoc cref="ISweeps" />
internal sealed class SweepsService(
    TrackerDatabase database, SweepPlanner planner, SweepReader reader, RunRates rates, RunVerbs verbs, EngineExit exit) : ISweeps
{
    private const string Noun = "sweep";

    /// <summary>Longer than a host needs to record the end of a process.</summary>
    private static readonly TimeSpan s_return = TimeSpan.FromMinutes(1);

    public Task<SweepPlan> PlanAsync(SweepSpec sweep, long? ownerId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        return planner.PlanAsync(sweep, ownerId, cancellationToken);
    }

    public async Task<long> SubmitAsync(SweepSpec sweep, long? ownerId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        var experiments = Experiment.Of(SweepExpander.Expand(sweep).Runs);
        var device = await planner.ResolveAsync(sweep, cancellationToken);
        var reused = await planner.FindReusableAsync(sweep, experiments, cancellationToken);
        var estimator = await rates.ReadAsync(cancellationToken);
        return await database.TransactAsync(async session =>
        {
            var id = await SweepSubmission.InsertAsync(session, sweep, experiments, reused, device, ownerId, estimator);
            await session.AuditAsync(new("sweep.submit", Noun, id, sweep.Name, After: new { Runs = experiments.Count, Reused = reused.Count, sweep.Priority }));
            return id;
        }, cancellationToken);
    }

    public Task<SweepView?> FindAsync(long sweepId, CancellationToken cancellationToken) => reader.FindAsync(sweepId, cancellationToken);

    public Task<IReadOnlyList<SweepView>> ListAsync(SweepSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        return reader.ListAsync(search, cancellationToken);
    }

    public Task<IReadOnlyList<string>> OwnersAsync(CancellationToken cancellationToken) => reader.OwnersAsync(cancellationToken);

    public Task<SweepDeletion?> DeletionAsync(long sweepId, CancellationToken cancellationToken) => reader.DeletionAsync(sweepId, cancellationToken);

    public Task<SweepView?> ChangeAsync(long sweepId, string? name, string? notes, Priority? priority, CancellationToken cancellationToken) =>
        ChangeAsync(sweepId, name, notes, formerNotes: null, priority, cancellationToken);

    public Task<SweepView?> ChangeNotesAsync(long sweepId, string notes, string former, CancellationToken cancellationToken) =>
        ChangeAsync(sweepId, name: null, notes, former, priority: null, cancellationToken);

    private async Task<SweepView?> ChangeAsync(
        long sweepId, string? name, string? notes, string? formerNotes, Priority? priority, CancellationToken cancellationToken)
    {
        await database.TransactAsync(async session =>
        {
            var before = await session.FirstAsync(
                "SELECT name, notes, priority FROM sweeps WHERE id = @sweep FOR NO KEY UPDATE",
                r => new { Name = r.GetString(0), Notes = r.GetString(1), Priority = r.GetEnum<Priority>(2) }, ("sweep", sweepId));
            if (before is null) return;
            NotesConflict.Check(formerNotes, before.Notes);
            var after = new { Name = name ?? before.Name, Notes = notes ?? before.Notes, Priority = priority ?? before.Priority };
            await session.ExecuteAsync(
                "UPDATE sweeps SET name = @name, notes = @notes, priority = @priority WHERE id = @sweep",
                ("name", after.Name), ("notes", after.Notes), ("priority", after.Priority.ToString()), ("sweep", sweepId));
            await session.AuditAsync(new("sweep.change", Noun, sweepId, after.Name, before, after));
            if (priority is { } wanted) await MoveAsync(session, sweepId, wanted);
            session.Changed(ChangeKind.Sweep, sweepId);
        }, cancellationToken);
        return await FindAsync(sweepId, cancellationToken);
    }

    public Task<VerbResult?> PauseAsync(long sweepId, CancellationToken cancellationToken) => DoAsync(sweepId, "pause", verbs.PauseAsync, cancellationToken);

    public Task<VerbResult?> ResumeAsync(long sweepId, CancellationToken cancellationToken) => DoAsync(sweepId, "resume", RunVerbs.ResumeAsync, cancellationToken);

    public Task<VerbResult?> StopAsync(long sweepId, CancellationToken cancellationToken) => DoAsync(sweepId, "stop", verbs.StopAsync, cancellationToken);

    public Task<VerbResult?> CancelAsync(long sweepId, CancellationToken cancellationToken) => DoAsync(sweepId, "cancel", verbs.CancelAsync, cancellationToken);

    public Task<VerbResult?> RetryAsync(long sweepId, RetryFrom from, CancellationToken cancellationToken) =>
        DoAsync(sweepId, from == RetryFrom.Scratch ? "retry-from-scratch" : "retry", (session, runs) => RunVerbs.RetryAsync(session, runs, from), cancellationToken);

    public Task<bool> DeleteAsync(long sweepId, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        if (await LockedRun.LockSweepAsync(session, sweepId) is not { } runs) return false;
        var active = runs.Count(r => r.State.IsActive());
        if (active > 0) throw new InvalidOperationException($"{active} {(active == 1 ? "run" : "runs")} of sweep {sweepId} still run. Cancel the sweep first, then delete it.");
        await RunsService.LockToDeleteAsync(session, runs.Select(r => r.Id));
        await GiveAwayAsync(session, sweepId);
        var own = await session.QueryAsync("SELECT id FROM runs WHERE sweep_id = @sweep", r => r.GetInt64(0), ("sweep", sweepId));
        // Also one that has just succeeded is held until its handler returns.
        var held = runs.Where(r => r.Assigned || (r.State == RunState.Succeeded && r.InState < s_return)).Select(r => r.Id).ToList();
        await RunsService.DeleteRowsAsync(session, [.. own]);
        var name = await NameAsync(session, sweepId);
        await session.ExecuteAsync("DELETE FROM sweeps WHERE id = @sweep", ("sweep", sweepId));
        await session.AuditAsync(new("sweep.delete", Noun, sweepId, name, Before: new { Runs = own.Count }));
        await exit.RemoveAsync(session, held);
        session.Changed(ChangeKind.Sweep, sweepId);
        return true;
    }, cancellationToken);

    private static Task<string?> NameAsync(DbSession session, long sweepId) =>
        session.FirstAsync("SELECT name FROM sweeps WHERE id = @sweep", r => r.GetString(0), ("sweep", sweepId));

    /// <summary>Runs that other sweeps show belong from now on to the oldest of these.</summary>
    private static async Task GiveAwayAsync(DbSession session, long sweepId) => await session.ExecuteAsync(
        """
        UPDATE runs r SET sweep_id = heir.sweep_id
        FROM (SELECT run_id, min(sweep_id) AS sweep_id FROM sweep_runs WHERE sweep_id <> @sweep GROUP BY run_id) heir
        WHERE r.sweep_id = @sweep AND heir.run_id = r.id
        """, ("sweep", sweepId));

    private static async Task MoveAsync(DbSession session, long sweepId, Priority priority)
    {
        var runs = await LockedRun.LockSweepAsync(session, sweepId) ?? [];
        await session.ExecuteAsync(
            "UPDATE runs SET priority = @priority WHERE sweep_id = @sweep AND priority <> @priority",
            ("priority", priority.ToString()), ("sweep", sweepId));
        session.Changed(ChangeKind.Queue, 0);
        foreach (var run in runs.Where(r => !r.State.IsFinal())) session.Changed(ChangeKind.Run, run.Id, sweepId);
    }

    private Task<VerbResult?> DoAsync(long sweepId, string name, Func<DbSession, IReadOnlyList<LockedRun>, Task<VerbResult>> verb, CancellationToken cancellationToken) =>
        database.TransactAsync(async session =>
        {
            if (await LockedRun.LockSweepAsync(session, sweepId) is not { } runs) return null;
            var result = await verb(session, runs);
            if (result.Changed > 0) session.Changed(ChangeKind.Sweep, sweepId);
            await session.AuditAsync(new($"sweep.{name}", Noun, sweepId, await NameAsync(session, sweepId), After: result));
            return result;
        }, cancellationToken);
}
