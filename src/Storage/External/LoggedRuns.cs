using System.Security.Cryptography;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;

namespace Tracker.Storage.External;

/// <inheritdoc cref="ILoggedRuns" />
internal sealed class LoggedRuns(TrackerDatabase database, LoggedRunReader reader, LoggedHistoryReader histories, ReportWriter writer, IRuns runs) : ILoggedRuns
{
    private const string Noun = "run";

    public Task<long?> CreateAsync(NewLoggedRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        return database.TransactAsync<long?>(async session =>
        {
            // Nobody else adds a run to the experiment until this one has its place there, or moves it to the recycle bin.
            var experiment = await session.FirstAsync<(string Name, bool Deleted, bool External)?>(
                "SELECT name, deleted_at IS NOT NULL, external FROM sweeps WHERE id = @sweep FOR NO KEY UPDATE",
                r => (r.GetString(0), r.GetBoolean(1), r.GetBoolean(2)), ("sweep", run.ExperimentId));
            if (experiment is not { } found) return null;
            if (found.Deleted) throw InBin(run.ExperimentId);
            // Its table, progress and end are those of the runs that it was submitted with.
            if (!found.External)
                throw new LogRefusedException($"Experiment {run.ExperimentId} is the sweep '{found.Name}', whose runs the tracker trains itself. Log to an experiment of another name, and compare the two there.");
            var tagged = Tagged(run);
            var id = await InsertAsync(session, tagged, run.StartedAt);
            await session.RecordAsync(id, attempt: null, EventLevel.Info, "Begun by a program outside.");
            await session.AuditAsync(new("run.create", Noun, id, tagged.Title, After: new { Experiment = found.Name }));
            session.Changed(ChangeKind.Run, id, run.ExperimentId);
            session.Changed(ChangeKind.Sweep, run.ExperimentId);
            return id;
        }, cancellationToken);
    }

    public async Task<LoggedRun?> FindAsync(long id, CancellationToken cancellationToken) => (await reader.FindAsync([id], cancellationToken)).SingleOrDefault();

