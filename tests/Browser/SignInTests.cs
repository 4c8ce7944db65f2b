using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

[Collection(RunningTrackerCollection.Name)]
public class SignInTests(RunningTracker tracker)
{
    [Fact(Timeout = 60_000)]
    public async Task A_stranger_is_asked_to_sign_in_and_comes_to_the_page_that_they_wanted()
    {
        await using var visitor = await Visitor.ArriveAsync(tracker);

        await visitor.SignInAsync("/tables");

        new Uri(visitor.Page.Url).AbsolutePath.ShouldBe("/tables");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_wrong_password_is_told_and_the_name_is_kept()
    {
        await using var visitor = await Visitor.ArriveAsync(tracker);
        await visitor.Page.GotoAsync("/");
        await visitor.Page.GetByLabel("Name").FillAsync("admin");
        await visitor.Page.GetByLabel("Password").FillAsync("not the password");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        (await visitor.Page.GetByRole(AriaRole.Alert).InnerTextAsync()).ShouldBe("Name or password is wrong.");
        (await visitor.Page.GetByLabel("Name").InputValueAsync()).ShouldBe("admin");
    }

    [Theory(Timeout = 60_000)]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_sign_in_page_has_no_barriers_and_fits_a_small_screen(ColorScheme scheme)
    {
        await using var visitor = await Visitor.ArriveAsync(tracker, scheme, width: 360);
        await visitor.Page.GotoAsync("/");

        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        (await visitor.OverflowAsync()).ShouldBeEmpty();
        visitor.Complaints.ShouldBeEmpty();
    }
}
