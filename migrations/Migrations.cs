using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Tracker.Storage;

namespace Tracker.Migrations;

/// <summary>Accounts and tokens.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0001_users")]
public sealed class Users : SqlMigration;

/// <summary>Sweeps, runs and what they record; hosts.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0002_tracking")]
public sealed class Tracking : SqlMigration;

/// <summary>The cells of the tables of results.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0003_results")]
public sealed class Results : SqlMigration;

/// <summary>Settings of experiments beyond batch, method and regime; results by the rule that a run states.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0004_options")]
public sealed class Options : SqlMigration;

/// <summary>Where runs may go, who used how much, what like runs took, and why attempts ended.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0005_scheduling")]
public sealed class Scheduling : SqlMigration;

/// <summary>Which process of which machine a host is.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0006_host_instances")]
public sealed class HostInstances : SqlMigration;

/// <summary>What tells machines apart, and since when a run has its device.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0007_machines")]
public sealed class Machines : SqlMigration;

/// <summary>The latest value of every series, and buckets of long ones.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0008_series")]
public sealed class Series : SqlMigration;

/// <summary>What people keep of the pages: views by name, and settings of their own.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0009_views")]
public sealed class Views : SqlMigration;

/// <summary>Roles, disabled users, scopes of tokens; the audit log; rules of retention.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0010_accounts")]
public sealed class Accounts : SqlMigration;

/// <summary>The cells of the tables of results, found sooner.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0011_result_cells")]
public sealed class ResultCells : SqlMigration;

/// <summary>Experiments and runs of programs outside; the recycle bin.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0012_external")]
public sealed class External : SqlMigration;

/// <summary>The recycle bin; rules for series and checkpoints.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0013_bin")]
public sealed class Bin : SqlMigration;

/// <summary>Accounts of programs, scopes that administer, passwords to be changed.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0014_access")]
public sealed class AccessRights : SqlMigration;

/// <summary>Webhooks, what there is to tell them, and what became of it.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0016_webhooks")]
public sealed class Webhooks : SqlMigration;

/// <summary>How reports of programs outside are written.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0017_reports")]
public sealed class Reports : SqlMigration;

/// <summary>Requests that may be sent again.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0015_requests")]
public sealed class Requests : SqlMigration;

/// <summary>A lock of the webhooks' own, and one look at each sweep that ends.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0018_fixes")]
public sealed class Fixes : SqlMigration;

/// <summary>Points between those of a long series, and when a failure counts.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0020_merged_points")]
public sealed class MergedPoints : SqlMigration;

/// <summary>Runs in the order in which they began; names of metrics that are freed.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0019_search")]
public sealed class SearchOrder : SqlMigration;

/// <summary>Sessions that their users have ended.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0021_sessions")]
public sealed class Sessions : SqlMigration;
