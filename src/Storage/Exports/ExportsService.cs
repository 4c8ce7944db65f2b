using System.Data;
using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Search;

namespace Tracker.Storage.Exports;

/// <inheritdoc cref="IExports" />
internal sealed class ExportsService(TrackerDatabase database, RunQueries queries, MetricIds metricIds) : IExports
{
    private const string PointsHeading = "run_id,metric,step,epoch,wall_ms,value\n";

    /// <summary>
    /// A stream takes as long as its reader wants. Probes of the peer stay on; the limit for what it does not take in would end a stream whose
    /// reader pauses. The plans below keep an order that parallel workers would mix.
    /// </summary>
    private const string Unhurried = """
        SELECT set_config('statement_timeout', '0', true), set_config('tcp_user_timeout', '0', true), set_config('jit', 'off', true),
          set_config('max_parallel_workers_per_gather', '0', true)
        """;

    /// <summary>
    /// Of one series after the other, each a range of a primary key, so that never more than a series is sorted. Runs of programs outside may
    /// have several points at a step and know no epochs.
    /// </summary>
    private const string Points = """
        CROSS JOIN LATERAL (
          (SELECT p.step, p.epoch, p.wall_ms, p.value FROM metric_points p
           WHERE NOT s.external AND p.run_id = s.run_id AND p.metric_id = s.metric_id ORDER BY p.step)
          UNION ALL
          (SELECT e.step, e.epoch, e.wall_ms, e.value FROM (
             SELECT o.step, NULL::real AS epoch, o.wall_ms, o.value FROM metric_points o WHERE s.external AND o.run_id = s.run_id AND o.metric_id = s.metric_id
             UNION ALL
             SELECT o.step, NULL::real, o.wall_ms, o.value FROM metric_repeats o WHERE s.external AND o.run_id = s.run_id AND o.metric_id = s.metric_id
           ) e ORDER BY e.step, e.wall_ms, e.value)
        ) p
        """;

    public Task<IExportedFile> RunsAsync(RunSearch search, IReadOnlyList<FilterField> fields, ExportFormat format, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(fields);
        return FileAsync(search, async (connection, transaction) =>
        {
            var sql = new RunSql(await metricIds.FindAsync([.. fields.SelectMany(MetricIds.Of)], cancellationToken), n => $"(SELECT p{n} FROM pg_temp.export_values)");
            var selected = format == ExportFormat.Csv
                ? string.Join(", ", fields.Select(RunColumns.Of).Select(c => ExportSql.CsvField(c.Kind, c.Sql(sql))))
                : string.Join(" || ", fields.Select((f, i) => $"{sql.Parameter(ExportSql.JsonName(f, i == 0))} || {JsonField(f, sql)}")) + " || '}'";
            await HandOverAsync(sql, connection, transaction, cancellationToken);
            var heading = format == ExportFormat.Csv ? string.Join(',', fields.Select(f => CsvText(f.Name))) + "\n" : "";
            return (heading, $"SELECT {selected} FROM pg_temp.chosen_runs x JOIN runs r ON r.id = x.id {sql.Joins} ORDER BY x.place");
        }, format, cancellationToken);
    }

    public Task<IExportedFile> MetricsAsync(RunSearch search, IReadOnlyList<string> keys, ExportFormat format, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(keys);
        return FileAsync(search with { Order = new("id", false) }, async (_, _) =>
        {
            var ids = (await metricIds.FindAsync([.. keys.Distinct(StringComparer.Ordinal)], cancellationToken)).Values;
            var wanted = keys.Count == 0 ? "true" : $"l.metric_id = ANY('{{{string.Join(',', ids)}}}'::smallint[])";
            var (shown, selected, heading) = format == ExportFormat.Csv
                ? (ExportSql.Harmless("n.name"), "s.run_id, s.shown, p.step, p.epoch, p.wall_ms, p.value", PointsHeading)
                : ("""'{"run_id":' || l.run_id || ',"metric":' || to_json(n.name) || ',"step":'""",
                   $$"""s.shown || p.step || ',"epoch":' || {{ExportSql.JsonReal("p.epoch")}} || ',"wall_ms":' || p.wall_ms || ',"value":' || {{ExportSql.JsonReal("p.value")}} || '}'""", "");
            return (heading, $"""
                SELECT {selected}
                FROM (
                  SELECT l.run_id, l.metric_id, r.external, {shown} AS shown
                  FROM pg_temp.chosen_runs x JOIN runs r ON r.id = x.id JOIN metric_latest l ON l.run_id = x.id JOIN metric_names n ON n.id = l.metric_id
                  WHERE {wanted}
                  ORDER BY l.run_id, n.name COLLATE "C"
                ) s
                {Points}
                """);
        }, format, cancellationToken);
    }

    public async IAsyncEnumerable<ExportedPoint> PointsAsync(long runId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await ExecuteAsync(new NpgsqlBatchCommand(Unhurried), connection, transaction, cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            SELECT s.name, p.step, p.wall_ms, p.value
            FROM (SELECT l.metric_id, n.name FROM metric_latest l JOIN metric_names n ON n.id = l.metric_id WHERE l.run_id = $1 ORDER BY n.name COLLATE "C") s
            CROSS JOIN LATERAL (SELECT * FROM metric_points p WHERE p.run_id = $1 AND p.metric_id = s.metric_id ORDER BY p.step) p
            """, connection, transaction) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = runId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) yield return new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetDouble(3));
    }

    /// <summary>Chooses the runs, within the limit of every search, and begins to copy what is written of them.</summary>
    private async Task<IExportedFile> FileAsync(
        RunSearch search, Func<NpgsqlConnection, NpgsqlTransaction, Task<(string Heading, string Query)>> write, ExportFormat format, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken);
        NpgsqlTransaction? transaction = null;
        try
        {
            transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await queries.ChooseAsync(search, connection, transaction, cancellationToken);
            await ExecuteAsync(new NpgsqlBatchCommand(Unhurried), connection, transaction, cancellationToken);
            var (heading, query) = await write(connection, transaction);
            return await CopiedFile.BeginAsync(
                connection, transaction, Encoding.UTF8.GetBytes(heading), $"COPY ({query}) {(format == ExportFormat.Csv ? ExportSql.Csv : ExportSql.Lines)}", cancellationToken);
        }
        catch
        {
            if (transaction is not null) await transaction.DisposeAsync();
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts the parameters of a query where a COPY can read them.</summary>
    private static Task HandOverAsync(RunSql sql, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var values = Enumerable.Range(1, sql.Parameters).Select(n => $", ${n} AS p{n}");
        return ExecuteAsync(
            sql.Command($"CREATE TEMPORARY TABLE export_values ON COMMIT DROP AS SELECT 1 AS one{string.Concat(values)}"), connection, transaction, cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlBatchCommand command, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { command } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string JsonField(FilterField field, RunSql sql)
    {
        var column = RunColumns.Of(field);
        return ExportSql.JsonField(column.Kind, column.Sql(sql));
    }

    /// <summary>A name of a field, which may hold a metric's, in the heading.</summary>
    private static string CsvText(string name)
    {
        var harmless = name.Length > 0 && "=+-@\t\r".Contains(name[0], StringComparison.Ordinal) ? $"'{name}" : name;
        return harmless.AsSpan().ContainsAny(",\"\r\n") ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }
}
