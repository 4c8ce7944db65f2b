using Npgsql;
using Tracker.Storage.Database;

namespace Tracker.Storage.Accounts;

/// <inheritdoc cref="ISavedViews" />
internal sealed class SavedViews(TrackerDatabase database) : ISavedViews
{
    private const string Noun = "view";

    private const string Select =
        "SELECT v.id, v.owner_id, coalesce(u.user_name, ''), v.name, v.query, v.shared FROM saved_views v JOIN users u ON u.id = v.owner_id";

    public async Task<IReadOnlyList<SavedView>> ListAsync(long userId, string page, CancellationToken cancellationToken) => await database.QueryAsync(
        $"{Select} WHERE v.page = @page AND (v.owner_id = @user OR v.shared) ORDER BY v.name, v.id", Read, cancellationToken, ("page", page), ("user", userId));

    public async Task<SavedView?> FindAsync(long userId, long viewId, CancellationToken cancellationToken) => (await database.QueryAsync(
        $"{Select} WHERE v.id = @view AND (v.owner_id = @user OR v.shared)", Read, cancellationToken, ("view", viewId), ("user", userId))).SingleOrDefault();

    public Task<long> SaveAsync(long userId, string page, string name, string query, bool shared, CancellationToken cancellationToken) =>
        database.TransactAsync(async session =>
        {
            var former = await session.FirstAsync(
                "SELECT query, shared FROM saved_views WHERE owner_id = @user AND page = @page AND name = @name FOR NO KEY UPDATE",
                r => new { Query = r.GetString(0), Shared = r.GetBoolean(1) }, ("user", userId), ("page", page), ("name", name));
            var id = await session.FirstAsync(
                """
                INSERT INTO saved_views (owner_id, page, name, query, shared) VALUES (@user, @page, @name, @query, @shared)
                ON CONFLICT (owner_id, page, name) DO UPDATE SET query = excluded.query, shared = excluded.shared
                RETURNING id
                """,
                r => r.GetInt64(0), ("user", userId), ("page", page), ("name", name), ("query", query), ("shared", shared));
            // What nobody else sees is nobody else's business.
            if (shared || former?.Shared is true)
                await session.AuditAsync(new(shared ? "view.share" : "view.unshare", Noun, id, name, former, new { Query = query, Shared = shared }));
            return id;
        }, cancellationToken);

    public Task<bool> DeleteAsync(long userId, long viewId, CancellationToken cancellationToken) =>
        database.TransactAsync(async session =>
        {
            var deleted = await session.FirstAsync(
                "DELETE FROM saved_views WHERE id = @view AND owner_id = @user RETURNING name, query, shared",
                r => new { Name = r.GetString(0), Query = r.GetString(1), Shared = r.GetBoolean(2) }, ("view", viewId), ("user", userId));
            if (deleted?.Shared is true) await session.AuditAsync(new("view.delete", Noun, viewId, deleted.Name, Before: new { deleted.Query, deleted.Shared }));
            return deleted is not null;
        }, cancellationToken);

    private static SavedView Read(NpgsqlDataReader r) => new(r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetBoolean(5));
}
