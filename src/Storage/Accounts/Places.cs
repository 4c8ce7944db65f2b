using System.Globalization;
using Tracker.Storage.Database;

namespace Tracker.Storage.Accounts;

/// <inheritdoc cref="IPlaces" />
internal sealed class Places(TrackerDatabase database) : IPlaces
{
    public async Task<IReadOnlyList<Place>> FindAsync(string text, int limit, CancellationToken cancellationToken)
    {
        var id = long.TryParse(text.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        return await database.QueryAsync(
            """
            (SELECT r.id, true, s.name FROM runs r JOIN sweeps s ON s.id = r.sweep_id WHERE r.id = @id AND r.deleted_at IS NULL)
            UNION ALL
            (SELECT id, false, name FROM sweeps WHERE (id = @id OR position(lower(@text) IN lower(name)) > 0) AND deleted_at IS NULL ORDER BY id = @id DESC, id DESC LIMIT @limit)
            """,
            reader => new Place(reader.GetInt64(0), reader.GetBoolean(1), reader.GetString(2)), cancellationToken,
            ("id", id ?? -1), ("text", text), ("limit", limit));
    }
}
