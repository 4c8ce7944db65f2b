using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>Leaderboards and figures over the runs of a finished sweep.</summary>
[Collection(RunningTrackerCollection.Name)]
public class LeaderboardTests(RunningTracker tracker)
{
    [Theory(Timeout = 240_000)]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task A_pinned_baseline_and_an_order_survive_a_reload(ColorScheme scheme, int width)
    {
        await tracker.FinishedSweepAsync();
        await using var visitor = await Visitor.SignedInAsync(tracker, scheme, width);
        await visitor.OpenAsync("/leaderboards");
        var rows = visitor.Page.Locator("table.boardt tbody tr");
        (await rows.CountAsync()).ShouldBeGreaterThan(1);

        await rows.Last.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("tr.pinned")).ToHaveCountAsync(1);
        if (width > 760) await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Batch", Exact = true }).ClickAsync();
        else await visitor.Page.GetByLabel("Sort by").SelectOptionAsync("batch");
        await visitor.Page.WaitForURLAsync(url => url.Contains("sort=batch", StringComparison.Ordinal) && url.Contains("baseline=", StringComparison.Ordinal));
        var pinned = await visitor.Page.Locator("tr.pinned th").TextContentAsync();

        await visitor.OpenAsync(new Uri(visitor.Page.Url).PathAndQuery);

        await Assertions.Expect(visitor.Page.Locator("table.boardt tbody tr").First.Locator("th")).ToHaveTextAsync(pinned!);
        await Assertions.Expect(visitor.Page.Locator(".boardnotes")).ToContainTextAsync("Welch");
        if (width > 760) await Assertions.Expect(visitor.Page.Locator("th[aria-sort=ascending]")).ToHaveTextAsync("Batch");
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        (await visitor.OverflowAsync()).ShouldBeEmpty();
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 180_000)]
    public async Task A_leaderboard_without_results_says_so_and_where_others_are()
    {
        await tracker.FinishedSweepAsync();
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync("/leaderboards?network=alexnet&dataset=imagenet");
        await Assertions.Expect(visitor.Page.GetByText("Nothing has finished for this network and data set")).ToBeVisibleAsync();
        await visitor.Page.Locator(".empty .btn").First.ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("table.boardt tbody tr").First).ToBeVisibleAsync();
        visitor.Complaints.ShouldBeEmpty();
    }

    [Theory(Timeout = 240_000)]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Figures_are_drawn_from_finished_runs_and_lead_to_them(ColorScheme scheme, int width)
    {
        await tracker.FinishedSweepAsync();
        await using var visitor = await Visitor.SignedInAsync(tracker, scheme, width);
        await visitor.OpenAsync("/figures");

        var error = visitor.Page.Locator("#error-epochs");
        await Assertions.Expect(error.Locator("canvas").First).ToBeVisibleAsync();
        await Assertions.Expect(error.Locator(".caption")).ToContainTextAsync("Mean ± std");
        (await error.GetByRole(AriaRole.Link, new() { Name = "The runs" }).GetAttributeAsync("href")).ShouldNotBeNull().ShouldStartWith("runs?ids=");
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        (await visitor.OverflowAsync()).ShouldBeEmpty();
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 180_000)]
    public async Task A_table_is_filtered_by_its_address()
    {
        await tracker.FinishedSweepAsync();
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync("/tables");
        await visitor.Page.GetByLabel("Network").SelectOptionAsync("c1");
        await visitor.Page.WaitForURLAsync(url => url.EndsWith("network=c1", StringComparison.Ordinal));
        await Assertions.Expect(visitor.Page.Locator("table.paper .net").First).ToHaveTextAsync("C1");
        await visitor.OpenAsync("/tables?network=c1&rows=begun&dataset=mnist");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Show all rows" }).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("table.paper .net").First).ToHaveTextAsync("F1");
        visitor.Complaints.ShouldBeEmpty();
    }
}
