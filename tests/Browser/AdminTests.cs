using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>An admin lets somebody in, who sees only what they may do; the audit log knows it.</summary>
[Collection(RunningTrackerCollection.Name)]
public class AdminTests(RunningTracker tracker)
{
    private static readonly LocatorAssertionsToBeVisibleOptions s_patient = new() { Timeout = 20_000 };

    [Fact(Timeout = 240_000)]
    public async Task An_added_viewer_reads_without_buttons_until_the_role_is_changed_and_is_out_when_disabled()
    {
        var sweep = await tracker.FinishedSweepAsync();
        await using var admin = await Visitor.SignedInAsync(tracker);
        await admin.OpenAsync("/settings/users");
        await admin.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("visitor");
        await admin.Page.GetByLabel("Role", new() { Exact = true }).SelectOptionAsync("viewer");
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Add the user" }).ClickAsync();
        var password = await admin.Page.Locator(".token-made code").InnerTextAsync();

        await using var visitor = await Visitor.ArriveAsync(tracker);
        await visitor.SignInAsync("/", "visitor", password);
        await visitor.ChooseAPasswordAsync(password, "a password of my own");
        await visitor.OpenAsync($"/sweeps/{sweep}");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("All columns");
        foreach (var action in (string[])["Rename the sweep", "Add notes", "Delete the sweep"])
            (await visitor.Page.GetByText(action).Or(visitor.Page.GetByLabel(action)).CountAsync()).ShouldBe(0, action);
        (await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "New sweep" }).CountAsync()).ShouldBe(0);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).First.ClickAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Account" })).ToBeVisibleAsync(s_patient);
        (await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Users" }).CountAsync()).ShouldBe(0);

        await admin.Page.GetByLabel("Role of visitor").SelectOptionAsync("member");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "New sweep" })).ToBeVisibleAsync(s_patient);

        await admin.Page.GetByLabel("More for visitor").ClickAsync();
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Disable visitor" }).ClickAsync();
        await visitor.Page.WaitForURLAsync(url => url.Contains("sign-in", StringComparison.Ordinal));

        await admin.OpenAsync("/settings/audit?object=user");
        foreach (var line in (string[])["admin disabled user visitor", "admin changed the role of user visitor", "admin added user visitor"])
            await Assertions.Expect(admin.Page.Locator(".audit > li").Filter(new() { HasText = line }).First).ToBeVisibleAsync(s_patient);
        (await admin.Page.ContentAsync()).ShouldNotContain(password);
        admin.Complaints.ShouldBeEmpty();
    }
}
