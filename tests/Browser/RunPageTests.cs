using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>The page of a run: its log, notes, sections and checkpoint.</summary>
[Collection(RunningTrackerCollection.Name)]
public class RunPageTests(RunningTracker tracker)
{
    [Fact(Timeout = 240_000)]
    public async Task What_is_sought_in_the_log_stays_in_the_address()
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync($"/runs/{await RunAsync()}");
        var find = visitor.Page.GetByLabel("Find in the log");
        await find.FillAsync("nothing has this in it");
        await find.PressAsync("Enter");
        await Assertions.Expect(visitor.Page.Locator(".log .nothing")).ToContainTextAsync("No line has");
        visitor.Page.Url.ShouldContain("find=");

        await visitor.OpenAsync(new Uri(visitor.Page.Url).PathAndQuery);
        await Assertions.Expect(find).ToHaveValueAsync("nothing has this in it");
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 240_000)]
    public async Task Notes_outlive_a_reload_before_and_after_they_are_saved_and_tags_are_added_and_removed()
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync($"/runs/{await RunAsync()}");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Add notes" }).ClickAsync();
        var field = visitor.Page.GetByLabel("Notes of the run");
        await field.FillAsync("See run 1.");
        await visitor.Page.ReloadAsync();
        await Assertions.Expect(field).ToHaveValueAsync("See run 1.");
        await field.PressAsync("Control+Enter");
        await Assertions.Expect(visitor.Page.Locator(".note-text a")).ToHaveAttributeAsync("href", "runs/1");

        await visitor.Page.GetByLabel("Add a tag").FillAsync("checked");
        await visitor.Page.Keyboard.PressAsync("Enter");
        var tag = visitor.Page.Locator(".tags .token").Filter(new() { HasText = "checked" });
        await Assertions.Expect(tag).ToBeVisibleAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Remove tag checked" }).ClickAsync();
        await Assertions.Expect(tag).ToHaveCountAsync(0);
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 240_000)]
    public async Task Sections_fold_the_checkpoint_is_downloaded_and_the_next_run_is_one_step_away()
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync($"/runs/{await RunAsync()}");
        var section = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Optimisation" });
        await Assertions.Expect(section).ToHaveAttributeAsync("aria-expanded", "true");
        await section.ClickAsync();
        await Assertions.Expect(section).ToHaveAttributeAsync("aria-expanded", "false");
        visitor.Page.Url.ShouldContain("open=");

        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Page.GetByLabel("Download the checkpoint").ClickAsync());
        download.SuggestedFilename.ShouldEndWith(".safetensors");
        await visitor.Page.GetByLabel("Run after this one").ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("h1")).ToContainTextAsync("LB");
        visitor.Complaints.ShouldBeEmpty();
    }

    private async Task<long> RunAsync()
    {
        using var api = tracker.Api();
        var runs = await api.GetFromJsonAsync<JsonElement>($"sweeps/{await tracker.FinishedSweepAsync()}/runs");
        return runs.GetProperty("items").EnumerateArray().First().GetProperty("id").GetInt64();
    }
}
