using System.Net;
using System.Text.Json;
using Npgsql;

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

    [Fact]
    public async Task Whoever_has_a_session_or_a_token_cannot_find_the_password_out_by_trying()
    {
        var user = await Members.AddAsync(app, "guessed");
        using var token = app.Client(await Members.TokenOfAsync(app, user));
        using var browser = app.Client();
        await Members.SignInAsync(browser, "guessed", TrackerApp.Password);
        for (var i = 0; i < 3; i++) (await TryAsync(token, $"wrong password {i}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        for (var i = 0; i < 2; i++) (await TryAsync(browser, $"wrong password {i}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        using var locked = await TryAsync(token, TrackerApp.Password);
        (await locked.ProblemAsync(HttpStatusCode.TooManyRequests)).Text("type").ShouldBe("urn:tracker:problem:too-many-attempts");
        locked.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(5));
        using var form = new FormUrlEncodedContent([new("current", TrackerApp.Password), new("new", "river gate lamp")]);
        using var page = await browser.PostAsync("/settings/password", form);
        page.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await page.Content.ReadAsStringAsync()).ShouldContain("Too many wrong passwords.");
        (await Members.ChangePasswordAsync(browser, TrackerApp.Password, "river gate lamp")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        using var signIn = await Members.SignInAsync(app.Client(), "guessed", TrackerApp.Password);
        signIn.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        signIn.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(5));
        var entries = (await app.Api.GetJsonAsync("/api/v1/audit?limit=100")).Items().Where(e => e.GetProperty("objectId").ValueKind != JsonValueKind.Null
            && e.Text("objectKind") == "user" && e.GetProperty("objectId").GetInt64() == user.Id).Select(e => e.Text("action")!).ToList();
        entries.Count(a => a == "password.refused").ShouldBe(4);
        entries.ShouldContain("sign-in.locked-out");

        await using var later = app.Get<NpgsqlDataSource>().CreateCommand($"UPDATE users SET lockout_end = now() WHERE id = {user.Id}");
        await later.ExecuteNonQueryAsync();
        (await TryAsync(token, TrackerApp.Password)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Guesses_at_the_same_moment_are_all_counted()
    {
        var user = await Members.AddAsync(app, "guessed-at-once");
        using var token = app.Client(await Members.TokenOfAsync(app, user));
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => TryAsync(token, $"wrong password {i}")));
        answers.Count(a => a.StatusCode == HttpStatusCode.BadRequest).ShouldBe(5);
        answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests).ShouldBe(5);
    }

    private static Task<HttpResponseMessage> TryAsync(HttpClient client, string current) =>
        client.PostAsync("/api/v1/password", Http.Json($$"""{ "current": "{{current}}", "new": "river gate lamp" }"""));
}
