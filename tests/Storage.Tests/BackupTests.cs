using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tracker.Domain;
using Tracker.Migrations;
using Tracker.Tests.Postgres;

namespace Tracker.Storage.Tests;

/// <summary>What docs/backup.md says, done.</summary>
public sealed class BackupTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dump_that_is_restored_into_an_empty_database_has_every_row_of_every_table_and_can_be_worked_with()
    {
        var run = await RecordAsync();
        var (sweep, waiting) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        await storage.Runs.DeleteAsync(waiting[1], Token);
        var before = await ChecksumsAsync(storage.ConnectionString);
        before.Count.ShouldBeGreaterThan(30);
        before["metric_points"].ShouldNotBe(before["metric_repeats"]);

        var file = Path.GetTempFileName();
        var restored = await TestServer.CreateEmptyDatabaseAsync();
        try
        {
            await RunAsync("pg_dump", storage.ConnectionString, "--format=custom", $"--file={file}");
            await RunAsync("pg_restore", restored, "--exit-on-error", "--no-owner", file);
            (await ChecksumsAsync(restored)).ShouldBe(before);

            await TrackerMigrator.MigrateAsync(restored, Token);
            (await ChecksumsAsync(restored)).ShouldBe(before);
            await using var services = new ServiceCollection().AddLogging().AddTrackerStorage(restored).AddRunQueueClient().BuildServiceProvider();
            await services.GetRequiredService<SchemaGuard>().CheckAsync(Token);
            (await services.GetRequiredService<IRuns>().FindAsync(run, Token)).ShouldNotBeNull().State.ShouldBe(RunState.Succeeded);
            var drawn = (await storage.Metrics.SeriesAsync([run], [MetricNames.TrainLoss], 100, MetricAxis.Step, Token)).Single().Buckets;
            drawn.Count.ShouldBeGreaterThan(50);
            (await services.GetRequiredService<IMetrics>().SeriesAsync([run], [MetricNames.TrainLoss], 100, MetricAxis.Step, Token)).Single().Buckets.ShouldBe(drawn);
            (await services.GetRequiredService<IRecycleBin>().RestoreRunAsync(waiting[1], Token)).ShouldBeTrue();
            (await services.GetRequiredService<ISweeps>().SubmitAsync(SweepsToTest.Next(), null, Token)).ShouldBeGreaterThan(sweep);
        }
        finally
        {
            File.Delete(file);
            await TestServer.DropDatabaseAsync(restored);
        }
    }

    private async Task<long> RecordAsync()
    {
        var writer = await WrittenRun.StartAsync(storage);
        await writer.FlushAsync([.. Enumerable.Range(1, 3000).Select(s => new MetricPoint(s, s / 100.0, MetricNames.TrainLoss, s, 1.0 / s))]);
        await storage.Attempts.SucceedAsync(writer.Run, writer.Attempt, Results.With(0.5), Token);
        return writer.Run;
    }

    /// <summary>Rows of each table, and a checksum over them in an order that does not depend on where they lie.</summary>
    private static async Task<SortedDictionary<string, string>> ChecksumsAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        var tables = await ReadAsync(source, "SELECT quote_ident(relname), '' FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition");
        var sums = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in tables.Keys)
            sums[table] = (await ReadAsync(source, $"SELECT count(*)::text, coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') FROM {table} t")).Select(r => $"{r.Key} {r.Value}").Single();
        return sums;
    }

    private static async Task<Dictionary<string, string>> ReadAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(Token)) rows[reader.GetString(0)] = reader.GetString(1);
        return rows;
    }

    private static async Task RunAsync(string tool, string database, params IEnumerable<string> arguments)
    {
        var target = new NpgsqlConnectionStringBuilder(database);
        using var process = Process.Start(new ProcessStartInfo(
            PostgresCluster.Tool(tool), [$"--host={target.Host}", $"--port={target.Port}", $"--username={target.Username}", $"--dbname={target.Database}", .. arguments])
        {
            RedirectStandardError = true, UseShellExecute = false,
        })!;
        var told = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0, $"{tool}: {told}");
    }
}
