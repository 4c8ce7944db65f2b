using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>The page of a sweep: its curves, the choice of runs, its name.</summary>
[Collection(RunningTrackerCollection.Name)]
public class SweepPageTests(RunningTracker tracker)
{
    [Fact(Timeout = 240_000)]
    public async Task Grouping_changes_the_curves_and_the_address_which_shows_them_again()
    {
        var sweep = await tracker.FinishedSweepAsync();
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync($"/sweeps/{sweep}");
        var legend = visitor.Page.Locator("section[aria-label=Curves] .legend li");
        await Assertions.Expect(legend).ToHaveCountAsync(5);

        await visitor.Page.GetByRole(AriaRole.Combobox, new() { Name = "Curves", Exact = true }).SelectOptionAsync("seed");
        await Assertions.Expect(legend).ToHaveCountAsync(2);
        visitor.Page.Url.ShouldContain("group=seed");

        await visitor.OpenAsync(new Uri(visitor.Page.Url).PathAndQuery);
        await Assertions.Expect(legend).ToHaveCountAsync(2);
        await visitor.Page.GetByLabel("Members of").SelectOptionAsync("seed 1");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.List, new() { Name = "Members of seed 1" }).GetByRole(AriaRole.Link)).ToHaveCountAsync(5);
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 240_000)]
    public async Task Runs_chosen_in_the_heat_map_are_paused_and_the_others_are_not()
    {
        var sweep = await StuckSweepAsync();
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync($"/sweeps/{sweep}");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Choose", Exact = true }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "SB, batch 128, seed 0: queued" }).ClickAsync();
        await visitor.Page.Keyboard.PressAsync("ArrowRight");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Region, new() { Name = "Chosen runs" })).ToContainTextAsync("2 runs chosen");
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Pause 2" }).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".hc.is-paused")).ToHaveCountAsync(2);
        await Assertions.Expect(visitor.Page.Locator(".hc.is-queued")).ToHaveCountAsync(1);
        using var api = tracker.Api();
        var runs = await api.GetFromJsonAsync<JsonElement>($"sweeps/{sweep}/runs");
        runs.GetProperty("items").EnumerateArray().Select(run => run.GetProperty("state").GetString()).ShouldBe(["Paused", "Paused", "Queued"]);
        using var cancelled = await api.PostAsync(new Uri($"sweeps/{sweep}/cancel", UriKind.Relative), null);
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 240_000)]
    public async Task A_new_name_and_notes_survive_a_reload_and_a_deletion_says_what_goes()
    {
        var sweep = await StuckSweepAsync();
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync($"/sweeps/{sweep}");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Rename the sweep" }).ClickAsync();
        await visitor.Page.GetByLabel("Name of the sweep").FillAsync("Renamed by hand");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visitor.Page.Locator("h1")).ToContainTextAsync("Renamed by hand");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Add notes" }).ClickAsync();
        await visitor.Page.GetByLabel("Notes of the sweep").FillAsync("Half a thought");

        await visitor.Page.ReloadAsync();
        await Assertions.Expect(visitor.Page.GetByLabel("Notes of the sweep")).ToHaveValueAsync("Half a thought");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Save notes" }).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".note-text p")).ToHaveTextAsync("Half a thought");
        await Assertions.Expect(visitor.Page.Locator("h1")).ToContainTextAsync("Renamed by hand");

        await visitor.Page.GetByLabel("More: table").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Delete the sweep" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("Renamed by hand goes with 3 runs, 0 points of their curves and their logs.");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Delete 3 runs" }).ClickAsync();
        await visitor.Page.WaitForURLAsync("**/sweeps");
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 240_000)]
    public async Task The_list_of_sweeps_is_filtered_as_one_types()
    {
        await tracker.FinishedSweepAsync();
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync("/sweeps");
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).PressSequentiallyAsync("all col");
        await Assertions.Expect(visitor.Page.Locator("table.sweeps tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(visitor.Page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("all col");
        await visitor.Page.GetByLabel("State").SelectOptionAsync("Failed");
        await Assertions.Expect(visitor.Page.GetByText("No sweep matches")).ToBeVisibleAsync();
        visitor.Page.Url.ShouldEndWith("/sweeps?name=all%20col&state=failed");
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        visitor.Complaints.ShouldBeEmpty();
    }

    private async Task<long> StuckSweepAsync()
    {
        using var api = tracker.Api();
        using var specification = new StringContent("""
            { "name": "Stuck for a page", "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "methods": ["sb"], "seeds": [0, 1, 2], "labels": ["nowhere"],
              "trainExamples": 640, "rerun": true }
            """, Encoding.UTF8, "application/json");
        using var submitted = await api.PostAsync(new Uri("sweeps", UriKind.Relative), specification);
        submitted.EnsureSuccessStatusCode();
        return (await submitted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
    }
}
