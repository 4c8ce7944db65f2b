using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>What somebody sees who comes for the first time.</summary>
[Collection(EmptyTrackerCollection.Name)]
public class FirstVisitTests(EmptyTracker tracker)
{
    [Fact(Timeout = 180_000)]
    public async Task Three_steps_lead_to_the_first_sweep_are_closed_for_good_and_come_back_from_the_help()
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        var steps = visitor.Page.GetByRole(AriaRole.Region, new() { Name = "First steps" });
        await visitor.OpenAsync("/");
        await Assertions.Expect(steps.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
        await Assertions.Expect(steps.GetByRole(AriaRole.Link, new() { Name = "Plan the quick start" })).ToHaveAttributeAsync("href", "sweeps/new?preset=quick-start");

        await steps.GetByRole(AriaRole.Button, new() { Name = "Close for good" }).ClickAsync();
        await Assertions.Expect(steps).ToHaveCountAsync(0);
        await visitor.OpenAsync("/");
        await Assertions.Expect(visitor.Page.GetByText("No runs yet")).ToBeVisibleAsync();
        await Assertions.Expect(steps).ToHaveCountAsync(0);

        await visitor.Page.Keyboard.PressAsync("?");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Show the first steps again" }).ClickAsync();
        await Assertions.Expect(steps).ToBeVisibleAsync();
        visitor.Complaints.ShouldBeEmpty();
    }
}
