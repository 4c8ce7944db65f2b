namespace Tracker.Web.Views;

/// <summary>The addresses of the pages, in one place.</summary>
public static class Addresses
{
    public const string Home = "";
    public const string NewSweep = "sweeps/new";
    public const string Sweeps = "sweeps";
    public const string Runs = "runs";
    public const string Compare = "compare";
    public const string Leaderboards = "leaderboards";
    public const string Tables = "tables";
    public const string Figures = "figures";
    public const string Hosts = "hosts";
    public const string Queue = "queue";
    public const string Settings = "settings";
    public const string Jump = "jump";
    public const string Users = "settings/users";
    public const string Audit = "settings/audit";
    public const string Retention = "settings/retention";
    public const string Bin = "settings/bin";
    public const string Webhooks = "settings/webhooks";
    public const string SignIn = "sign-in";

    public static string Sweep(long id) => $"sweeps/{id}";

    public static string Run(long id) => $"runs/{id}";

    /// <summary>What was sent to a webhook.</summary>
    public static string WebhookLog(long id) => $"{Webhooks}?hook={id}";

    /// <summary>A page of the queue, from 1.</summary>
    public static string QueuePage(int page) => page <= 1 ? Queue : $"{Queue}?page={page}";

    /// <summary>The waiting runs of a sweep.</summary>
    public static string QueueOf(long sweepId) => $"{Queue}?sweep={sweepId}";

    /// <summary>These runs side by side.</summary>
    public static string CompareOf(IEnumerable<long> ids) => $"{Compare}?runs={string.Join(',', ids)}";

    /// <summary>The leaderboard of a network and a data set.</summary>
    public static string LeaderboardOf(string network, string dataset) => $"{Leaderboards}?network={Uri.EscapeDataString(network)}&dataset={Uri.EscapeDataString(dataset)}";

    /// <summary>The runs that programs outside are reporting.</summary>
    public static string RunsOutside => RunsWhere("external = 'true' and state = running");

    /// <summary>The runs that a filter matches.</summary>
    public static string RunsWhere(string filter) => $"{Runs}?filter={Uri.EscapeDataString(filter)}";

    /// <summary>The runs that a filter matches, as a file.</summary>
    public static string RunsCsv(string filter, string? sort) =>
        "api/v1/runs.csv" + (filter.Length == 0 ? "" : $"?filter={Uri.EscapeDataString(filter)}") + (sort is null ? "" : $"{(filter.Length == 0 ? '?' : '&')}sort={Uri.EscapeDataString(sort)}");

    /// <summary>A saved view of the runs.</summary>
    public static string RunsView(string query) => query.Length == 0 ? Runs : $"{Runs}?{query}";

    /// <summary>Just these runs.</summary>
    public static string RunsOf(IEnumerable<long> ids) => $"{Runs}?ids={string.Join(',', ids)}";

    /// <summary>The form filled in with a preset.</summary>
    public static string Preset(string name) => $"{NewSweep}?preset={Uri.EscapeDataString(name)}";

    /// <summary>The form filled in with an old sweep.</summary>
    public static string Clone(long sweepId) => $"{NewSweep}?from={sweepId}";

    /// <summary>The form filled in with the settings of a run and another method, for a cell of a table that has no runs.</summary>
    public static string Like(long runId, string method, int seeds) => $"{NewSweep}?like={runId}&method={Uri.EscapeDataString(method)}&seeds={seeds}";
}
