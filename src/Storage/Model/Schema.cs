using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Tracker.Storage;

/// <summary>Which schema this build works with.</summary>
public static class Schema
{
    /// <summary>The newest migration that this build knows; a test compares it with the scripts.</summary>
    public const string Latest = "0018_fixes";

    /// <summary>Where applied migrations are recorded.</summary>
    public const string HistoryTable = "schema_history";

    /// <summary>Migrations are scripts, so there is no snapshot of the model for EF to compare; a test does it on the tables instead.</summary>
    public static void HandWrittenMigrations(WarningsConfigurationBuilder warnings)
    {
        ArgumentNullException.ThrowIfNull(warnings);
        warnings.Ignore(RelationalEventId.PendingModelChangesWarning, RelationalEventId.MigrationsNotFound);
    }
}
