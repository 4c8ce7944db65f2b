using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Tracker.Migrations;

/// <summary>A migration that executes the embedded script of its own id.</summary>
public abstract class SqlMigration : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql(Script(GetType().GetCustomAttribute<MigrationAttribute>()!.Id));
    }

    private static string Script(string id)
    {
        var assembly = typeof(SqlMigration).Assembly;
        using var stream = assembly.GetManifestResourceStream($"{id}.sql")
            ?? throw new InvalidOperationException($"Migration {id} has no embedded script {id}.sql.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
