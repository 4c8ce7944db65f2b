using System.Text;
using System.Text.Json;
using System.Net.Http.Json;
using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>A page whose connection is cut and comes back.</summary>
[Collection(RunningTrackerCollection.Name)]
public class ConnectionTests(RunningTracker tracker)
{
    private const int Patience = 60_000;

    [Fact(Timeout = 180_000)]
    public async Task A_page_says_since_when_it_is_cut_off_and_catches_up_without_a_reload()
    {
        await using var proxy = new CuttableProxy(tracker.Url);
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync(proxy.Address("/sweeps"));
        await visitor.Page.EvaluateAsync("window.neverReloaded = true");
        var told = visitor.Page.Locator("#connection");

        proxy.Cut();
        await Assertions.Expect(told).ToContainTextAsync("No connection since", new() { Timeout = Patience });
        await Assertions.Expect(visitor.Page.Locator(".topbar .live")).ToContainTextAsync("Offline since");
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        var sweep = await SubmitAsync("Queued behind its back");
        proxy.Mend();

        await Assertions.Expect(told).ToBeHiddenAsync(new() { Timeout = Patience });
        await Assertions.Expect(visitor.Page.Locator("main").GetByText("Queued behind its back")).ToBeVisibleAsync(new() { Timeout = Patience });
        (await visitor.Page.EvaluateAsync<bool>("window.neverReloaded === true")).ShouldBeTrue();
        await CancelAsync(sweep);
    }

    [Fact(Timeout = 180_000)]
    public async Task What_is_typed_while_the_connection_is_cut_reaches_the_form()
    {
        await using var proxy = new CuttableProxy(tracker.Url);
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync(proxy.Address("/sweeps/new?preset=quick-start"));
        var told = visitor.Page.Locator("#connection");
        proxy.Cut();
        await Assertions.Expect(told).ToBeVisibleAsync(new() { Timeout = Patience });

        await visitor.Page.GetByLabel("Epochs", new() { Exact = true }).FillAsync("3");
        await visitor.Page.GetByLabel("Seeds", new() { Exact = true }).FillAsync("7 8 9");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Another combination" }).ClickAsync();
        await Assertions.Expect(told).ToContainTextAsync("was not done");
        proxy.Mend();

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Queue 25 runs" })).ToBeVisibleAsync(new() { Timeout = Patience });
        await Assertions.Expect(visitor.Page.GetByLabel("Epochs", new() { Exact = true })).ToHaveValueAsync("3");
    }

    private async Task<long> SubmitAsync(string name)
    {
        using var api = tracker.Api();
        using var specification = new StringContent($$"""
            { "name": "{{name}}", "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "methods": ["sb"], "seeds": [0], "labels": ["nowhere"],
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
