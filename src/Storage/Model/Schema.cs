using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Tracker.Storage;

/// <summary>Which schema this build works with.</summary>
public static class Schema
{
    /// <summary>The newest migration that this build knows.</summary>
    public const string Latest = "0021_sessions";

    /// <summary>All that it knows; a test compares them with the scripts.</summary>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        "0001_users", "0002_tracking", "0003_results", "0004_options", "0005_scheduling", "0006_host_instances", "0007_machines", "0008_series", "0009_views",
        "0010_accounts", "0011_result_cells", "0012_external", "0013_bin", "0014_access", "0015_requests", "0016_webhooks", "0017_reports", "0018_fixes", "0019_search",
        "0020_merged_points", Latest,
    ];

    /// <summary>Where applied migrations are recorded.</summary>
    public const string HistoryTable = "schema_history";

    /// <summary>Migrations are scripts, so there is no snapshot of the model for EF to compare; a test does it on the tables instead.</summary>
    public static void HandWrittenMigrations(WarningsConfigurationBuilder warnings)
    {
        ArgumentNullException.ThrowIfNull(warnings);
        warnings.Ignore(RelationalEventId.PendingModelChangesWarning, RelationalEventId.MigrationsNotFound);
    }
}
