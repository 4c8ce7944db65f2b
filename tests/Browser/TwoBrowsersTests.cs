using System.Text;
using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>Two people who look at the same run.</summary>
[Collection(RunningTrackerCollection.Name)]
public class TwoBrowsersTests(RunningTracker tracker)
{
    [Fact(Timeout = 240_000)]
    public async Task Both_see_a_change_of_the_run_without_a_reload()
    {
        var run = await tracker.FinishedRunAsync();
        await using var one = await Visitor.SignedInAsync(tracker);
        await using var other = await Visitor.SignedInAsync(tracker, ColorScheme.Dark, width: 360);
        foreach (var visitor in new[] { one, other })
        {
            await visitor.OpenAsync($"/runs/{run}");
            await visitor.Page.EvaluateAsync("() => { window.stayed = true; }");
        }

        using (var api = tracker.Api())
        {
            using var change = new StringContent("""{ "tags": ["seen by two"] }""", Encoding.UTF8, "application/json");
            (await api.PatchAsync(new Uri($"runs/{run}", UriKind.Relative), change)).EnsureSuccessStatusCode();
        }

        foreach (var visitor in new[] { one, other })
        {
            await Assertions.Expect(visitor.Page.GetByText("seen by two").First).ToBeVisibleAsync(new() { Timeout = 15_000 });
            (await visitor.Page.EvaluateAsync<bool>("() => window.stayed === true")).ShouldBeTrue();
            visitor.Complaints.ShouldBeEmpty();
        }
    }
}
