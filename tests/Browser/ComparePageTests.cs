using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>The page that puts runs side by side.</summary>
[Collection(RunningTrackerCollection.Name)]
public class ComparePageTests(RunningTracker tracker)
{
    [Theory(Timeout = 180_000)]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Runs_are_compared_without_barriers_in_any_window(ColorScheme scheme, int width)
    {
        var sweep = await tracker.FinishedSweepAsync();
        await using var visitor = await Visitor.SignedInAsync(tracker, scheme, width);
        await visitor.OpenAsync($"/compare?filter=sweep%20%3D%20{sweep}&metrics=validation/accuracy,train/loss&smooth=0.5&all=1");
        await visitor.Page.Locator("figure.chart[data-drawn]").First.WaitForAsync();

        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        (await visitor.OverflowAsync()).ShouldBeEmpty();
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 180_000)]
    public async Task What_is_chosen_is_in_the_address_which_restores_it()
    {
        var sweep = await tracker.FinishedSweepAsync();
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync("/compare");
        await Assertions.Expect(visitor.Page.GetByText("No runs are chosen")).ToBeVisibleAsync();

        await visitor.Page.GetByLabel("Runs by number, or a filter").FillAsync($"sweep = {sweep}");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Choose" }).ClickAsync();
        var chips = visitor.Page.Locator(".chips li");
        await Assertions.Expect(chips).ToHaveCountAsync(10);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Remove run" }).First.ClickAsync();
        await Assertions.Expect(chips).ToHaveCountAsync(9);
        var curves = visitor.Page.Locator(".compare-bar .chart-bar select").Nth(1);
        await curves.SelectOptionAsync("setting");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Log x" }).First.ClickAsync();
        await visitor.Page.WaitForURLAsync(url => url.Contains("logx=1", StringComparison.Ordinal) && url.Contains("group=setting", StringComparison.Ordinal));

        await visitor.OpenAsync(new Uri(visitor.Page.Url).PathAndQuery);

        await Assertions.Expect(chips).ToHaveCountAsync(9);
        await Assertions.Expect(curves).ToHaveValueAsync("setting");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Log x" }).First).ToHaveAttributeAsync("aria-pressed", "true");
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 180_000)]
    public async Task A_faulty_filter_is_explained_where_it_was_typed()
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync("/compare?filter=btach%20%3E%203");
        await Assertions.Expect(visitor.Page.Locator("#compare-fault")).ToContainTextAsync("btach");
        await Assertions.Expect(visitor.Page.GetByLabel("Runs by number, or a filter")).ToHaveValueAsync("btach > 3");
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        visitor.Complaints.ShouldBeEmpty();
    }
}
