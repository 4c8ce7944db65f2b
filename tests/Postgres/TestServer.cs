using Npgsql;
using Tracker.Migrations;

namespace Tracker.Tests.Postgres;

/// <summary>
/// The server that all tests of a process share: that of <c>TRACKER_TEST_DB</c> (an Npgsql connection string of a role that may create
/// databases), else a private one.
/// </summary>
public static class TestServer
{
    private static readonly Lazy<Task<string>> s_server = new(StartAsync);
    private static readonly Lazy<Task<string>> s_template = new(MakeTemplateAsync);
    private static readonly SemaphoreSlim s_copying = new(1);

    /// <summary>Makes a database with the product's schema, as a copy of one that was migrated once.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> CreateDatabaseAsync()
    {
        var template = await s_template.Value;
        // A template cannot be copied twice at the same time.
        await s_copying.WaitAsync();
        try
        {
            return await CreateAsync($"TEMPLATE \"{new NpgsqlConnectionStringBuilder(template).Database}\"");
        }
        finally
        {
            s_copying.Release();
        }
    }

    /// <summary>Makes a database without any schema.</summary>
    public static Task<string> CreateEmptyDatabaseAsync() => CreateAsync("");

    /// <summary>Drops a database, ending its sessions.</summary>
    public static async Task DropDatabaseAsync(string connectionString) =>
        await ExecuteAsync($"DROP DATABASE IF EXISTS \"{new NpgsqlConnectionStringBuilder(connectionString).Database}\" WITH (FORCE)");

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("TRACKER_TEST_DB") is { Length: > 0 } given) return given;
        var cluster = await PostgresCluster.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Kill();
        return cluster.ConnectionString;
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var template = await CreateEmptyDatabaseAsync();
        await TrackerMigrator.MigrateAsync(template + ";Pooling=false", CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (Environment.GetEnvironmentVariable("TRACKER_TEST_DB") is { Length: > 0 }) DropDatabaseAsync(template).GetAwaiter().GetResult();
        };
        return template;
    }

    private static async Task<string> CreateAsync(string options)
    {
        var name = $"tracker_test_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE \"{name}\" {options}");
        return new NpgsqlConnectionStringBuilder(await s_server.Value) { Database = name }.ConnectionString;
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(await s_server.Value) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
