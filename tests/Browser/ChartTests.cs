using System.Globalization;
using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>A chart under the mouse and the keyboard, on the page that compares runs.</summary>
[Collection(RunningTrackerCollection.Name)]
public class ChartTests(RunningTracker tracker)
{
    [Fact(Timeout = 180_000)]
    public async Task Dragging_zooms_fetches_points_for_the_stretch_and_a_button_shows_all_again()
    {
        await using var visitor = await OpenAsync("metrics=train/loss");
        var whole = await PointsAsync(visitor);
        var plot = await PlotAsync(visitor);
        var box = (await plot.BoundingBoxAsync())!;

        await visitor.Page.Mouse.MoveAsync(box.X + box.Width * 0.4f, box.Y + 40);
        await visitor.Page.Mouse.DownAsync();
        await visitor.Page.Mouse.MoveAsync(box.X + box.Width * 0.6f, box.Y + 50, new() { Steps = 5 });
        await visitor.Page.Mouse.UpAsync();
        await visitor.Page.WaitForURLAsync(url => url.Contains("zoom=", StringComparison.Ordinal));
        await Until(async () => (await PointsAsync(visitor)).Count < whole.Count);

        // Whoever opens the address sees the same stretch.
        await visitor.OpenAsync(new Uri(visitor.Page.Url).PathAndQuery);
        (await PointsAsync(visitor)).Count.ShouldBeLessThan(whole.Count);

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Reset zoom" }).ClickAsync();
        await visitor.Page.WaitForURLAsync(url => !url.Contains("zoom=", StringComparison.Ordinal));
        await Until(async () => (await PointsAsync(visitor)).Count == whole.Count);
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 180_000)]
    public async Task The_keyboard_moves_the_crosshair_says_values_and_zooms()
    {
        await using var visitor = await OpenAsync("metrics=train/loss");
        var plot = await PlotAsync(visitor);
        var said = visitor.Page.Locator("figure.chart [data-said]").First;

        await plot.FocusAsync();
        await plot.PressAsync("ArrowRight");
        var first = await said.InnerTextAsync();
        first.ShouldStartWith("step ");
        await plot.PressAsync("ArrowRight");
        (await said.InnerTextAsync()).ShouldNotBe(first);

        await plot.PressAsync("+");
        await visitor.Page.WaitForURLAsync(url => url.Contains("zoom=", StringComparison.Ordinal));
        await plot.PressAsync("Escape");
        await visitor.Page.WaitForURLAsync(url => !url.Contains("zoom=", StringComparison.Ordinal));
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 180_000)]
    public async Task A_legend_isolates_a_curve_and_the_file_has_only_what_is_shown()
    {
        await using var visitor = await OpenAsync("group=runs");
        await PlotAsync(visitor);
        var pressed = visitor.Page.Locator(".legend [data-toggle][aria-pressed=true]");
        var all = await pressed.CountAsync();
        all.ShouldBeGreaterThan(2);

        await visitor.Page.Locator(".legend [data-only]").First.ClickAsync();

        await Assertions.Expect(pressed).ToHaveCountAsync(1);
        (await PointsAsync(visitor)).Select(point => point.Series).Distinct().ShouldHaveSingleItem();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).First.ClickAsync();
        await Assertions.Expect(pressed).ToHaveCountAsync(all);
        visitor.Complaints.ShouldBeEmpty();
    }

    private async Task<Visitor> OpenAsync(string query)
    {
        var sweep = await tracker.FinishedSweepAsync();
        var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync($"/compare?filter=sweep%20%3D%20{sweep.ToString(CultureInfo.InvariantCulture)}&{query}");
        return visitor;
    }

    private static async Task<ILocator> PlotAsync(Visitor visitor)
    {
        await visitor.Page.Locator("figure.chart[data-drawn]").First.WaitForAsync();
        return visitor.Page.Locator("figure.chart .plot").First;
    }

    /// <summary>What the CSV of the first chart holds.</summary>
    private static async Task<IReadOnlyList<(string Series, double X)>> PointsAsync(Visitor visitor)
    {
        await PlotAsync(visitor);
        await visitor.Page.Locator("summary[aria-label='Chart as file or table']").First.ClickAsync();
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Page.GetByRole(AriaRole.Button, new() { Name = "CSV of the points" }).First.ClickAsync());
        var lines = await File.ReadAllLinesAsync((await download.PathAsync())!);
        lines[0].ShouldStartWith("series,step,");
        // Names have commas and are quoted; they have no quotes inside.
        return [.. lines.Skip(1).Select(line => line.Split('"')).Select(parts => (parts[1], double.Parse(parts[2].Split(',')[1], CultureInfo.InvariantCulture)))];
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await condition()) await timer.WaitForNextTickAsync(limit.Token);
    }
}
