namespace Tracker.Browser.Tests;

/// <summary>The addresses of the product's pages.</summary>
internal static class SitePages
{
    /// <summary>Those that show something in an empty product too.</summary>
    public static readonly IReadOnlyList<string> WithoutIds = ["/", "/sweeps", "/sweeps/new", "/runs", "/leaderboards", "/compare", "/tables", "/figures", "/queue", "/hosts", "/settings", "/settings/bin", "/settings/users", "/settings/audit", "/settings/retention", "/settings/webhooks"];

    /// <summary>All, with places for the ids of a sweep and a run.</summary>
    public static readonly IReadOnlyList<string> All = [.. WithoutIds, "/sweeps/{sweep}", "/runs/{run}"];
}
