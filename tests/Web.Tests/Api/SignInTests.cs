using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Api;

public sealed class SignInTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task The_admin_signs_in_and_out_with_a_cookie()
    {
        using var browser = app.Client();
        using var response = await SignInAsync(browser, "admin", TrackerApp.Password, "/tables/1");
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        response.Headers.Location!.OriginalString.ShouldBe("/tables/1");
        var cookie = response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("tracker-session", StringComparison.Ordinal));
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");

        (await browser.GetJsonAsync("/api/v1/sweeps")).Items().ShouldBeEmpty();
        (await browser.GetAsync("/sign-in")).Headers.Location!.OriginalString.ShouldBe("/");
        (await browser.PostAsync("/sign-out", null)).Headers.Location!.OriginalString.ShouldBe("/sign-in");
        await (await browser.GetAsync("/api/v1/sweeps")).ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Whoever_signs_out_ends_that_session_for_copies_of_its_cookie_as_well()
    {
        await Members.AddAsync(app, "leaving");
        using var browser = app.Client();
        using var here = await SignInAsync(browser, "leaving", TrackerApp.Password);
        using var copy = app.Client();
        copy.DefaultRequestHeaders.Add("Cookie", here.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("tracker-session", StringComparison.Ordinal)).Split(';')[0]);
        using var elsewhere = app.Client();
        await SignInAsync(elsewhere, "leaving", TrackerApp.Password);
        (await copy.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await browser.PostAsync("/sign-out", null);
        (await copy.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await copy.GetAsync("/runs")).Headers.Location!.OriginalString.ShouldContain("/sign-in");
        (await elsewhere.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var other = app.Another();
        using var there = TrackerApp.Client(other, null);
        there.DefaultRequestHeaders.Add("Cookie", copy.DefaultRequestHeaders.GetValues("Cookie"));
        (await there.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SignInAsync(browser, "leaving", TrackerApp.Password)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await browser.GetAsync("/api/v1/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/sign-in", HttpStatusCode.Unauthorized)]
    [InlineData("/sign-in/password", HttpStatusCode.BadRequest)]
    [InlineData("/settings/password", HttpStatusCode.Redirect)]
    public async Task A_form_that_does_not_end_is_refused(string path, HttpStatusCode expected)
    {
        using var body = new StringContent("no part of a form");
        body.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        using var browser = app.Client();
        if (path != "/sign-in") (await SignInAsync(browser, "admin", TrackerApp.Password)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var response = await browser.PostAsync(path, body);
        response.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example/")]
    [InlineData("")]
    public async Task After_signing_in_nobody_is_sent_elsewhere(string returnUrl)
    {
        using var browser = app.Client();
        using var response = await SignInAsync(browser, "admin", TrackerApp.Password, returnUrl);
        response.Headers.Location!.OriginalString.ShouldBe("/");
    }

    [Theory]
    [InlineData("admin", "wrong password")]
    [InlineData("nobody", "correct-horse-battery")]
    public async Task A_wrong_name_and_a_wrong_password_look_the_same(string name, string password)
    {
        using var browser = app.Client();
        using var response = await SignInAsync(browser, name, password);
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var page = await response.Content.ReadAsStringAsync();
        page.ShouldContain("Name or password is wrong.");
        page.ShouldContain($"value=\"{name}\"");
        page.ShouldNotContain(password);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_an_account_for_a_while()
    {
        await Members.AddAsync(app, "forgetful");
        using var browser = app.Client();
        for (var i = 0; i < 4; i++) (await SignInAsync(browser, "forgetful", "wrong password")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var locked = await SignInAsync(browser, "forgetful", "wrong password");
        locked.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await locked.Content.ReadAsStringAsync()).ShouldContain("Try again in 5 minutes");
        (await SignInAsync(browser, "forgetful", TrackerApp.Password)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused_and_shown_again()
    {
        using var browser = app.Client();
        using var form = new FormUrlEncodedContent([new("name", "admin"), new("password", TrackerApp.Password)]);
        using var response = await browser.PostAsync("/sign-in", form);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("The page was too old.");
        response.Headers.GetValues("Set-Cookie").ShouldNotContain(c => c.StartsWith("tracker-session", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Origin", "https://elsewhere.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "http://localhost", true)]
    public async Task Pages_of_other_sites_cannot_borrow_the_cookie(string header, string value, bool allowed)
    {
        using var browser = app.Client();
        (await SignInAsync(browser, "admin", TrackerApp.Password)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sweeps/999/cancel");
        request.Headers.Add(header, value);
        var response = await browser.SendAsync(request);
        var problem = await response.ProblemAsync(allowed ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden);
        problem.Text("type").ShouldBe(allowed ? "urn:tracker:problem:not-found" : "urn:tracker:problem:cross-site");
    }

    [Theory]
    [InlineData("short", false)]
    [InlineData("aaaaaaaaaaaaaaa", false)]
    [InlineData("long enough", true)]
    public async Task A_password_is_long_and_varied(string password, bool good)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<TrackerUser>>();
        var result = await users.CreateAsync(new TrackerUser { UserName = $"password{password.Length}" }, password);
        result.Succeeded.ShouldBe(good);
    }

    [Fact]
    public async Task A_password_is_changed_by_who_knows_it_and_ends_other_sessions()
    {
        await Members.AddAsync(app, "careful");
        using var here = app.Client();
        using var there = app.Client();
        await SignInAsync(here, "careful", TrackerApp.Password);
        await SignInAsync(there, "careful", TrackerApp.Password);

        var faults = await (await ChangeAsync("not the password", "a new long password")).ProblemAsync(HttpStatusCode.BadRequest);
        faults.Errors().ShouldContainKeyAndValue("current", "This is not the present password.");
        faults = await (await ChangeAsync(TrackerApp.Password, "short")).ProblemAsync(HttpStatusCode.BadRequest);
        faults.Errors()["new"].ShouldContain("at least 10 characters");
        (await ChangeAsync(TrackerApp.Password, "a new long password")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await here.GetJsonAsync("/api/v1/sweeps");
        await (await there.GetAsync("/api/v1/sweeps")).ProblemAsync(HttpStatusCode.Unauthorized);
        (await SignInAsync(there, "careful", "a new long password")).StatusCode.ShouldBe(HttpStatusCode.Redirect);

        Task<HttpResponseMessage> ChangeAsync(string current, string next) =>
            here.PostAsync("/api/v1/password", Http.Json($$"""{ "current": "{{current}}", "new": "{{next}}" }"""));
    }

    [Theory]
    [InlineData("not the password", "a new long password", "wrong")]
    [InlineData(TrackerApp.Password, "aaaaaaaaaaaaaaa", "weak")]
    [InlineData(TrackerApp.Password, "a new long password", "changed")]
    public async Task The_settings_page_tells_how_a_change_of_the_password_ended(string current, string next, string outcome)
    {
        await Members.AddAsync(app, $"settled-{outcome}");
        using var browser = app.Client();
        await SignInAsync(browser, $"settled-{outcome}", TrackerApp.Password);
        using var form = new FormUrlEncodedContent([new("current", current), new("new", next)]);
        using var response = await browser.PostAsync("/settings/password", form);
        response.Headers.Location!.OriginalString.ShouldBe($"/settings?password={outcome}");
        (await browser.GetAsync(response.Headers.Location)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string name, string password, string returnUrl = "") =>
        Members.SignInAsync(browser, name, password, returnUrl);
}
