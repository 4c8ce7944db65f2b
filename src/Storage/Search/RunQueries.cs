using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Search;

/// <summary>A run in a list, with where the list goes on after it.</summary>
internal sealed record RunPlace(long Id, RunCursor Place, RunOrderSql Order, IReadOnlyList<object?> Values)
{
    /// <summary>Continues the list after it; written only for those that are asked.</summary>
    public string Cursor => Place.Encode(Order);
}

/// <summary>Runs the queries of searches.</summary>
internal sealed class RunQueries(TrackerDatabase database, MetricIds metricIds)
{
    /// <summary>How long a query may take. A filter is anybody's program; no page waits longer for one.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Runs in order after a cursor, with the values of some fields.</summary>
    public async Task<List<RunPlace>> PlacesAsync(
        RunSearch search, int limit, string? cursor, IReadOnlyList<FilterField> fields, CancellationToken cancellationToken)
    {
        var filter = FilterOf(search);
        var keys = Keys(search);
        var sql = new RunSql(await metricIds.FindAsync(
            [.. MetricIds.Of(filter), .. keys.SelectMany(k => MetricIds.Of(k.Field)), .. fields.SelectMany(MetricIds.Of)], cancellationToken));
        var order = new RunOrderSql(keys, sql, filter);
        var columns = fields.Select(RunColumns.Of).ToList();
        var selected = string.Concat(columns.Select(c => $", {RunColumn.Selected(c.Kind, c.Sql(sql))}"));
        var condition = $"{Present(search.Presence)} AND {FilterSql.Of(filter, sql)} AND {order.After(RunCursor.Decode(cursor, order))}";
        var part = $"LIMIT {sql.Parameter((long)limit)} OFFSET {sql.Parameter((long)search.Skip)}";
        return await QueryAsync(
            sql,
            $"SELECT r.id, {order.Selected}{selected} {sql.From} WHERE {condition} ORDER BY {order.Text} {part}",
            r => new RunPlace(
                r.GetInt64(0), RunCursor.Read(order, r, 1), order,
                columns.Count == 0 ? [] : [.. columns.Select((c, i) => RunColumn.Read(c.Kind, r, i + 1 + order.Kinds.Count))]),
            cancellationToken);
    }

    /// <summary>How many runs a search matches.</summary>
    public async Task<int> CountAsync(RunSearch search, CancellationToken cancellationToken)
    {
        var filter = FilterOf(search);
        var sql = new RunSql(await metricIds.FindAsync([.. MetricIds.Of(filter)], cancellationToken));
        var condition = $"{Present(search.Presence)} AND {FilterSql.Of(filter, sql)}";
        return (await QueryAsync(sql, $"SELECT count(*)::integer {sql.From} WHERE {condition}", r => r.GetInt32(0), cancellationToken))[0];
    }

    /// <summary>Puts the runs of a search and their places in its order into <c>pg_temp.chosen_runs</c>, which lasts as long as the transaction.</summary>
    /// <exception cref="FilterException">It takes too long.</exception>
    public async Task ChooseAsync(RunSearch search, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var filter = FilterOf(search);
        var keys = Keys(search);
        var sql = new RunSql(await metricIds.FindAsync([.. MetricIds.Of(filter), .. keys.SelectMany(k => MetricIds.Of(k.Field))], cancellationToken));
        var order = new RunOrderSql(keys, sql, filter);
        var condition = $"{Present(search.Presence)} AND {FilterSql.Of(filter, sql)}";
        await using var batch = Limited(connection, transaction);
        batch.BatchCommands.Add(new("CREATE TEMPORARY TABLE chosen_runs (place bigint, id bigint) ON COMMIT DROP"));
        batch.BatchCommands.Add(sql.Command($"INSERT INTO pg_temp.chosen_runs SELECT row_number() OVER (ORDER BY {order.Text}), r.id {sql.From} WHERE {condition}"));
        batch.BatchCommands.Add(new("ANALYZE pg_temp.chosen_runs"));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.InvalidRegularExpression)
        {
            throw Fault(e);
        }
    }

    /// <summary>Runs one query within its limits.</summary>
    /// <exception cref="FilterException">It takes too long.</exception>
    public async Task<List<T>> QueryAsync<T>(RunSql sql, string text, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = Limited(connection, transaction);
        batch.BatchCommands.Add(sql.Command(text));
        try
        {
            var rows = new List<T>();
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
            return rows;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.InvalidRegularExpression)
        {
            throw Fault(e);
        }
    }

    private NpgsqlBatch Limited(NpgsqlConnection connection, NpgsqlTransaction transaction) => new(connection, transaction)
    {
        BatchCommands =
        {
            new($"SET LOCAL statement_timeout = {(int)TimeLimit.TotalMilliseconds}"),
            // Compiling a query costs more than it gains on these tables.
            new("SET LOCAL jit = off"),
        },
    };

    /// <summary>What of a filter only the database finds out.</summary>
    private FilterException Fault(PostgresException exception) => exception.SqlState == PostgresErrorCodes.InvalidRegularExpression
        ? new($"A pattern after RLIKE cannot be understood: {exception.MessageText}.", 0)
        : new($"This search takes longer than {TimeLimit.TotalSeconds} s. Ask for less: fewer metrics, or one network, data set or sweep.", 0);

    private static string Present(Presence presence) => presence switch
    {
        Presence.Active => "r.deleted_at IS NULL",
        Presence.Deleted => "r.deleted_at IS NOT NULL AND NOT r.purging",
        _ => "NOT r.purging",
    };

    private static FilterExpression? FilterOf(RunSearch search) => (FilterParser.Parse(search.Filter), search.Within) switch
    {
        ({ } filter, { } within) => new FilterAnd(within, filter),
        var (filter, within) => filter ?? within,
    };

    private static List<RunOrderKey> Keys(RunSearch search) =>
        [.. search.Then.Prepend(search.Order).Select(o => new RunOrderKey(OrderField(o.Field), o.Descending, o.AsText))];

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
}
