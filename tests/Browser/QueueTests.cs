using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>The page of the queue, with runs that no host can take, so that they stay where they are.</summary>
[Collection(RunningTrackerCollection.Name)]
public class QueueTests(RunningTracker tracker)
{
    private const int Patience = 60_000;

    [Theory(Timeout = 180_000)]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task A_run_that_no_host_can_take_stands_out_and_can_be_moved_and_cancelled(ColorScheme scheme, int width)
    {
        var sweep = await StuckSweepAsync();
        await using var visitor = await Visitor.SignedInAsync(tracker, scheme, width);
        await visitor.OpenAsync($"/queue?sweep={sweep}");
        var rows = visitor.Page.Locator("table.waiting tr.stuck");
        await Assertions.Expect(rows).ToHaveCountAsync(2, new() { Timeout = Patience });
        await Assertions.Expect(rows.First.Locator(".qbadge")).ToHaveTextAsync("No host");
        await Assertions.Expect(rows.First.Locator(".why")).ToContainTextAsync("nowhere");
        await Assertions.Expect(visitor.Page.Locator(".notice")).ToContainTextAsync("for a host that is not there.");
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        (await visitor.OverflowAsync()).ShouldBeEmpty();

        await rows.Last.GetByRole(AriaRole.Button, new() { Name = "High priority" }).First.ClickAsync();
        await Assertions.Expect(rows.Locator(".prio > .strong")).ToHaveTextAsync("High", new() { Timeout = Patience });

        await CancelAsync(sweep);
        await Assertions.Expect(rows).ToHaveCountAsync(0, new() { Timeout = Patience });
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 180_000)]
    public async Task A_queued_run_says_on_its_own_page_why_it_waits()
    {
        var sweep = await StuckSweepAsync();
        using var api = tracker.Api();
        var runs = await api.GetFromJsonAsync<JsonElement>($"sweeps/{sweep}/runs");
        await using var visitor = await Visitor.SignedInAsync(tracker);

        await visitor.OpenAsync($"/runs/{runs.GetProperty("items")[0].GetProperty("id").GetInt64()}");

        await Assertions.Expect(visitor.Page.Locator(".placed .qbadge")).ToHaveTextAsync("No host", new() { Timeout = Patience });
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        await CancelAsync(sweep);
        await Assertions.Expect(visitor.Page.GetByText("Cancelled by a user.")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Assertions.Expect(visitor.Page.Locator(".placed")).ToHaveCountAsync(0);
        visitor.Complaints.ShouldBeEmpty();
    }

    private async Task<long> StuckSweepAsync()
    {
        using var api = tracker.Api();
        using var specification = new StringContent("""
            { "name": "Stuck", "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "methods": ["sb"], "seeds": [0, 1], "labels": ["nowhere"],
              "trainExamples": 640, "rerun": true }
            """, Encoding.UTF8, "application/json");
        using var submitted = await api.PostAsync(new Uri("sweeps", UriKind.Relative), specification);
        submitted.EnsureSuccessStatusCode();
        return (await submitted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
    }

    private async Task CancelAsync(long sweep)
    {
        using var api = tracker.Api();
        using var answer = await api.PostAsync(new Uri($"sweeps/{sweep}/cancel", UriKind.Relative), null);
        answer.EnsureSuccessStatusCode();
    }
}