    public Task<IReadOnlyList<LoggedRun>> FindAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return reader.FindAsync(ids, cancellationToken);
    }

    public Task<bool> ChangeAsync(long id, LoggedRunChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return database.TransactAsync(async session =>
        {
            if (await ReportedRun.LockAsync(session, id) is not { } run) return false;
            run.RefuseDeleted();
            if (!run.External) throw new LogRefusedException($"Run {id} is trained by this server, which alone says how it stands.");
            await ReportWriter.HearAsync(session, id);
            var before = await session.FirstAsync("SELECT state FROM runs WHERE id = @run", r => r.GetEnum<RunState>(0), ("run", id));
            if (change.Name is { Length: > 0 } name)
            {
                var former = run.Title;
                run.Rename(TextValues.Clean(name));
                await run.SaveAsync(session);
                if (former != run.Title) await session.AuditAsync(new("run.change", Noun, id, run.Title, new { Name = former }, new { Name = run.Title }));
            }
            await EnterAsync(session, id, change, before);
            session.Changed(ChangeKind.Run, id, run.SweepId);
            return true;
        }, cancellationToken);
    }

    public Task<bool> LogAsync(long id, LoggedBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return writer.WriteAsync(id, batch, cancellationToken);
    }

    public Task<bool> ChangeTagAsync(long id, string key, Func<string?, string> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return writer.ChangeTagAsync(id, key, change, cancellationToken);
    }

    public Task<bool> DeleteTagAsync(long id, string key, CancellationToken cancellationToken) => writer.DeleteTagAsync(id, key, cancellationToken);

    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } run && (run.DeletedAt is not null || await runs.DeleteAsync(id, cancellationToken));

    public async Task<bool> RestoreAsync(long id, CancellationToken cancellationToken)
    {
        var sweeps = await database.QueryAsync("SELECT sweep_id FROM runs WHERE id = @run", r => r.GetInt64(0), cancellationToken, ("run", id));
        return sweeps is [var sweepId] && await database.TransactAsync(async session =>
        {
            // The experiment before its run, as everywhere, and so that it does not go to the recycle bin meanwhile.
            var deleted = await session.FirstAsync<bool>("SELECT deleted_at IS NOT NULL FROM sweeps WHERE id = @sweep FOR SHARE", r => r.GetBoolean(0), ("sweep", sweepId));
            var run = await session.FirstAsync(
                "SELECT coalesce(title, ''), deleted_at IS NOT NULL FROM runs WHERE id = @run AND NOT purging FOR NO KEY UPDATE", r => new { Title = r.GetString(0), Deleted = r.GetBoolean(1) }, ("run", id));
            if (run is null) return false;
            if (!run.Deleted) return true;
            if (deleted) throw InBin(sweepId);
            await session.ExecuteAsync("UPDATE runs SET deleted_at = NULL, deleted_by = NULL, reported_at = CASE WHEN external THEN now() END WHERE id = @run", ("run", id));
            await session.AuditAsync(new("run.restore", Noun, id, run.Title));
            session.Changed(ChangeKind.Run, id, sweepId);
            session.Changed(ChangeKind.Sweep, sweepId);
            return true;
        }, cancellationToken);
    }

    public Task<LoggedHistory?> HistoryAsync(long runId, string key, HistoryPlace? after, int limit, CancellationToken cancellationToken) =>
        histories.ReadAsync(runId, key, after, limit, cancellationToken);

    private static LogRefusedException InBin(long experiment) => new($"Experiment {experiment} lies in the recycle bin. Restore it first.");

    private static ReportedRun Tagged(NewLoggedRun run)
    {
        var tagged = new ReportedRun
        {
            Id = 0, SweepId = run.ExperimentId, External = true, IsDeleted = false, Title = TextValues.Clean(run.Name), Notes = "", Parameters = [], Attributes = [], Tags = [],
        };
        tagged.Tag([.. run.Tags.Where(t => t.Key != RunTags.Name)]);
        return tagged;
    }

    /// <summary>
    /// Its settings are not known yet. The fingerprint of a run says what another one would repeat, of which this server knows nothing here: it is
    /// of this run alone. Moments are as exact as the milliseconds of its points.
    /// </summary>
    private static async Task<long> InsertAsync(DbSession session, ReportedRun run, DateTimeOffset startedAt)
    {
        var id = await session.FirstAsync(
            """
            INSERT INTO runs (sweep_id, owner_id, spec, fingerprint, network, dataset, method, batch, small_batch, seed, epochs, train_examples,
              learning_rate, weight_decay, momentum, clip, scaling, device, device_class, state, priority, total_steps, notes, started_at, external, title, attributes, reported_at)
            VALUES (@sweep, @owner, '{}', @fingerprint, '', '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 'None', 'Any', 'Cpu', 'Running', 'Normal', 1, @notes, @started,
              true, @title, @attributes::jsonb, now())
            RETURNING id
            """,
            r => r.GetInt64(0),
            ("sweep", run.SweepId), ("owner", Actor.Current?.UserId), ("fingerprint", RandomNumberGenerator.GetHexString(64, lowercase: true)), ("notes", run.Notes),
            ("started", DateTimeOffset.FromUnixTimeMilliseconds(startedAt.ToUnixTimeMilliseconds())), ("title", run.Title), ("attributes", Json.Write(run.Attributes)));
        await session.ExecuteAsync(
            "INSERT INTO sweep_runs (sweep_id, run_id, ordinal) SELECT @sweep, @run, coalesce(max(ordinal) + 1, 0) FROM sweep_runs WHERE sweep_id = @sweep",
            ("sweep", run.SweepId), ("run", id));
        return id;
    }

    /// <summary>The state and the end that its program states, and what follows from them; of what it says nothing stays.</summary>
    private static async Task EnterAsync(DbSession session, long id, LoggedRunChange change, RunState before)
    {
        if (change.State is RunState.Queued or RunState.Starting)
            throw new ArgumentOutOfRangeException(nameof(change), change.State, "A run from outside neither waits nor starts.");
        await session.ExecuteAsync(
            """
            UPDATE runs SET state = coalesce(@state, state),
              state_since = CASE WHEN coalesce(@state, state) <> state THEN now() ELSE state_since END,
              finished_at = CASE WHEN @state IN ('Running', 'Paused') THEN NULL WHEN @state IS NOT NULL THEN coalesce(@finished, now()) ELSE coalesce(@finished, finished_at) END,
              failure_kind = CASE WHEN @state IS NULL THEN failure_kind WHEN @state = 'Failed' THEN 'Crashed' END,
              failure_reason = CASE WHEN @state IS NULL THEN failure_reason WHEN @state = 'Failed' THEN 'its program reported that it failed.' END
            WHERE id = @run
            """,
            ("run", id), ("state", change.State?.ToString()), ("finished", change.FinishedAt?.ToUniversalTime()));
        if (change.State is not { } state || state == before) return;
        await session.RecordAsync(id, attempt: null, state == RunState.Failed ? EventLevel.Error : EventLevel.Info, state switch
        {
            RunState.Running => "Its program goes on.",
            RunState.Paused => "Its program has scheduled it.",
            RunState.Succeeded => "Its program reported that it is finished.",
            RunState.Failed => "Its program reported that it failed.",
            _ => "Its program reported that it was killed.",
        });
    }
}
