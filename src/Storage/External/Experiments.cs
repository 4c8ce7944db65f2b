using Tracker.Storage.Database;
using Tracker.Storage.Model;

namespace Tracker.Storage.External;

/// <inheritdoc cref="IExperiments" />
internal sealed class Experiments(TrackerDatabase database, ExperimentReader reader, ISweeps sweeps) : IExperiments
{
    private const string Noun = "sweep";

    private sealed record Locked(string Name, string Notes, bool External, bool Deleted, Dictionary<string, string> Tags);

    public async Task<long> CreateAsync(string name, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tags);
        var clean = TextValues.Clean(name);
        return await ExperimentNames.UniqueAsync(clean, () => database.TransactAsync(async session =>
        {
            await ExperimentNames.RefuseTakenAsync(session, clean);
            var id = await session.FirstAsync(
                """
                INSERT INTO sweeps (name, notes, spec, priority, owner_id, external, attributes)
                VALUES (@name, @notes, '{}', 'Normal', @owner, true, @attributes::jsonb) RETURNING id
                """,
                r => r.GetInt64(0), ("name", clean), ("notes", tags.GetValueOrDefault(RunTags.Notes, "")), ("owner", Actor.Current?.UserId),
                ("attributes", Json.Write(tags.Where(t => t.Key != RunTags.Notes).ToDictionary())));
            await session.AuditAsync(new("experiment.create", Noun, id, clean));
            session.Changed(ChangeKind.Sweep, id);
            return id;
        }, cancellationToken));
    }

    public Task<Experiment?> FindAsync(long id, CancellationToken cancellationToken) => reader.FindAsync(id, cancellationToken);

    public Task<Experiment?> FindAsync(string name, CancellationToken cancellationToken) => reader.FindAsync(name, cancellationToken);

    public Task<ExperimentPage> SearchAsync(ExperimentSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentOutOfRangeException.ThrowIfLessThan(search.Limit, 1, nameof(search));
        return reader.SearchAsync(search, cancellationToken);
    }

    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } experiment && (experiment.DeletedAt is not null || await sweeps.DeleteAsync(id, cancellationToken));

    public async Task<bool> RestoreAsync(long id, CancellationToken cancellationToken) => await ExperimentNames.UniqueAsync("", () => ChangeAsync(id, "experiment.restore", async (session, experiment) =>
    {
        if (!experiment.Deleted) return true;
        if (experiment.External) await ExperimentNames.RefuseTakenAsync(session, experiment.Name);
        await session.ExecuteAsync("UPDATE sweeps SET deleted_at = NULL, deleted_by = NULL WHERE id = @sweep", ("sweep", id));
        await session.ExecuteAsync("SELECT FROM runs WHERE sweep_id = @sweep ORDER BY id FOR NO KEY UPDATE", ("sweep", id));
        var restored = await session.QueryAsync(
            """
            UPDATE runs SET deleted_at = NULL, deleted_by = NULL, reported_at = CASE WHEN external THEN now() END
            WHERE sweep_id = @sweep AND deleted_at IS NOT NULL AND NOT purging RETURNING id
            """, r => r.GetInt64(0), ("sweep", id));
        foreach (var run in restored) session.Changed(ChangeKind.Run, run, id);
        return true;
    }, cancellationToken));

    public async Task<bool> RenameAsync(long id, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        var clean = TextValues.Clean(name);
        return await ExperimentNames.UniqueAsync(clean, () => ChangeAsync(id, "experiment.rename", async (session, experiment) =>
        {
            if (experiment.Name == clean) return true;
            await ExperimentNames.RefuseTakenAsync(session, clean);
            await session.ExecuteAsync("UPDATE sweeps SET name = @name WHERE id = @sweep", ("name", clean), ("sweep", id));
            return true;
        }, cancellationToken));
    }

    public Task<bool> SetTagAsync(long id, string key, string value, CancellationToken cancellationToken) => ChangeAsync(id, "experiment.tag", async (session, experiment) =>
    {
        ArgumentNullException.ThrowIfNull(value);
        if (key == RunTags.Notes)
        {
            await session.ExecuteAsync("UPDATE sweeps SET notes = @notes WHERE id = @sweep", ("notes", value), ("sweep", id));
            return true;
        }
        experiment.Tags[key] = value;
        await WriteTagsAsync(session, id, experiment.Tags);
        return true;
    }, cancellationToken);

    public Task<bool> DeleteTagAsync(long id, string key, CancellationToken cancellationToken) => ChangeAsync(id, "experiment.tag", async (session, experiment) =>
    {
        if (key == RunTags.Notes && experiment.Notes.Length > 0)
        {
            await session.ExecuteAsync("UPDATE sweeps SET notes = '' WHERE id = @sweep", ("sweep", id));
            return true;
        }
        if (!experiment.Tags.Remove(key)) return false;
        await WriteTagsAsync(session, id, experiment.Tags);
        return true;
    }, cancellationToken);

    private static Task<int> WriteTagsAsync(DbSession session, long id, Dictionary<string, string> tags) =>
        session.ExecuteAsync("UPDATE sweeps SET attributes = @tags::jsonb WHERE id = @sweep", ("tags", Json.Write(tags)), ("sweep", id));

    /// <summary>Changes one that is locked; what was done is recorded.</summary>
    private Task<bool> ChangeAsync(long id, string action, Func<DbSession, Locked, Task<bool>> change, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var experiment = await session.FirstAsync(
            "SELECT name, notes, external, deleted_at IS NOT NULL, attributes FROM sweeps WHERE id = @sweep AND NOT purging FOR NO KEY UPDATE",
            r => new Locked(r.GetString(0), r.GetString(1), r.GetBoolean(2), r.GetBoolean(3), Json.Read<Dictionary<string, string>>(r.GetString(4))), ("sweep", id));
        if (experiment is null || !await change(session, experiment)) return false;
        var name = await session.FirstAsync("UPDATE sweeps SET changed_at = now() WHERE id = @sweep RETURNING name", r => r.GetString(0), ("sweep", id));
        await session.AuditAsync(new(action, Noun, id, name, new { experiment.Name }, new { Name = name }));
        session.Changed(ChangeKind.Sweep, id);
        return true;
    }, cancellationToken);
}
