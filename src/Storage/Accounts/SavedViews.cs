using Tracker.Storage.Database;

namespace Tracker.Storage.Accounts;

/// <inheritdoc cref="ISavedViews" />
internal sealed class SavedViews(TrackerDatabase database) : ISavedViews
{
    public async Task<IReadOnlyList<SavedView>> ListAsync(long userId, string page, CancellationToken cancellationToken) => await database.QueryAsync(
        """
        SELECT v.id, v.owner_id, coalesce(u.user_name, ''), v.name, v.query, v.shared
        FROM saved_views v JOIN users u ON u.id = v.owner_id
        WHERE v.page = @page AND (v.owner_id = @user OR v.shared)
        ORDER BY v.name, v.id
        """,
        r => new SavedView(r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetBoolean(5)), cancellationToken,
        ("page", page), ("user", userId));

    public Task<long> SaveAsync(long userId, string page, string name, string query, bool shared, CancellationToken cancellationToken) =>
        database.TransactAsync(session => session.FirstAsync(
            """
            INSERT INTO saved_views (owner_id, page, name, query, shared) VALUES (@user, @page, @name, @query, @shared)
            ON CONFLICT (owner_id, page, name) DO UPDATE SET query = excluded.query, shared = excluded.shared
            RETURNING id
            """,
            r => r.GetInt64(0), ("user", userId), ("page", page), ("name", name), ("query", query), ("shared", shared)), cancellationToken);

    public Task<bool> DeleteAsync(long userId, long viewId, CancellationToken cancellationToken) =>
        database.TransactAsync(session => session.FirstAsync(
            "DELETE FROM saved_views WHERE id = @view AND owner_id = @user RETURNING true", r => r.GetBoolean(0), ("view", viewId), ("user", userId)), cancellationToken);
}
