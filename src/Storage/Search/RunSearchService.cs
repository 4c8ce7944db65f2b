using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;
using Tracker.Storage.Runs;

namespace Tracker.Storage.Search;

/// <inheritdoc cref="IRunSearch" />
internal sealed class RunSearchService(
    TrackerDatabase database, IDbContextFactory<TrackerDbContext> contexts, RunQueries queries, MetricIds metricIds) : IRunSearch
{
    /// <summary>Runs whose views are read at once when all are streamed.</summary>
    private const int Chunk = 500;

    public async Task<RunPage> PageAsync(RunSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentOutOfRangeException.ThrowIfLessThan(search.Limit, 1, nameof(search));
        ArgumentOutOfRangeException.ThrowIfNegative(search.Skip, nameof(search));
        var places = await queries.PlacesAsync(search, search.Limit + 1, search.Cursor, [], cancellationToken);
        var more = places.Count > search.Limit;
        if (more) places.RemoveAt(places.Count - 1);
        return new(await ViewsAsync(places, search.Metrics, cancellationToken), more) { Next = places.Count > 0 ? places[^1].Cursor : search.Cursor };
    }

    public async Task<RunIdPage> IdPageAsync(RunSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentOutOfRangeException.ThrowIfLessThan(search.Limit, 1, nameof(search));
        var places = await queries.PlacesAsync(search, search.Limit + 1, search.Cursor, [], cancellationToken);
        return new([.. places.Take(search.Limit).Select(p => p.Id)], places.Count > search.Limit ? places[search.Limit - 1].Cursor : null);
    }

    public Task<int> CountAsync(RunSearch search, CancellationToken cancellationToken) => queries.CountAsync(search, cancellationToken);

    public async Task<IReadOnlyList<long>> IdsAsync(RunSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        return [.. (await queries.PlacesAsync(search, search.Limit, search.Cursor, [], cancellationToken)).Select(p => p.Id)];
    }

    public async IAsyncEnumerable<FoundRun> AllAsync(RunSearch search, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        string? cursor = null;
        while (true)
        {
            var places = await queries.PlacesAsync(search with { Skip = 0 }, Chunk, cursor, [], cancellationToken);
            foreach (var run in await ViewsAsync(places, search.Metrics, cancellationToken)) yield return run;
            if (places.Count < Chunk) yield break;
            cursor = places[^1].Cursor;
        }
    }

    public async Task<IReadOnlyList<RunField>> FieldsAsync(CancellationToken cancellationToken)
    {
        var metrics = await database.QueryAsync(
            "SELECT name FROM metric_names n WHERE EXISTS (SELECT FROM metric_latest m JOIN runs r ON r.id = m.run_id WHERE m.metric_id = n.id AND r.deleted_at IS NULL) ORDER BY name", r => r.GetString(0), cancellationToken);
        return [.. FilterFields.All.Where(f => !f.Hidden).Concat(metrics.Select(FilterField.Metric)).Select(f => new RunField(f.Name, f.Title, KindOf(f), f.Group))];
    }

    public async Task<IReadOnlyList<string>> ValuesAsync(string field, string start, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        var found = FilterParser.ParseField(field);
        if (found.Entity == FilterEntity.Metric || found.Kind == FilterKind.Time) return [];
        var sql = new RunSql(new Dictionary<string, short>());
        var column = RunColumns.Of(found);
        var value = column.Kind == ColumnKind.Texts ? $"unnest({column.Sql(sql)})" : $"({column.Sql(sql)})::text";
        // Halves of characters and NUL are in no text of the database, which refuses them.
        var beginning = sql.Parameter(string.Concat(start.EnumerateRunes().Where(r => r.Value != 0)));
        var (from, most) = (sql.From, sql.Parameter((long)limit));
        return await queries.QueryAsync(
            sql,
            $"SELECT v FROM (SELECT {value} AS v {from} WHERE r.deleted_at IS NULL) AS found WHERE v IS NOT NULL AND starts_with(lower(v), lower({beginning})) GROUP BY v ORDER BY count(*) DESC, v LIMIT {most}",
            r => r.GetString(0), cancellationToken);
    }

    private static RunFieldKind KindOf(FilterField field) => field.Kind switch
    {
        FilterKind.Number => RunFieldKind.Number,
        FilterKind.Time => RunFieldKind.Time,
        _ => RunFieldKind.Text,
    };

    /// <summary>One that was deleted in the meantime is left out.</summary>
    private async Task<IReadOnlyList<FoundRun>> ViewsAsync(List<RunPlace> places, IReadOnlyList<string> metrics, CancellationToken cancellationToken)
    {
        if (places.Count == 0) return [];
        var ids = places.Select(p => p.Id).ToArray();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var views = (await context.Set<RunRow>().Where(r => ids.Contains(r.Id)).ForView().ToListAsync(cancellationToken)).ToDictionary(r => r.Run.Id);
        var values = await MetricsAsync(ids, metrics, cancellationToken);
        return
        [
            .. places.Where(p => views.ContainsKey(p.Id)).Select(p => new FoundRun(
                views[p.Id].ToView(), values[p.Id].ToDictionary(v => v.Name, v => v.Value), p.Cursor)),
        ];
    }

    private async Task<ILookup<long, (long Id, string Name, double Value)>> MetricsAsync(long[] runIds, IReadOnlyList<string> metrics, CancellationToken cancellationToken)
    {
        var ids = metrics.Count == 0 ? new Dictionary<string, short>() : await metricIds.FindAsync([.. metrics.Distinct()], cancellationToken);
        var names = ids.ToDictionary(m => m.Value, m => m.Key);
        var found = names.Count == 0 ? [] : await database.QueryAsync(
            "SELECT run_id, metric_id, value FROM metric_latest WHERE run_id = ANY(@runs) AND metric_id = ANY(@metrics)",
            r => (r.GetInt64(0), names[r.GetInt16(1)], r.GetDouble(2)), cancellationToken, ("runs", runIds), ("metrics", names.Keys.ToArray()));
        return found.ToLookup(f => f.Item1);
    }
}
