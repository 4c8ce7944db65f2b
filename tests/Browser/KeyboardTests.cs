using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>The product without a mouse.</summary>
[Collection(RunningTrackerCollection.Name)]
public partial class KeyboardTests(RunningTracker tracker)
{
    private const int MostTabs = 80;

    private const string Specification = """
        { "name": "By keyboard", "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "largeBatch": [640], "seeds": [0], "epochs": 1, "trainExamples": 1408 }
        """;

    [Fact(Timeout = 120_000)]
    public async Task Keys_are_listed_lead_everywhere_and_keep_out_of_fields()
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        var (page, keys) = (visitor.Page, visitor.Page.Keyboard);
        await visitor.OpenAsync("/queue");

        await keys.PressAsync("?");
        var help = page.GetByRole(AriaRole.Dialog, new() { Name = "Help and keyboard shortcuts" });
        await Assertions.Expect(help.GetByText("New sweep").Last).ToBeVisibleAsync();
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        for (var i = 0; i < 12; i++)
        {
            await keys.PressAsync("Tab");
            (await page.EvaluateAsync<bool>("document.activeElement === document.body || !!document.activeElement.closest('#keys')")).ShouldBeTrue();
        }
        await keys.PressAsync("Escape");
        await Assertions.Expect(help).ToBeHiddenAsync();

        await keys.PressAsync("g");
        await keys.PressAsync("n");
        await page.WaitForURLAsync("**/sweeps/new");
        var name = page.GetByLabel("Name", new() { Exact = true });
        await name.FillAsync("");
        await name.PressSequentiallyAsync("g h ? . /");
        await Assertions.Expect(name).ToHaveValueAsync("g h ? . /");
        new Uri(page.Url).AbsolutePath.ShouldBe("/sweeps/new");
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 240_000)]
    public async Task The_jump_box_finds_a_sweep_by_a_part_of_its_name()
    {
        var sweep = await tracker.FinishedSweepAsync();
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync("/hosts");

        await visitor.Page.Keyboard.PressAsync("Control+k");
        await visitor.Page.Keyboard.TypeAsync("columns");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Option, new() { Name = "All columns" })).ToBeVisibleAsync();
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        await visitor.Page.Keyboard.PressAsync("Enter");

        await visitor.Page.WaitForURLAsync($"**/sweeps/{sweep}");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 300_000)]
    public async Task From_the_sign_in_to_the_table_without_a_mouse()
    {
        await using var visitor = await Visitor.ArriveAsync(tracker);
        var (page, keys) = (visitor.Page, visitor.Page.Keyboard);
        await page.GotoAsync("/");
        await TabToAsync(page, "#name");
        await keys.TypeAsync("admin");
        await TabToAsync(page, "#password");
        await keys.TypeAsync(tracker.Password);
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Home" })).ToBeFocusedAsync();

        await keys.PressAsync("g");
        await keys.PressAsync("n");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "New sweep" })).ToBeFocusedAsync();
        await keys.PressAsync("j");
        await Assertions.Expect(page.Locator("#json-text")).ToBeVisibleAsync();
        await TabToAsync(page, "#json-text");
        await keys.PressAsync("Control+a");
        await keys.InsertTextAsync(Specification);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Queue 5 runs" })).ToBeVisibleAsync();
        await keys.PressAsync("Control+Enter");
        await page.WaitForURLAsync(SweepPage());

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        await keys.PressAsync("g");
        await keys.PressAsync("t");
        var row = page.Locator("table.paper tbody tr").Filter(new() { HasTextRegex = Images() });
        await Assertions.Expect(row.Locator("a.cell").First).ToBeVisibleAsync(new() { Timeout = 180_000 });
        visitor.Complaints.ShouldBeEmpty();
    }

    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var i = 0; i < MostTabs; i++)
        {
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector)) return;
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"{selector} cannot be reached with the Tab key.");
    }

    [GeneratedRegex("1.?408 images", RegexOptions.None, 1000)]
    private static partial Regex Images();

    [GeneratedRegex(@"/sweeps/\d+$", RegexOptions.None, 1000)]
    private static partial Regex SweepPage();
}
