using System.Collections.Concurrent;
using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Search;

/// <summary>Ids of metrics by name. They never change, so each is read once.</summary>
internal sealed class MetricIds(TrackerDatabase database)
{
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
