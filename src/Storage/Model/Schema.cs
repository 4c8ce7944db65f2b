using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Tracker.Storage;

/// <summary>Which schema this build works with.</summary>
public static class Schema
{
    /// <summary>The newest migration that this build knows; a test compares it with the scripts.</summary>
    public const string Latest = "0001_users";

    /// <summary>Where applied migrations are recorded.</summary>
    public const string HistoryTable = "schema_history";

    /// <summary>Migrations are scripts, so there is no snapshot of the model for EF to compare; a test does it on the tables instead.</summary>
    public static void HandWrittenMigrations(WarningsConfigurationBuilder warnings)
    {
        ArgumentNullException.ThrowIfNull(warnings);
        warnings.Ignore(RelationalEventId.PendingModelChangesWarning, RelationalEventId.MigrationsNotFound);
    }
}

/// <summary>The schema of the database is not the one that this build works with.</summary>
public sealed class SchemaException : Exception
{
    private SchemaException(string message) : base(message) { }

    /// <summary>The database is ahead.</summary>
    public static SchemaException Newer(string found) => new(
        $"The database has schema {found}, newer than this build, which knows up to {Schema.Latest}. Start the version that made it, or a later one.");

    /// <summary>The database is behind.</summary>
    public static SchemaException Older(string? found) => new(
        $"The database has {(found is null ? "no schema" : $"schema {found}")}; this build needs {Schema.Latest}. Start the web process of this version first: it brings the schema up to date.");
}
