using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tracker.Migrations;
using Tracker.Tests.Postgres;

namespace Tracker.Storage.Tests;

public class SchemaTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private sealed record Column(string Name, string Type, bool Nullable);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_model_has_every_column_of_its_tables_with_the_same_type_and_nullability()
    {
        await using var context = await storage.Get<IDbContextFactory<TrackerDbContext>>().CreateDbContextAsync(Token);
        var entities = context.Model.GetEntityTypes().ToList();
        entities.Count.ShouldBe(9);
        foreach (var entity in entities)
        {
            var table = entity.GetTableName().ShouldNotBeNull();
            var mapped = entity.GetProperties().Select(p => new Column(p.GetColumnName(), p.GetColumnType(), p.IsNullable));
            mapped.OrderBy(c => c.Name, StringComparer.Ordinal).ToList().ShouldBe(await ColumnsAsync(table), $"Table {table}");
        }
    }

    [Fact]
    public async Task The_model_has_the_primary_keys_of_its_tables()
    {
        await using var context = await storage.Get<IDbContextFactory<TrackerDbContext>>().CreateDbContextAsync(Token);
        foreach (var entity in context.Model.GetEntityTypes())
        {
            var table = entity.GetTableName()!;
            var mapped = entity.FindPrimaryKey()!.Properties.Select(p => p.GetColumnName());
            mapped.ToList().ShouldBe(await KeyAsync(table), $"Table {table}");
        }
    }

    [Fact]
    public void The_build_knows_its_migrations()
    {
        using var context = TrackerMigrator.CreateContext(storage.ConnectionString);
        context.Database.GetMigrations().ShouldBe(Schema.Migrations);
        Schema.Migrations[^1].ShouldBe(Schema.Latest);
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await TrackerMigrator.MigrateAsync(storage.ConnectionString, Token);
        await storage.Get<SchemaGuard>().CheckAsync(Token);
    }

    [Fact]
    public async Task Processes_that_start_together_migrate_once()
    {
        var empty = await TestServer.CreateEmptyDatabaseAsync();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TrackerMigrator.MigrateAsync(empty, Token)));
            await using var source = NpgsqlDataSource.Create(empty);
            await new SchemaGuard(source).CheckAsync(Token);
        }
        finally
        {
            await TestServer.DropDatabaseAsync(empty);
        }
    }

    [Fact]
    public async Task A_database_without_a_schema_is_told_to_start_the_web_process()
    {
        var empty = await TestServer.CreateEmptyDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(empty);
        var error = await Should.ThrowAsync<SchemaException>(new SchemaGuard(source).CheckAsync(Token));
        error.IsOlder.ShouldBeTrue();
        error.Message.ShouldContain("no schema");
        error.Message.ShouldContain("web process");
        await TestServer.DropDatabaseAsync(empty);
    }

    [Fact]
    public async Task Waiting_for_the_schema_ends_when_it_is_there()
    {
        var empty = await TestServer.CreateEmptyDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(empty);
        var waits = new TaskCompletionSource<string>();
        var waiting = new SchemaGuard(source).WaitAsync(TimeSpan.FromMinutes(1), waits.SetResult, Token);
        (await waits.Task.WaitAsync(TimeSpan.FromSeconds(20), Token)).ShouldContain("no schema");
        await TrackerMigrator.MigrateAsync(empty, Token);
        await waiting.WaitAsync(TimeSpan.FromSeconds(20), Token);
        await TestServer.DropDatabaseAsync(empty);
    }

    [Fact]
    public async Task A_database_that_lacks_one_in_between_is_older_whatever_its_newest_is()
    {
        var gap = await TestServer.CreateDatabaseAsync();
        await using (var source = NpgsqlDataSource.Create(gap))
        {
            await using var command = source.CreateCommand($"""DELETE FROM {Schema.HistoryTable} WHERE "MigrationId" = '0015_requests'""");
            await command.ExecuteNonQueryAsync(Token);
            var error = await Should.ThrowAsync<SchemaException>(new SchemaGuard(source).CheckAsync(Token));
            error.IsOlder.ShouldBeTrue();
            error.Message.ShouldContain("without 0015_requests");
        }
        await TestServer.DropDatabaseAsync(gap);
    }

    [Fact]
    public async Task A_database_newer_than_the_build_is_refused_by_both()
    {
        var newer = await TestServer.CreateDatabaseAsync();
        await using (var source = NpgsqlDataSource.Create(newer))
        {
            await using var command = source.CreateCommand($"""INSERT INTO {Schema.HistoryTable} ("MigrationId", "ProductVersion") VALUES ('9999_future', '99')""");
            await command.ExecuteNonQueryAsync(Token);
            (await Should.ThrowAsync<SchemaException>(new SchemaGuard(source).CheckAsync(Token))).Message.ShouldContain("9999_future");
        }
        (await Should.ThrowAsync<SchemaException>(TrackerMigrator.MigrateAsync(newer, Token))).IsOlder.ShouldBeFalse();
        await TestServer.DropDatabaseAsync(newer);
    }

    private async Task<List<Column>> ColumnsAsync(string table) => await QueryAsync(
        """
        SELECT attname, format_type(atttypid, atttypmod), NOT attnotnull FROM pg_attribute
        WHERE attrelid = @table::regclass AND attnum > 0 AND NOT attisdropped
        ORDER BY attname COLLATE "C"
        """, table, r => new Column(r.GetString(0), r.GetString(1), r.GetBoolean(2)));

    private async Task<List<string>> KeyAsync(string table) => await QueryAsync(
        """
        SELECT a.attname FROM pg_index i
        CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(attnum, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = @table::regclass AND i.indisprimary ORDER BY k.place
        """, table, r => r.GetString(0));

    private async Task<List<T>> QueryAsync<T>(string sql, string table, Func<NpgsqlDataReader, T> read)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue("table", table);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = new List<T>();
        while (await reader.ReadAsync(Token)) rows.Add(read(reader));
        return rows;
    }
}
