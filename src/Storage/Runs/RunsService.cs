using Microsoft.EntityFrameworkCore;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;
using Tracker.Storage.Recycling;
using Tracker.Storage.Requests;

namespace Tracker.Storage.Runs;

/// <inheritdoc cref="IRuns" />
internal sealed class RunsService(
    TrackerDatabase database, IDbContextFactory<TrackerDbContext> contexts, RunVerbs verbs, RunBin bin, TimeProvider clock) : IRuns
{
    private const string Noun = "run";

    public async Task<RunView?> FindAsync(long runId, Presence presence, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var run = await context.Set<RunRow>().Where(r => r.Id == runId && !r.Purging).Of(presence).ForView().SingleOrDefaultAsync(cancellationToken);
        return run?.ToView();
    }

    public Task<IReadOnlyList<RunView>> FindAsync(IReadOnlyList<long> runIds, CancellationToken cancellationToken) =>
        runIds.Count == 0 ? Task.FromResult<IReadOnlyList<RunView>>([]) : ViewsAsync(context => context.Set<RunRow>().Where(r => runIds.Contains(r.Id) && r.DeletedAt == null), cancellationToken);

    public async Task<IReadOnlyList<string>> MetricsAsync(IReadOnlyList<long> runIds, CancellationToken cancellationToken) => await database.QueryAsync(
        """
        SELECT n.name FROM metric_names n
        WHERE n.id IN (SELECT metric_id FROM metric_latest WHERE run_id = ANY(@runs))
        ORDER BY n.name
        """,
        r => r.GetString(0), cancellationToken, ("runs", runIds.Distinct().ToArray()));

    public Task<IReadOnlyList<RunView>> ListAsync(RunFilter filter, int limit, long? beforeId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return ViewsAsync(context =>
        {
            var runs = context.Set<RunRow>().Of(Presence.Active);
            if (filter.SweepId is { } sweepId) runs = runs.Where(r => context.Set<SweepRunRow>().Any(s => s.SweepId == sweepId && s.RunId == r.Id));
            if (filter.State is { } state) runs = runs.Where(r => r.State == state);
            if (filter.Network is { } network) runs = runs.Where(r => r.Network == network);
            if (filter.Dataset is { } dataset) runs = runs.Where(r => r.Dataset == dataset);
            if (filter.Method is { } method) runs = runs.Where(r => r.Method == method);
            if (filter.Batch is { } batch) runs = runs.Where(r => r.Batch == batch);
            if (filter.Seed is { } seed) runs = runs.Where(r => r.Seed == seed);
            if (beforeId is { } before) runs = runs.Where(r => r.Id < before);
            return runs.OrderByDescending(r => r.Id).Take(limit);
        }, cancellationToken);
    }

    public async Task<IReadOnlyList<RunView>> OfSweepAsync(long sweepId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var shown = await context.Set<SweepRunRow>()
            .Where(s => s.SweepId == sweepId && s.Run.DeletedAt == null)
            .OrderBy(s => s.Ordinal)
            .ForView().ToListAsync(cancellationToken);
        return [.. shown.Select(s => s.ToView())];
    }

    public async Task<IReadOnlyList<PlacedRun>> OfSweepAsync(long sweepId, int limit, int? afterPlace, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var page = context.Set<SweepRunRow>()
            .Where(s => s.SweepId == sweepId && s.Run.DeletedAt == null && (afterPlace == null || s.Ordinal > afterPlace))
            .OrderBy(s => s.Ordinal).Take(limit);
        var places = await page.Select(s => new { s.RunId, s.Ordinal }).ToDictionaryAsync(s => s.RunId, s => s.Ordinal, cancellationToken);
        var ids = places.Keys.ToArray();
        var shown = await context.Set<SweepRunRow>().Where(s => s.SweepId == sweepId && ids.Contains(s.RunId)).OrderBy(s => s.Ordinal).ForView().ToListAsync(cancellationToken);
        return [.. shown.Select(s => new PlacedRun(places[s.Run.Id], s.ToView()))];
    }

    public async Task<IReadOnlyList<RunBrief>> BriefsOfSweepAsync(long sweepId, long around, int eachSide, CancellationToken cancellationToken) => await database.QueryAsync(
        $"""
        SELECT id, method, batch, ghost_batch, seed, state, title
        FROM (({BriefsBy("<=", "DESC")}) UNION ALL ({BriefsBy(">", "ASC")})) AS near
        ORDER BY ordinal
        """,
        r => new RunBrief(r.GetInt64(0), MethodNames.ReadStated(r.GetString(1)), r.GetInt32(2), r.GetNullable<int>(3), r.GetInt32(4), r.GetEnum<RunState>(5)) { Name = r.GetOrDefault<string>(6) },
        cancellationToken, ("sweep", sweepId), ("around", around), ("most", eachSide));

    /// <summary>Runs on one side of a run, which is with those before it.</summary>
    private static string BriefsBy(string beyond, string direction) =>
        $"""
        SELECT x.ordinal, r.id, r.method, r.batch, r.ghost_batch, r.seed, r.state, r.title
        FROM sweep_runs x JOIN runs r ON r.id = x.run_id
        WHERE x.sweep_id = @sweep AND r.deleted_at IS NULL AND x.ordinal {beyond} (SELECT ordinal FROM sweep_runs WHERE sweep_id = @sweep AND run_id = @around)
        ORDER BY x.ordinal {direction} LIMIT @most{(beyond == ">" ? "" : " + 1")}
        """;

    public Task<IReadOnlyList<RunView>> ActiveAsync(CancellationToken cancellationToken) => ViewsAsync(context => context.Set<RunRow>()
        .Where(r => (r.State == RunState.Starting || r.State == RunState.Running) && !r.External && r.DeletedAt == null)
        .OrderBy(r => r.StartedAt).ThenBy(r => r.Id), cancellationToken);

    public Task<IReadOnlyList<RunView>> ReportedAsync(int limit, CancellationToken cancellationToken) => ViewsAsync(context => context.Set<RunRow>()
        .Where(r => r.State == RunState.Running && r.External && r.DeletedAt == null)
        .OrderByDescending(r => r.StartedAt).ThenByDescending(r => r.Id).Take(limit), cancellationToken);

    public Task<IReadOnlyList<RunView>> RecentFailuresAsync(int limit, CancellationToken cancellationToken) => ViewsAsync(context => context.Set<RunRow>()
        .Where(r => r.State == RunState.Failed && r.DeletedAt == null)
        // A program outside may say that its run ends in the future: it counts from when it said so.
        .OrderByDescending(r => EF.Functions.Least(r.FinishedAt, r.StateSince)).Take(limit), cancellationToken);

    public async Task<RunCounts> CountsAsync(CancellationToken cancellationToken)
    {
        var today = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        var counts = (await database.QueryAsync(
            """
            SELECT state, count(*)::integer, 0 FROM runs WHERE deleted_at IS NULL GROUP BY state
            UNION ALL
            SELECT state, 0, count(*)::integer FROM runs WHERE finished_at >= @today AND state_since >= @today AND deleted_at IS NULL GROUP BY state
            """,
            r => (State: r.GetEnum<RunState>(0), All: r.GetInt32(1), Today: r.GetInt32(2)), cancellationToken, ("today", today))).ToLookup(c => c.State);
        int Of(RunState state) => counts[state].Sum(c => c.All);
        int Today(RunState state) => counts[state].Sum(c => c.Today);
        return new(
            Of(RunState.Queued), Of(RunState.Starting), Of(RunState.Running), Of(RunState.Paused), Of(RunState.Succeeded), Of(RunState.Failed), Of(RunState.Cancelled),
            Today(RunState.Succeeded), Today(RunState.Failed));
    }

    public async Task<IReadOnlyList<AttemptView>> AttemptsAsync(long runId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Set<AttemptRow>()
            .Where(a => a.RunId == runId).OrderByDescending(a => a.Attempt)
            .Select(a => new AttemptView(
                a.Attempt, a.Host.Name, a.Device, a.ProcessId, a.StartedAt, a.EndedAt, a.Outcome, a.ExitCode, a.Signal, a.Reason, a.FirstStep, a.LastStep)
            {
                Failure = a.FailureKind, Shared = a.Shared, RefusedWrites = a.RefusedWrites,
            })
            .ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<EventView>> EventsAsync(long runId, int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Set<EventRow>()
            .Where(e => e.RunId == runId).OrderByDescending(e => e.Id).Take(limit)
            .Select(e => new EventView(e.Id, e.At, e.Attempt, e.Level, e.Message))
            .ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<LogLine>> LogAsync(long runId, int afterAttempt, long afterLine, int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var lines = context.Set<LogRow>().Where(l => l.RunId == runId);
        var fromEnd = afterAttempt == 0 && afterLine == 0;
        lines = fromEnd
            ? lines.OrderByDescending(l => l.Attempt).ThenByDescending(l => l.Line)
            : lines.Where(l => l.Attempt > afterAttempt || (l.Attempt == afterAttempt && l.Line > afterLine)).OrderBy(l => l.Attempt).ThenBy(l => l.Line);
        var found = await lines.Take(limit).Select(l => new LogLine(l.Attempt, l.Line, l.At, l.Level, l.Text)).ToListAsync(cancellationToken);
        if (fromEnd) found.Reverse();
        return found;
    }

    public async Task<IReadOnlyList<LogLine>> LogAsync(LogQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var lines = context.Set<LogRow>().Where(l => l.RunId == query.RunId);
        if (query.Before is { } before) lines = lines.Where(l => l.Attempt < before.Attempt || (l.Attempt == before.Attempt && l.Line < before.Line));
        if (query.AtLeast == EventLevel.Warning) lines = lines.Where(l => l.Level != EventLevel.Info);
        if (query.AtLeast == EventLevel.Error) lines = lines.Where(l => l.Level == EventLevel.Error);
        if (query.Text.Length > 0)
        {
            var pattern = TextPattern.Containing(query.Text);
            lines = lines.Where(l => EF.Functions.ILike(l.Text, pattern, TextPattern.Escape));
        }
        var found = await lines.OrderByDescending(l => l.Attempt).ThenByDescending(l => l.Line).Take(query.Limit)
            .Select(l => new LogLine(l.Attempt, l.Line, l.At, l.Level, l.Text)).ToListAsync(cancellationToken);
        found.Reverse();
        return found;
    }

    public async Task<IReadOnlyList<string>> TagsAsync(int limit, CancellationToken cancellationToken) => await database.QueryAsync(
        "SELECT tag FROM runs CROSS JOIN unnest(tags) AS tag WHERE tags <> '{}' AND deleted_at IS NULL GROUP BY tag ORDER BY count(*) DESC, tag LIMIT @limit",
        r => r.GetString(0), cancellationToken, ("limit", limit));

    public Task<RunView?> ChangeAsync(long runId, string? notes, IReadOnlyList<string>? tags, Priority? priority, CancellationToken cancellationToken) =>
        ChangeAsync(runId, notes, formerNotes: null, tags, priority, cancellationToken);

    public Task<RunView?> ChangeNotesAsync(long runId, string notes, string former, CancellationToken cancellationToken) =>
        ChangeAsync(runId, notes, former, tags: null, priority: null, cancellationToken);

    private async Task<RunView?> ChangeAsync(
        long runId, string? notes, string? formerNotes, IReadOnlyList<string>? tags, Priority? priority, CancellationToken cancellationToken)
    {
        await database.TransactAsync(async session =>
        {
            var run = await session.FirstAsync(
                "SELECT sweep_id, notes, tags, priority, external FROM runs WHERE id = @run AND deleted_at IS NULL FOR NO KEY UPDATE",
                r => new { SweepId = r.GetInt64(0), External = r.GetBoolean(4), Fields = new { Notes = r.GetString(1), Tags = r.GetFieldValue<string[]>(2), Priority = r.GetEnum<Priority>(3) } }, ("run", runId));
            if (run is null) return;
            Precondition.Check(EditTag.OfRun(run.Fields.Notes, run.Fields.Tags, run.Fields.Priority));
            NotesConflict.Check(formerNotes, run.Fields.Notes);
            var after = new { Notes = notes ?? run.Fields.Notes, Tags = tags?.ToArray() ?? run.Fields.Tags, Priority = run.External ? run.Fields.Priority : priority ?? run.Fields.Priority };
            await session.ExecuteAsync(
                "UPDATE runs SET notes = @notes, tags = @tags, priority = @priority WHERE id = @run",
                ("notes", after.Notes), ("tags", after.Tags), ("priority", after.Priority.ToString()), ("run", runId));
            await session.AuditAsync(new("run.change", Noun, runId, Before: run.Fields, After: after));
            session.Changed(ChangeKind.Run, runId, run.SweepId);
            if (priority is not null) session.Changed(ChangeKind.Queue, 0);
        }, cancellationToken);
        return await FindAsync(runId, Presence.Active, cancellationToken);
    }

    public Task<VerbResult> ChangeTagsAsync(
        IReadOnlyList<long> runIds, IReadOnlyList<string> add, IReadOnlyList<string> remove, CancellationToken cancellationToken) => database.TransactAsync(async session =>
        {
            var runs = await LockedRun.LockAsync(session, runIds);
            // Under the locks: what somebody else changed just before is seen, and stays.
            var changed = await session.QueryAsync(
                """
                UPDATE runs r SET tags = wanted.tags
                FROM (
                  SELECT id, ARRAY(
                    SELECT tag FROM unnest(tags || @add::text[]) WITH ORDINALITY AS one(tag, place) WHERE tag <> ALL(@remove::text[]) GROUP BY tag ORDER BY min(place)) AS tags
                  FROM runs WHERE id = ANY(@runs)
                ) wanted
                WHERE r.id = wanted.id AND r.tags <> wanted.tags
                RETURNING r.id, r.sweep_id, cardinality(r.tags)
                """,
                r => (Id: r.GetInt64(0), SweepId: r.GetInt64(1), Tags: r.GetInt32(2)),
                ("runs", runs.Select(r => r.Id).ToArray()), ("add", add.ToArray()), ("remove", remove.ToArray()));
            if (changed.FirstOrDefault(r => r.Tags > IRuns.MostTags) is { Id: > 0 } full)
                throw new InvalidOperationException($"A run has at most {IRuns.MostTags} tags, and run {full.Id} would have {full.Tags}.");
            foreach (var (id, sweepId, _) in changed) session.Changed(ChangeKind.Run, id, sweepId);
            await session.AuditAsync(new(
                "run.change", Noun, runs is [var one] ? one.Id : null, After: new { Runs = runs.Select(r => r.Id), TagsAdded = add, TagsRemoved = remove, Changed = changed.Count }));
            return new VerbResult(changed.Count, runs.Count - changed.Count);
        }, cancellationToken);

    public Task<VerbResult?> PauseAsync(long runId, CancellationToken cancellationToken) => DoAsync(runId, RunVerb.Pause, verbs.PauseAsync, cancellationToken);

    public Task<VerbResult?> ResumeAsync(long runId, CancellationToken cancellationToken) => DoAsync(runId, RunVerb.Resume, RunVerbs.ResumeAsync, cancellationToken);

    public Task<VerbResult?> StopAsync(long runId, CancellationToken cancellationToken) => DoAsync(runId, RunVerb.Stop, verbs.StopAsync, cancellationToken);

    public Task<VerbResult?> CancelAsync(long runId, CancellationToken cancellationToken) => DoAsync(runId, RunVerb.Cancel, verbs.CancelAsync, cancellationToken);

    public Task<VerbResult?> RetryAsync(long runId, RetryFrom from, CancellationToken cancellationToken) =>
        DoAsync(runId, from == RetryFrom.Scratch ? RunVerb.RetryFromScratch : RunVerb.Retry, (session, runs) => RunVerbs.RetryAsync(session, runs, from), cancellationToken);

    public Task<VerbResult> DoAsync(RunVerb verb, IReadOnlyList<long> runIds, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var runs = await LockedRun.LockAsync(session, runIds);
        var result = verb switch
        {
            RunVerb.Pause => await verbs.PauseAsync(session, runs),
            RunVerb.Resume => await RunVerbs.ResumeAsync(session, runs),
            RunVerb.Stop => await verbs.StopAsync(session, runs),
            RunVerb.Cancel => await verbs.CancelAsync(session, runs),
            RunVerb.Retry => await RunVerbs.RetryAsync(session, runs, RetryFrom.Checkpoint),
            RunVerb.RetryFromScratch => await RunVerbs.RetryAsync(session, runs, RetryFrom.Scratch),
            _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "There is no such verb."),
        };
        await session.AuditAsync(new(ActionOf(verb), Noun, After: new { Runs = runs.Select(r => r.Id), result.Changed, result.Unchanged }));
        return result;
    }, cancellationToken);

    public Task<VerbResult> ChangePriorityAsync(IReadOnlyList<long> runIds, Priority priority, CancellationToken cancellationToken) =>
        database.TransactAsync(async session =>
        {
            var runs = await LockedRun.LockAsync(session, runIds);
            var changed = await session.QueryAsync(
                "UPDATE runs SET priority = @priority WHERE id = ANY(@runs) AND priority <> @priority AND NOT external RETURNING id, sweep_id",
                r => (Id: r.GetInt64(0), SweepId: r.GetInt64(1)), ("priority", priority.ToString()), ("runs", runs.Select(r => r.Id).ToArray()));
            foreach (var (id, sweepId) in changed) session.Changed(ChangeKind.Run, id, sweepId);
            if (changed.Count > 0) session.Changed(ChangeKind.Queue, 0);
            await session.AuditAsync(new("run.change", Noun, After: new { Runs = runs.Select(r => r.Id), priority, Changed = changed.Count }));
            return new VerbResult(changed.Count, runs.Count - changed.Count);
        }, cancellationToken);

    public Task<bool> DeleteAsync(long runId, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        if (await LockedRun.LockAsync(session, runId) is not { } run) return false;
        await EditVersions.CheckRunAsync(session, runId);
        if (run.IsTrained) throw new InvalidOperationException($"Run {runId} is {run.State.ToString().ToLowerInvariant()}. Cancel it first, then delete it.");
        await bin.PutAsync(session, [run]);
        await session.AuditAsync(new("run.delete", Noun, runId, Before: new { run.SweepId, run.State }));
        return true;
    }, cancellationToken);

    /// <summary>What the audit log calls a verb.</summary>
    private static string ActionOf(RunVerb verb) => verb == RunVerb.RetryFromScratch ? "run.retry-from-scratch" : $"run.{verb.ToString().ToLowerInvariant()}";

    private Task<VerbResult?> DoAsync(long runId, RunVerb verb, Func<DbSession, IReadOnlyList<LockedRun>, Task<VerbResult>> act, CancellationToken cancellationToken) =>
        database.TransactAsync(async session =>
        {
            if (await LockedRun.LockAsync(session, runId) is not { } run) return null;
            var result = await act(session, [run]);
            await session.AuditAsync(new(ActionOf(verb), Noun, runId, After: result));
            return result;
        }, cancellationToken);

    private async Task<IReadOnlyList<RunView>> ViewsAsync(Func<TrackerDbContext, IQueryable<RunRow>> query, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = await query(context).ForView().ToListAsync(cancellationToken);
        return [.. runs.Select(r => r.ToView())];
    }
}
