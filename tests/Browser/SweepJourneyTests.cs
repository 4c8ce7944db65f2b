using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>The main job, as a person does it: plan a sweep in the form, queue it, and see the table fill.</summary>
[Collection(RunningTrackerCollection.Name)]
public partial class SweepJourneyTests(RunningTracker tracker)
{
    private const int Columns = 5;
    private const int Patience = 180_000;

    [Fact(Timeout = 300_000)]
    public async Task A_sweep_queued_in_the_form_fills_a_row_of_table_1_on_a_page_that_nobody_touches()
    {
        await using var planner = await Visitor.SignedInAsync(tracker);
        await using var watcher = await Visitor.SignedInAsync(tracker);
        await watcher.OpenAsync("/tables");
        var row = watcher.Page.Locator("table.paper tbody tr").Filter(new() { HasTextRegex = Images() });
        (await row.CountAsync()).ShouldBe(0);

        await planner.OpenAsync("/sweeps/new?preset=quick-start");
        await FillAsync(planner.Page);
        var queue = planner.Page.Locator(".plan-act .btn-primary");
        await Assertions.Expect(queue).ToHaveTextAsync("Queue 5 runs", new() { Timeout = 20_000 });
        await queue.ClickAsync();
        await planner.Page.WaitForURLAsync(SweepPage());

        await Assertions.Expect(row.Locator("a.cell:not(.part) .m")).ToHaveCountAsync(Columns, new() { Timeout = Patience });
        foreach (var mean in await row.Locator("a.cell .m").AllInnerTextsAsync()) double.Parse(mean).ShouldBeInRange(10.0, 100.0);
        await Assertions.Expect(planner.Page.GetByText("Succeeded").First).ToBeVisibleAsync();
        planner.Complaints.ShouldBeEmpty();
        watcher.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_fault_is_shown_beside_its_field_and_stops_the_submission()
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync("/sweeps/new?preset=quick-start");

        await visitor.Page.GetByLabel("Epochs", new() { Exact = true }).FillAsync("many");
        await visitor.Page.GetByLabel("Epochs", new() { Exact = true }).BlurAsync();

        await Assertions.Expect(visitor.Page.Locator("#epochs")).ToHaveAttributeAsync("aria-invalid", "true", new() { Timeout = 20_000 });
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Fix the marked fields" })).ToBeVisibleAsync();
    }

    /// <summary>The quick start, made smaller; its number of images is that of no other test.</summary>
    private static async Task FillAsync(IPage page)
    {
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("A journey");
        await page.GetByLabel("Epochs", new() { Exact = true }).FillAsync("1");
        await page.GetByLabel("Training images", new() { Exact = true }).FillAsync("1152");
        await RemoveAsync(page, "2048", "Large batches");
        await page.GetByLabel("Large batches", new() { Exact = true }).FillAsync("384");
        await page.GetByLabel("Large batches", new() { Exact = true }).PressAsync("Enter");
        await Assertions.Expect(Remove(page, "384", "Large batches")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await RemoveAsync(page, "1", "Seeds");
    }

    private static async Task RemoveAsync(IPage page, string value, string field)
    {
        await Remove(page, value, field).ClickAsync();
        await Assertions.Expect(Remove(page, value, field)).ToHaveCountAsync(0, new() { Timeout = 20_000 });
    }

    private static ILocator Remove(IPage page, string value, string field) =>
        page.GetByRole(AriaRole.Button, new() { Name = $"Remove {value} from {field}", Exact = true });

    [GeneratedRegex("1.?152 images", RegexOptions.None, 1000)]
    private static partial Regex Images();

    [GeneratedRegex(@"/sweeps/\d+$", RegexOptions.None, 1000)]
    private static partial Regex SweepPage();
}
