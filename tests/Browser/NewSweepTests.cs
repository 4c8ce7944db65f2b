using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>The form of a sweep beside typing into its fields: its JSON, and drafts that were left.</summary>
[Collection(RunningTrackerCollection.Name)]
public class NewSweepTests(RunningTracker tracker)
{
    [Fact(Timeout = 120_000)]
    public async Task JSON_follows_the_form_and_the_form_follows_JSON_whose_faults_point_at_their_line()
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        var page = visitor.Page;
        await visitor.OpenAsync("/sweeps/new?preset=quick-start&json=true");
        var json = page.GetByLabel("Specification as JSON", new() { Exact = true }).And(page.Locator("textarea"));
        var epochs = page.GetByLabel("Epochs", new() { Exact = true });
        var text = await json.InputValueAsync();

        await json.FillAsync(text.Replace("\"epochs\": 6", "\"epochs\": \"many\"", StringComparison.Ordinal));
        var line = text[..text.IndexOf("\"epochs\"", StringComparison.Ordinal)].Count(c => c == '\n') + 1;
        var fault = page.Locator(".json-faults li");
        await Assertions.Expect(fault).ToContainTextAsync($"Line {line}, epochs");
        await Assertions.Expect(epochs).ToHaveValueAsync("6");
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        await fault.GetByRole(AriaRole.Button).ClickAsync();
        await page.WaitForFunctionAsync("() => { const area = document.activeElement; return area.value?.slice(area.selectionStart, area.selectionEnd).includes('\"many\"'); }");

        await json.FillAsync(text.Replace("\"epochs\": 6", "\"epochs\": 5", StringComparison.Ordinal));
        await Assertions.Expect(epochs).ToHaveValueAsync("5");
        await Assertions.Expect(fault).ToHaveCountAsync(0);
        await epochs.FillAsync("4");
        await page.WaitForFunctionAsync("() => document.getElementById('json-text').value.includes('\"epochs\": 4')");
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_draft_that_was_left_is_offered_where_the_address_says_what_to_start_from_and_can_be_discarded()
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        var page = visitor.Page;
        await visitor.OpenAsync("/sweeps/new?preset=quick-start");
        var name = page.GetByLabel("Name", new() { Exact = true });
        await name.FillAsync("Left behind");
        await page.WaitForURLAsync(url => !url.Contains("preset", StringComparison.Ordinal));
        await page.WaitForFunctionAsync("() => sessionStorage.getItem('new-sweep')?.includes('Left behind')");

        await visitor.OpenAsync("/sweeps/new?preset=quick-start");
        await Assertions.Expect(name).ToHaveValueAsync("Quick start: F1 on Fashion-MNIST");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on with it" }).ClickAsync();
        await Assertions.Expect(name).ToHaveValueAsync("Left behind");

        await page.GetByRole(AriaRole.Button, new() { Name = "Discard it" }).ClickAsync();
        await Assertions.Expect(name).ToHaveValueAsync("Quick start: F1 on Fashion-MNIST");
        visitor.Complaints.ShouldBeEmpty();
    }
}
