namespace Tracker.Storage.Tests;

/// <summary>What is kept of series must be what their points give.</summary>
internal static class SeriesInvariants
{
    private const string Kept = """
        SELECT concat_ws(' ', 'latest', run_id, metric_id, points, first_step, step, epoch, wall_ms, value, min, max) FROM metric_latest
        UNION ALL
        SELECT concat_ws(' ', 'bucket', run_id, metric_id, level, bucket, points, step, epoch, wall_ms, value, min, max) FROM metric_rollups
        ORDER BY 1
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task CheckAsync(StorageFixture storage)
    {
        await using var connection = await storage.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var kept = await ReadAsync(connection);
        // Which buckets are kept was decided while the series were shorter; it is no part of what must agree.
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = """
                CREATE TEMP TABLE decided ON COMMIT DROP AS SELECT run_id, metric_id, finest FROM metric_latest;
                SELECT summarise_series(NULL);
                DELETE FROM metric_rollups;
                SELECT roll_up(d.run_id, d.metric_id, d.finest, l.first_step) FROM decided d JOIN metric_latest l USING (run_id, metric_id) WHERE d.finest IS NOT NULL;
                """;
            await command.ExecuteNonQueryAsync(Token);
        }
        kept.ShouldBe(await ReadAsync(connection));
        await transaction.RollbackAsync(Token);
    }

    /// <summary>How many rows are kept about a run's series beside the points.</summary>
    public static async Task<long> RowsAsync(StorageFixture storage, long run)
    {
        await using var command = storage.DataSource.CreateCommand(
            $"SELECT (SELECT count(*) FROM metric_latest WHERE run_id = {run}) + (SELECT count(*) FROM metric_rollups WHERE run_id = {run})");
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    private static async Task<List<string>> ReadAsync(Npgsql.NpgsqlConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Kept;
        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = new List<string>();
        while (await reader.ReadAsync(Token)) rows.Add(reader.GetString(0));
        return rows;
    }
}
