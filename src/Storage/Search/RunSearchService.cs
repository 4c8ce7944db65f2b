using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;
using Tracker.Storage.Runs;

namespace Tracker.Storage.Search;

/// <inheritdoc cref="IRunSearch" />
internal sealed class RunSearchService(TrackerDatabase database, IDbContextFactory<TrackerDbContext> contexts, MetricIds metricIds) : IRunSearch
{
    /// <summary>A filter is anybody's program; no page waits longer for one. Compiling a query costs more than it gains on these tables.</summary>
    private const string Limits = "SET LOCAL statement_timeout = '5s'; SET LOCAL jit = off";

    /// <summary>Runs whose views are read at once when all are streamed.</summary>
    private const int Chunk = 500;

    private sealed record Place(long Id, string Cursor);

    public async Task<RunPage> PageAsync(RunSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentOutOfRangeException.ThrowIfLessThan(search.Limit, 1, nameof(search));
        ArgumentOutOfRangeException.ThrowIfNegative(search.Skip, nameof(search));
        var places = await PlacesAsync(search, search.Limit + 1, search.Cursor, cancellationToken);
        var runs = await ViewsAsync([.. places.Take(search.Limit)], search.Metrics, cancellationToken);
        return new(runs, places.Count > search.Limit);
    }

    public async Task<int> CountAsync(string filter, CancellationToken cancellationToken)
    {
        var expression = FilterParser.Parse(filter);
        var sql = new RunSql(await metricIds.FindAsync([.. MetricIds.Of(expression)], cancellationToken));
        var condition = FilterSql.Of(expression, sql);
        return (await QueryAsync(sql, $"SELECT count(*)::integer {sql.From} WHERE {condition}", r => r.GetInt32(0), cancellationToken))[0];
    }

    public async Task<IReadOnlyList<long>> IdsAsync(string filter, RunOrder order, int limit, CancellationToken cancellationToken) =>
        [.. (await PlacesAsync(new() { Filter = filter, Order = order }, limit, cursor: null, cancellationToken)).Select(p => p.Id)];

    public async IAsyncEnumerable<FoundRun> AllAsync(RunSearch search, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        string? cursor = null;
        while (true)
        {
            var places = await PlacesAsync(search with { Skip = 0 }, Chunk, cursor, cancellationToken);
            foreach (var run in await ViewsAsync(places, search.Metrics, cancellationToken)) yield return run;
            if (places.Count < Chunk) yield break;
            cursor = places[^1].Cursor;
        }
    }

    public async Task<IReadOnlyList<RunField>> FieldsAsync(CancellationToken cancellationToken)
    {
        var metrics = await database.QueryAsync(
            "SELECT name FROM metric_names ORDER BY name", r => r.GetString(0), cancellationToken);
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
        var (from, beginning, most) = (sql.From, sql.Parameter(start), sql.Parameter((long)limit));
        return await QueryAsync(
            sql,
            $"SELECT v FROM (SELECT {value} AS v {from}) AS found WHERE v IS NOT NULL AND starts_with(lower(v), lower({beginning})) GROUP BY v ORDER BY count(*) DESC, v LIMIT {most}",
            r => r.GetString(0), cancellationToken);
    }

    private static RunFieldKind KindOf(FilterField field) => field.Kind switch
    {
        FilterKind.Number => RunFieldKind.Number,
        FilterKind.Time => RunFieldKind.Time,
        _ => RunFieldKind.Text,
    };

    private async Task<IReadOnlyList<Place>> PlacesAsync(RunSearch search, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var filter = FilterParser.Parse(search.Filter);
        var field = OrderField(search.Order.Field);
        var descending = search.Order.Descending;
        var sql = new RunSql(await metricIds.FindAsync([.. MetricIds.Of(filter), .. MetricIds.Of(field)], cancellationToken));
        var order = new RunOrderSql(field, descending, sql);
        var condition = $"{FilterSql.Of(filter, sql)} AND {order.After(RunCursor.Decode(cursor, field, descending, order.Kind), sql)}";
        return await QueryAsync(
            sql,
            $"SELECT r.id, {order.Selected} {sql.From} WHERE {condition} ORDER BY {order.Text} LIMIT {sql.Parameter((long)limit)} OFFSET {sql.Parameter((long)search.Skip)}",
            r => new Place(r.GetInt64(0), RunCursor.After(order.Read(r), r.GetInt64(0)).Encode(field, descending)),
            cancellationToken);
    }

    private static FilterField OrderField(string name)
    {
        try
        {
            return FilterParser.ParseField(name);
        }
        catch (FilterException e)
        {
            throw new FilterException(e.Message, e.Position, e.Length) { Part = FilterPart.Order };
        }
    }

    /// <summary>One that was deleted in the meantime is left out.</summary>
    private async Task<IReadOnlyList<FoundRun>> ViewsAsync(IReadOnlyList<Place> places, IReadOnlyList<string> metrics, CancellationToken cancellationToken)
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

    private async Task<List<T>> QueryAsync<T>(RunSql sql, string text, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var limit in Limits.Split(';')) batch.BatchCommands.Add(new(limit));
        batch.BatchCommands.Add(sql.Command(text));
        try
        {
            var rows = new List<T>();
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
            return rows;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            throw new FilterException("This search takes longer than 5 s. Ask for less: fewer metrics, or a network, data set or sweep.", 0);
        }
    }
}
