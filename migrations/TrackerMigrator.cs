using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tracker.Storage;
using Tracker.Storage.Database;

namespace Tracker.Migrations;

/// <summary>Brings the database to the schema that this build knows.</summary>
public static class TrackerMigrator
{
    /// <summary>The newest migration of this build.</summary>
    public static string Latest => Schema.Latest;

    /// <summary>
    /// Applies what is missing, each script in a transaction of its own; processes that start together take turns. The job engine's
    /// tables come first, so that whoever sees the newest migration sees them too.
    /// </summary>
    /// <exception cref="SchemaException">The database has migrations that this build does not know.</exception>
    public static async Task MigrateAsync(string connectionString, CancellationToken cancellationToken)
    {
        // EF's own lock does not keep processes that start together from applying the same script twice (a test shows it); this one,
        // which ends with its connection, does.
        await using var turn = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await turn.OpenAsync(cancellationToken);
        await using (var wait = new NpgsqlCommand($"SELECT pg_advisory_lock({AdvisoryLocks.Migration})", turn) { CommandTimeout = 0 })
        {
            await wait.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var context = CreateContext(connectionString);
        var unknown = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).Except(context.Database.GetMigrations(), StringComparer.Ordinal).ToList();
        if (unknown.Count > 0) throw SchemaException.Newer(unknown[^1]);
        await RunQueueSchema.ProvisionAsync(connectionString, cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>A context whose migrations are those of this assembly.</summary>
    internal static TrackerDbContext CreateContext(string connectionString) => new(
        new DbContextOptionsBuilder<TrackerDbContext>()
            .UseNpgsql(connectionString, npgsql => npgsql
                .MigrationsAssembly(typeof(TrackerMigrator).Assembly.GetName().Name)
                .MigrationsHistoryTable(Schema.HistoryTable))
            .ConfigureWarnings(Schema.HandWrittenMigrations)
            .Options);
}
