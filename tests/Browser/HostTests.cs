using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>The page of the hosts, with the host that the launcher started.</summary>
[Collection(RunningTrackerCollection.Name)]
public class HostTests(RunningTracker tracker)
{
    [Fact(Timeout = 120_000)]
    public async Task A_host_shows_its_device_and_slots_and_can_be_drained_and_resumed()
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync("/hosts");
        var host = visitor.Page.Locator(".panel.host").First;

        await Assertions.Expect(host.GetByText("Up", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(host.Locator(".host-slots > li")).ToHaveCountAsync(2);

        await host.GetByRole(AriaRole.Button, new() { Name = "Drain" }).ClickAsync();
        // A run that another test left training has to be confirmed.
        var confirm = visitor.Page.Locator(".rz-dialog-confirm-buttons .rz-primary");
        await confirm.Or(host.GetByText("Draining", new() { Exact = true })).First.WaitForAsync();
        if (await confirm.IsVisibleAsync()) await confirm.ClickAsync();
        await Assertions.Expect(host.GetByText("Draining", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();

        await host.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(host.GetByText("Up", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        visitor.Complaints.ShouldBeEmpty();
    }
}
