using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.External;
using Tracker.Storage.Recycling;
using Tracker.Storage.Requests;
using Tracker.Storage.Runs;
using Tracker.Storage.Scheduling;

namespace Tracker.Storage.Sweeps;

/// <inheritdoc cref="ISweeps" />
internal sealed class SweepsService(
    TrackerDatabase database, SweepPlanner planner, SweepReader reader, RunRates rates, RunVerbs verbs, RunBin bin) : ISweeps
{
    private const string Noun = "sweep";

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
        await ExperimentNames.UniqueAsync(name ?? "", () => database.TransactAsync(async session =>
        {
            var (before, external) = await session.FirstAsync(
                "SELECT name, notes, priority, external FROM sweeps WHERE id = @sweep AND deleted_at IS NULL FOR NO KEY UPDATE",
                r => (new { Name = r.GetString(0), Notes = r.GetString(1), Priority = r.GetEnum<Priority>(2) }, r.GetBoolean(3)), ("sweep", sweepId));
            if (before is null) return false;
            Precondition.Check(EditTag.OfSweep(before.Name, before.Notes, before.Priority));
            NotesConflict.Check(formerNotes, before.Notes);
            if (external && name is not null && name != before.Name) await ExperimentNames.RefuseTakenAsync(session, name);
            var after = new { Name = name ?? before.Name, Notes = notes ?? before.Notes, Priority = priority ?? before.Priority };
            await session.ExecuteAsync(
                "UPDATE sweeps SET name = @name, notes = @notes, priority = @priority, changed_at = now() WHERE id = @sweep",
                ("name", after.Name), ("notes", after.Notes), ("priority", after.Priority.ToString()), ("sweep", sweepId));
            await session.AuditAsync(new("sweep.change", Noun, sweepId, after.Name, before, after));
            if (priority is { } wanted) await MoveAsync(session, sweepId, wanted);
            session.Changed(ChangeKind.Sweep, sweepId);
            return true;
        }, cancellationToken));
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
        await LockWithHeirsAsync(session, sweepId);
        if (await LockedRun.LockSweepAsync(session, sweepId) is not { } runs) return false;
        await EditVersions.CheckSweepAsync(session, sweepId);
        if (sweepId == Storage.Experiment.DefaultId) throw new InvalidOperationException("Runs that name no experiment go here: it stays.");
        var active = runs.Count(r => r.IsTrained);
        if (active > 0) throw new InvalidOperationException($"{active} {(active == 1 ? "run" : "runs")} of sweep {sweepId} still run. Cancel the sweep first, then delete it.");
        await RunBin.LockAsync(session, runs);
        await LockHeirsAsync(session, sweepId);
        var given = (await GiveAwayAsync(session, sweepId)).ToHashSet();
        var own = runs.Where(r => !given.Contains(r.Id)).ToList();
        await bin.PutAsync(session, own);
        await session.ExecuteAsync(
            "UPDATE sweeps SET deleted_at = now(), deleted_by = @who, changed_at = now() WHERE id = @sweep", ("who", RunBin.Who), ("sweep", sweepId));
        await session.AuditAsync(new("sweep.delete", Noun, sweepId, await NameAsync(session, sweepId), Before: new { Runs = own.Count }));
        session.Changed(ChangeKind.Sweep, sweepId);
        return true;
    }, cancellationToken);

    private static Task<string?> NameAsync(DbSession session, long sweepId) =>
        session.FirstAsync("SELECT name FROM sweeps WHERE id = @sweep", r => r.GetString(0), ("sweep", sweepId));

    /// <summary>The other sweeps that show runs of this one.</summary>
    private const string Heirs = "SELECT x.sweep_id FROM sweep_runs x JOIN runs r ON r.id = x.run_id WHERE r.sweep_id = @sweep AND r.deleted_at IS NULL AND x.sweep_id <> @sweep";

    /// <summary>
    /// Of two sweeps that are deleted at once each may be the other's heir, so everyone locks both before any run, by ascending id: the second
    /// then sees that the first is gone.
    /// </summary>
    private static Task<int> LockWithHeirsAsync(DbSession session, long sweepId) => session.ExecuteAsync(
        $"SELECT FROM sweeps WHERE (id = @sweep OR id IN ({Heirs})) AND deleted_at IS NULL ORDER BY id FOR NO KEY UPDATE", ("sweep", sweepId));

    /// <summary>
    /// Keeps those from being deleted that were submitted until the runs were locked, too: whoever is to inherit is read only after this.
    /// </summary>
    private static Task<int> LockHeirsAsync(DbSession session, long sweepId) => session.ExecuteAsync(
        $"SELECT FROM sweeps WHERE id IN ({Heirs}) AND deleted_at IS NULL ORDER BY id FOR SHARE", ("sweep", sweepId));

    /// <summary>Runs that other sweeps show belong from now on to the oldest of these.</summary>
    private static Task<List<long>> GiveAwayAsync(DbSession session, long sweepId) => session.QueryAsync(
        """
        UPDATE runs r SET sweep_id = heir.sweep_id
        FROM (
          SELECT x.run_id, min(x.sweep_id) AS sweep_id FROM sweep_runs x JOIN sweeps s ON s.id = x.sweep_id
          WHERE x.sweep_id <> @sweep AND s.deleted_at IS NULL GROUP BY x.run_id
        ) heir
        WHERE r.sweep_id = @sweep AND heir.run_id = r.id AND r.deleted_at IS NULL
        RETURNING r.id
        """, r => r.GetInt64(0), ("sweep", sweepId));

    private static async Task MoveAsync(DbSession session, long sweepId, Priority priority)
    {
        var runs = await LockedRun.LockSweepAsync(session, sweepId) ?? [];
        await session.ExecuteAsync(
            "UPDATE runs SET priority = @priority WHERE sweep_id = @sweep AND priority <> @priority AND NOT external",
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
