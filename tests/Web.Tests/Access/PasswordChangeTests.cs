using System.Net;

namespace Tracker.Web.Tests.Access;

/// <summary>A password that was made for somebody is changed before anything else.</summary>
public sealed class PasswordChangeTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Page = "/sign-in/password";

    [Fact]
    public async Task Who_signs_in_with_a_generated_password_changes_it_first()
    {
        var made = await app.Api.PostJsonAsync("/api/v1/users", """{ "name": "newcomer" }""", HttpStatusCode.Created);
        made.GetProperty("mustChangePassword").GetBoolean().ShouldBeTrue();
        var given = made.Text("password")!;
        using var browser = app.Client();
        (await Members.SignInAsync(browser, "newcomer", given)).Headers.Location!.OriginalString.ShouldBe("/");

        foreach (var path in (string[])["/", "/settings", "/runs"])
            (await browser.GetAsync(path)).Headers.Location?.OriginalString.ShouldBe(Page, path);
        (await (await browser.GetAsync("/api/v1/sweeps")).ProblemAsync(HttpStatusCode.Forbidden)).Text("type").ShouldBe("urn:tracker:problem:password-change-required");
        (await browser.PostAsync("/settings/sign-out-everywhere", null)).Headers.Location!.OriginalString.ShouldBe(Page);
        (await browser.GetAsync("/css/sign-in.css")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await Members.ChangePasswordAsync(browser, given, given)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Members.ChangePasswordAsync(browser, given, "password1234")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Members.ChangePasswordAsync(browser, "not the present one", "river gate lamp")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var changed = await Members.ChangePasswordAsync(browser, given, "river gate lamp");
        changed.Headers.Location!.OriginalString.ShouldBe("/");
        (await browser.GetAsync("/settings")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.Api.GetJsonAsync($"/api/v1/users/{made.Id()}")).GetProperty("mustChangePassword").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Tokens_go_on_while_the_password_has_to_be_changed()
    {
        var user = await Members.AddAsync(app, "reset-one");
        using var client = app.Client(await Members.TokenOfAsync(app, user));
        await app.Api.PostJsonAsync($"/api/v1/users/{user.Id}/password", "{}");
        (await client.GetJsonAsync("/api/v1/sweeps")).Items().ShouldNotBeNull();
    }

    [Fact]
    public async Task A_form_without_its_token_changes_nothing()
    {
        await Members.AddAsync(app, "forged");
        using var browser = app.Client();
        await Members.SignInAsync(browser, "forged", TrackerApp.Password);
        using var form = new FormUrlEncodedContent([new("current", TrackerApp.Password), new("new", "river gate lamp")]);
        (await browser.PostAsync(Page, form)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var again = app.Client();
        (await Members.SignInAsync(again, "forged", TrackerApp.Password)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }
}
