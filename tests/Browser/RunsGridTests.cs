using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>The page of runs: found by a filter, put in order, shown as one likes, chosen and handed on.</summary>
[Collection(RunningTrackerCollection.Name)]
public partial class RunsGridTests(RunningTracker tracker)
{
    private const int Runs = 10;

    [Fact(Timeout = 240_000)]
    public async Task A_filter_is_completed_and_applied_by_keys_alone()
    {
        await using var visitor = await OpenAsync("/runs");
        var page = visitor.Page;
        var box = page.GetByRole(AriaRole.Combobox, new() { Name = "Filter runs" });
        var all = await CountAsync(page);

        await box.FocusAsync();
        await box.PressSequentiallyAsync("techn");
        await Assertions.Expect(Option(page, "technique")).ToBeVisibleAsync();
        await Assertions.Expect(box).ToHaveAttributeAsync("aria-expanded", "true");
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(box).ToHaveValueAsync("technique ");
        await Assertions.Expect(Option(page, "=")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(box).ToHaveAttributeAsync("aria-activedescendant", "filter-option-0");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Option(page, "'SB'")).ToBeVisibleAsync();
        await box.PressSequentiallyAsync("'SB'");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(box).ToHaveAttributeAsync("aria-expanded", "false");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page).ToHaveURLAsync(FilteredAddress());
        await Assertions.Expect(page.Locator(".page-head .sub")).ToContainTextAsync("match");
        (await CountAsync(page)).ShouldBeLessThan(all);
        foreach (var technique in await page.Locator("tbody tr[aria-rowindex] .tech").AllInnerTextsAsync()) technique.ShouldBe("SB");
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 240_000)]
    public async Task A_fault_in_a_filter_is_marked_and_the_old_result_stays()
    {
        await using var visitor = await OpenAsync("/runs");
        var page = visitor.Page;
        var all = await CountAsync(page);

        await page.Locator("#filter").FillAsync("seed = 0 and btch > 12");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator(".filter-fault mark")).ToHaveTextAsync("btch");
        await Assertions.Expect(page.Locator(".filter-fault")).ToContainTextAsync("batch");
        (await CountAsync(page)).ShouldBe(all);
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
    }

    [Fact(Timeout = 240_000)]
    public async Task Rows_are_sorted_and_columns_chosen_and_the_address_says_so()
    {
        await using var visitor = await OpenAsync($"/runs?filter={Uri.EscapeDataString("state = 'Succeeded' and metrics.train/loss is not null")}");
        var page = visitor.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = "Accuracy", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("th[aria-sort=descending]")).ToHaveTextAsync("Accuracy");
        page.Url.ShouldContain("sort=-accuracy");
        await ShouldDescendAsync(page);

        await page.Locator("summary", new() { HasText = "Columns" }).ClickAsync();
        await page.GetByLabel("Find a column").FillAsync("train/loss");
        await page.GetByRole(AriaRole.Button, new() { Name = "train/loss", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "train/loss" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Hide Sweep", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Sweep" })).ToHaveCountAsync(0);
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();

        await visitor.OpenAsync(page.Url);
        await Assertions.Expect(page.Locator("td[data-l='train/loss']").First).ToHaveTextAsync(ANumber());
        await ShouldDescendAsync(page);
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 240_000)]
    public async Task A_saved_view_opens_in_another_browser()
    {
        var name = $"View {Guid.NewGuid():N}"[..20];
        await using var one = await OpenAsync("/runs?filter=seed%20%3D%200&sort=batch&columns=id,seed,batch");
        await one.Page.Locator("summary", new() { HasText = "Views" }).ClickAsync();
        await one.Page.GetByLabel("Save what is shown now as").FillAsync(name);
        await one.Page.GetByLabel("Share with the team").CheckAsync();
        await one.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(one.Page.GetByRole(AriaRole.Link, new() { Name = name })).ToBeVisibleAsync();
        (await one.AxeViolationsAsync()).ShouldBeEmpty();

        await using var other = await OpenAsync("/runs");
        await other.Page.Locator("summary", new() { HasText = "Views" }).ClickAsync();
        await other.Page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await Assertions.Expect(other.Page.Locator("#filter")).ToHaveValueAsync("seed = 0");
        await Assertions.Expect(other.Page.Locator("th[aria-sort=ascending]")).ToHaveTextAsync("Batch");
        await Assertions.Expect(other.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Host" })).ToHaveCountAsync(0);
    }

    [Fact(Timeout = 240_000)]
    public async Task Chosen_runs_are_compared()
    {
        await using var visitor = await OpenAsync($"/runs?filter={Uri.EscapeDataString("state = 'Succeeded'")}");
        var page = visitor.Page;
        var boxes = page.GetByRole(AriaRole.Checkbox, new() { NameRegex = ChooseRun() });

        await boxes.Nth(0).ClickAsync();
        await Assertions.Expect(boxes.Nth(0)).ToBeCheckedAsync();
        await boxes.Nth(2).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Assertions.Expect(page.Locator(".rg-chosen [role=status]")).ToContainTextAsync("3 of ");
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        var ids = await page.Locator("tbody tr[aria-selected=true] td.rg-id a").AllInnerTextsAsync();
        var address = await page.GetByRole(AriaRole.Link, new() { Name = "Compare" }).Last.GetAttributeAsync("href");
        address.ShouldBe($"compare?runs={string.Join(',', ids.Select(id => id.Replace(",", "", StringComparison.Ordinal)))}");

        await page.GetByRole(AriaRole.Button, new() { NameRegex = ChooseAll() }).ClickAsync();
        var all = await CountAsync(page);
        await Assertions.Expect(page.Locator(".rg-chosen [role=status]")).ToHaveTextAsync(string.Create(CultureInfo.InvariantCulture, $"{all:N0} of {all:N0} chosen"));
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 240_000)]
    public async Task On_a_narrow_window_rows_are_cards_and_the_filter_can_be_used()
    {
        await tracker.FinishedSweepAsync();
        await using var visitor = await Visitor.SignedInAsync(tracker, ColorScheme.Dark, width: 360);
        await visitor.OpenAsync("/runs");
        var page = visitor.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = "Succeeded", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#filter")).ToHaveValueAsync("state = 'Succeeded'");
        var card = page.Locator("tbody tr[aria-rowindex]").First;
        await Assertions.Expect(card).ToBeVisibleAsync();
        (await card.EvaluateAsync<string>("row => getComputedStyle(row).display")).ShouldBe("grid");
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        (await visitor.OverflowAsync()).ShouldBeEmpty();
        visitor.Complaints.ShouldBeEmpty();
    }

    [GeneratedRegex("filter=technique", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FilteredAddress();

    [GeneratedRegex(@"^\d", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ANumber();

    [GeneratedRegex("^Choose run ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ChooseRun();

    [GeneratedRegex("^Choose all ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ChooseAll();

    private static ILocator Option(IPage page, string text) => page.GetByRole(AriaRole.Option).Filter(new() { HasText = text }).First;

    private static async Task<int> CountAsync(IPage page) =>
        int.Parse(string.Concat((await page.Locator(".page-head .sub").InnerTextAsync()).TakeWhile(letter => letter != ' ').Where(char.IsDigit)));

    private static async Task ShouldDescendAsync(IPage page)
    {
        var shown = await page.Locator("td[data-l=Accuracy]").AllInnerTextsAsync();
        var accuracies = shown.Select(text => double.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture)).ToList();
        accuracies.Count.ShouldBeGreaterThanOrEqualTo(Runs);
        accuracies.ShouldBe(accuracies.OrderDescending());
    }

    private async Task<Visitor> OpenAsync(string path)
    {
        await tracker.FinishedSweepAsync();
        var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync(path);
        return visitor;
    }
}
