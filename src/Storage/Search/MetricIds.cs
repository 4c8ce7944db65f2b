using System.Collections.Concurrent;
using System.Diagnostics;
using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Search;

/// <summary>
/// Ids of metrics by name. Names that no run has for a day are deleted and their ids given to others (<see cref="Recycling.UnusedMetrics"/>); nothing
/// here is remembered for nearly as long.
/// </summary>
internal sealed class MetricIds(TrackerDatabase database)
{
    /// <summary>Ids are small numbers, of 32,767; processes that make names at once may go beyond this by a few.</summary>
    public const int Most = 30_000;

    /// <summary>A program that puts a number into each name would else use up the names of all.</summary>
    public const int MostOfRun = 5000;

    private static readonly TimeSpan s_remembered = TimeSpan.FromHours(1);

    private volatile Memory _memory = new();

    /// <summary>The ids of those that there are.</summary>
    public async Task<IReadOnlyDictionary<string, short>> FindAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var ids = Remembered();
        var known = new Dictionary<string, short>();
        var unknown = new List<string>();
        foreach (var name in names)
        {
            if (ids.TryGetValue(name, out var id)) known[name] = id;
            else unknown.Add(name);
        }
        if (unknown.Count == 0) return known;
        var found = await database.QueryAsync(
            "SELECT name, id, unused_since IS NULL FROM metric_names WHERE name = ANY(@names)",
            r => (Name: r.GetString(0), Id: r.GetInt16(1), Lasts: r.GetBoolean(2)), cancellationToken, ("names", unknown.ToArray()));
        foreach (var (name, id, lasts) in found)
        {
            known[name] = id;
            // One without a mark stays for a day at least; one that is marked may be gone at once.
            if (lasts) ids[name] = id;
        }
        return known;
    }

    /// <summary>
    /// The ids of all of them for a run from outside, made where they are new; outside of any other transaction, so that no name's lock is held
    /// while points are written.
    /// </summary>
    /// <returns><see langword="null"/> when some are new and nothing can be reported of the run.</returns>
    /// <exception cref="LogRefusedException">There would be too many names.</exception>
    public async Task<IReadOnlyDictionary<string, short>?> LearnAsync(long runId, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var known = await FindAsync(names, cancellationToken);
        var ids = Remembered();
        // Others may have learnt one that was not there a moment ago: it is remembered by now, and yet not among those that were found.
        var missing = names.Where(n => !ids.ContainsKey(n) || !known.ContainsKey(n)).Order(StringComparer.Ordinal).ToArray();
        if (missing.Length == 0) return known;
        await database.TransactAsync(async session =>
        {
            // Apart from what follows: while it waits for a pass that deletes names it must not believe that these are still there.
            await session.ExecuteAsync(
                """
                UPDATE metric_names SET unused_since = NULL
                WHERE id IN (SELECT id FROM metric_names WHERE name = ANY(@names) AND unused_since IS NOT NULL ORDER BY id FOR UPDATE)
                """, ("names", missing));
            await session.ExecuteAsync(
                """
                WITH new AS MATERIALIZED (SELECT n FROM unnest(@names) AS n WHERE NOT EXISTS (SELECT FROM metric_names m WHERE m.name = n))
                INSERT INTO metric_names (name)
                SELECT n FROM new
                WHERE (SELECT count(*) FROM metric_names) + (SELECT count(*) FROM new) <= @most
                  AND (SELECT count(*) FROM metric_latest WHERE run_id = @run) + (SELECT count(*) FROM new) <= @mostOfRun
                  AND EXISTS (SELECT FROM runs WHERE id = @run AND external AND deleted_at IS NULL AND NOT purging)
                ON CONFLICT (name) DO NOTHING
                """, ("names", missing), ("run", runId), ("most", Most), ("mostOfRun", MostOfRun));
        }, cancellationToken);
        known = await FindAsync(names, cancellationToken);
        return known.Count == names.Count ? known : await RefuseAsync(runId, [.. missing.Where(n => !known.ContainsKey(n))], cancellationToken);
    }

    private async Task<IReadOnlyDictionary<string, short>?> RefuseAsync(long runId, IReadOnlyList<string> missing, CancellationToken cancellationToken)
    {
        var (has, open) = (await database.QueryAsync(
            """
            SELECT (SELECT count(*) FROM metric_latest WHERE run_id = @run),
              EXISTS (SELECT FROM runs WHERE id = @run AND external AND deleted_at IS NULL AND NOT purging)
            """, r => (r.GetInt64(0), r.GetBoolean(1)), cancellationToken, ("run", runId)))[0];
        if (!open) return null;
        const string advice = "Use a name again with other steps instead of making new ones.";
        throw new LogRefusedException(has + missing.Count > MostOfRun
            ? $"Metric '{missing[0]}' is new. A run has at most {MostOfRun} metrics, and this one has {has} and would get {missing.Count} more. {advice}"
            : $"Metric '{missing[0]}' is new, and all runs together have {Most} metrics at most. {advice}");
    }

    private ConcurrentDictionary<string, short> Remembered()
    {
        var memory = _memory;
        if (Stopwatch.GetElapsedTime(memory.Since) > s_remembered) _memory = memory = new();
        return memory.Ids;
    }

    private sealed class Memory
    {
        public ConcurrentDictionary<string, short> Ids { get; } = new(StringComparer.Ordinal);

        public long Since { get; } = Stopwatch.GetTimestamp();
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
