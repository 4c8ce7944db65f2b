using System.Collections.Concurrent;
using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Search;

/// <summary>Ids of metrics by name. They never change, so each is read once.</summary>
internal sealed class MetricIds(TrackerDatabase database)
{
    /// <summary>Ids are small numbers, of 32,767; some are lost when two processes make the same name.</summary>
    private const int Most = 30_000;

    private readonly ConcurrentDictionary<string, short> _ids = new();

    /// <summary>The ids of those that any run ever had.</summary>
    public async Task<IReadOnlyDictionary<string, short>> FindAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var unknown = names.Where(n => !_ids.ContainsKey(n)).ToArray();
        if (unknown.Length > 0)
        {
            var found = await database.QueryAsync(
                "SELECT name, id FROM metric_names WHERE name = ANY(@names)", r => (Name: r.GetString(0), Id: r.GetInt16(1)), cancellationToken, ("names", unknown));
            foreach (var (name, id) in found) _ids[name] = id;
        }
        var known = new Dictionary<string, short>();
        foreach (var name in names)
        {
            if (_ids.TryGetValue(name, out var id)) known[name] = id;
        }
        return known;
    }

    /// <summary>
    /// The ids of all of them, made where they are new; outside of any other transaction, so that no name's lock is held while points are written.
    /// </summary>
    /// <exception cref="LogRefusedException">There would be too many names.</exception>
    public async Task<IReadOnlyDictionary<string, short>> LearnAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var known = await FindAsync(names, cancellationToken);
        if (known.Count == names.Count) return known;
        var missing = names.Where(n => !known.ContainsKey(n)).Order(StringComparer.Ordinal).ToArray();
        await database.QueryAsync(
            """
            INSERT INTO metric_names (name)
            SELECT n FROM unnest(@names) AS n
            WHERE NOT EXISTS (SELECT FROM metric_names m WHERE m.name = n) AND (SELECT coalesce(max(id), 0) FROM metric_names) + @count <= @most
            ON CONFLICT (name) DO NOTHING
            RETURNING id
            """,
            r => r.GetInt16(0), cancellationToken, ("names", missing), ("count", missing.Length), ("most", Most));
        known = await FindAsync(names, cancellationToken);
        if (known.Count < names.Count)
            throw new LogRefusedException($"Metric '{missing[0]}' is new, and all runs together have 30,000 metrics at most. Use names again instead of making new ones.");
        return known;
    }

    /// <summary>The metrics of an expression.</summary>
    public static IEnumerable<string> Of(FilterExpression? filter) => filter switch
    {
        FilterAnd and => Of(and.Left).Concat(Of(and.Right)),
        FilterOr or => Of(or.Left).Concat(Of(or.Right)),
        FilterNot not => Of(not.Inner),
        FilterComparison comparison => Of(comparison.Field),
        FilterMembership membership => Of(membership.Field),
        FilterPresence presence => Of(presence.Field),
        _ => [],
    };

    /// <summary>The metric that a field is, if it is one.</summary>
    public static IEnumerable<string> Of(FilterField field) => field.Entity == FilterEntity.Metric ? [field.Key] : [];
}
