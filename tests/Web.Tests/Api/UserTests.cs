using System.Net;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Api;

public sealed class UserTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Users = "/api/v1/users";

    [Theory]
    [InlineData("")]
    [InlineData(""", "service": true""")]
    public async Task Of_many_who_take_a_name_at_once_one_gets_it_and_the_others_are_told(string more)
    {
        var name = $"wanted{more.Length}";
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.Api.PostAsync("/api/v1/users", Http.Json($$"""{ "name": "{{name}}"{{more}} }"""))));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
            (await refused.ProblemAsync(HttpStatusCode.BadRequest)).Errors().Keys.ShouldBe(["name"]);
    }

    [Fact]
    public async Task Whoever_is_deleted_in_the_middle_of_requests_is_refused_and_nothing_fails()
    {
        for (var round = 0; round < 5; round++)
        {
            var user = await Members.AddAsync(app, $"going-{round}");
            using var client = app.Client(await Members.TokenOfAsync(app, user));
            var sweep = (await client.PostJsonAsync("/api/v1/sweeps", Experiments.Sweep($"Of going {round}", seeds: "[0,1,2,3]"), HttpStatusCode.Created)).Id();
            var runs = await app.RunsAsync(sweep);
            IEnumerable<Task<HttpResponseMessage>> requests =
            [
                .. Enumerable.Range(0, 4).Select(_ => client.PostAsync("/api/v1/tokens", Http.Json("""{ "name": "late" }"""))),
                .. Enumerable.Range(0, 4).Select(_ => client.PostAsync("/api/v1/webhooks", Http.Json("""{ "name": "late", "url": "http://127.0.0.1:9/", "events": ["run.failed"] }"""))),
                .. Enumerable.Range(0, 4).Select(_ => client.PostAsync("/api/v1/sweeps", Http.Json(Experiments.Sweep("Late")))),
                .. runs.Select(run => client.DeleteAsync($"/api/v1/runs/{run}")),
                .. runs.Select(run => client.PostAsync($"/api/v1/runs/{run}/pause", null)),
                app.Api.DeleteAsync($"{Users}/{user.Id}"),
            ];
            foreach (var answer in await Task.WhenAll(requests)) ((int)answer.StatusCode).ShouldBeLessThan(500, await answer.Content.ReadAsStringAsync());
            await (await app.Api.GetAsync($"{Users}/{user.Id}")).ProblemAsync(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task An_added_user_signs_in_with_the_password_that_is_shown_once()
    {
        using var response = await app.Api.PostAsync(Users, Http.Json("""{ "name": "added" }"""));
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var made = await response.JsonAsync(HttpStatusCode.Created);
        made.Text("role").ShouldBe(Roles.Member);
        using var browser = app.Client();
        (await Members.SignInAsync(browser, "added", made.Text("password")!)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await app.Api.GetJsonAsync($"{Users}/{made.Id()}")).TryGetProperty("password", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{ "name": "admin" }""", "name")]
    [InlineData("""{ "name": "two words" }""", "name")]
    [InlineData("""{ "name": "x", "role": "owner" }""", "role")]
    [InlineData("""{ "name": "x", "password": "short" }""", "password")]
    [InlineData("""{ "name": "x", "password": "Password2026!" }""", "password")]
    public async Task A_fault_is_told_with_its_field(string body, string field)
    {
        var problem = await (await app.Api.PostAsync(Users, Http.Json(body))).ProblemAsync(HttpStatusCode.BadRequest);
        problem.Errors().Keys.ShouldBe([field]);
    }

    [Fact]
    public async Task Another_role_holds_at_once_in_sessions_that_are_open()
    {
        var user = await Members.AddAsync(app, "promoted", role: Roles.Viewer);
        using var browser = app.Client();
        await Members.SignInAsync(browser, "promoted", TrackerApp.Password);
        await (await browser.PostAsync("/api/v1/sweeps/999999/pause", null)).ProblemAsync(HttpStatusCode.Forbidden);
        await PatchAsync(user.Id, """{ "role": "member" }""");
        await (await browser.PostAsync("/api/v1/sweeps/999999/pause", null)).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_is_disabled_is_out_at_once_and_stays_out_until_they_sign_in_again()
    {
        var user = await Members.AddAsync(app, "disabled");
        using var browser = app.Client();
        await Members.SignInAsync(browser, "disabled", TrackerApp.Password);
        await browser.GetJsonAsync("/api/v1/sweeps");

        await PatchAsync(user.Id, """{ "disabled": true }""");
        await (await browser.GetAsync("/api/v1/sweeps")).ProblemAsync(HttpStatusCode.Unauthorized);
        using var refused = await Members.SignInAsync(browser, "disabled", TrackerApp.Password);
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("This account is disabled.");
        (await Members.SignInAsync(browser, "disabled", "wrong password")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        await PatchAsync(user.Id, """{ "disabled": false }""");
        await (await browser.GetAsync("/api/v1/sweeps")).ProblemAsync(HttpStatusCode.Unauthorized);
        (await Members.SignInAsync(browser, "disabled", TrackerApp.Password)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_reset_password_ends_sessions_and_a_lock()
    {
        var user = await Members.AddAsync(app, "locked");
        using var browser = app.Client();
        await Members.SignInAsync(browser, "locked", TrackerApp.Password);
        using var guesser = app.Client();
        for (var i = 0; i < 5; i++) await Members.SignInAsync(guesser, "locked", "wrong password");

        var reset = await app.Api.PostJsonAsync($"{Users}/{user.Id}/password", "{}");
        await (await browser.GetAsync("/api/v1/sweeps")).ProblemAsync(HttpStatusCode.Unauthorized);
        (await Members.SignInAsync(browser, "locked", reset.Text("password")!)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Sweeps_of_a_deleted_user_stay_and_belong_to_nobody()
    {
        var user = await Members.AddAsync(app, "leaving");
        using var client = app.Client(await Members.TokenOfAsync(app, user));
        var sweep = (await client.PostJsonAsync("/api/v1/sweeps", Experiments.Sweep("Left behind"), HttpStatusCode.Created)).Id();
        (await app.Api.DeleteAsync($"{Users}/{user.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await client.GetAsync("/api/v1/sweeps")).ProblemAsync(HttpStatusCode.Unauthorized);
        (await app.Api.GetJsonAsync($"/api/v1/sweeps/{sweep}")).GetProperty("owner").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        await (await app.Api.DeleteAsync($"{Users}/{user.Id}")).ProblemAsync(HttpStatusCode.NotFound);
    }

    private async Task PatchAsync(long id, string body) => await (await app.Api.PatchAsync($"{Users}/{id}", Http.Json(body))).JsonAsync(HttpStatusCode.OK);
}

/// <summary>On a database of their own, where the first admin is the only one.</summary>
public sealed class LastAdminTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task The_last_admin_stays_one()
    {
        var admin = (await app.Api.GetJsonAsync("/api/v1/users")).EnumerateArray().Single().Id();
        var path = $"/api/v1/users/{admin}";
        foreach (var body in (string[])["""{ "role": "member" }""", """{ "disabled": true }"""])
            (await (await app.Api.PatchAsync(path, Http.Json(body))).ProblemAsync(HttpStatusCode.Conflict)).Text("detail")!.ShouldStartWith("admin is the last admin");
        await (await app.Api.DeleteAsync(path)).ProblemAsync(HttpStatusCode.Conflict);

        var disabled = await Members.AddAsync(app, "disabled-admin", role: Roles.Admin);
        await (await app.Api.PatchAsync($"/api/v1/users/{disabled.Id}", Http.Json("""{ "disabled": true }"""))).JsonAsync(HttpStatusCode.OK);
        await (await app.Api.DeleteAsync(path)).ProblemAsync(HttpStatusCode.Conflict);
    }
}

/// <summary>On a database of their own, whose admins change.</summary>
public sealed class RivalAdminTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task Admins_who_demote_each_other_at_once_leave_one()
    {
        var (one, other) = (await Members.AddAsync(app, "left", role: Roles.Admin), await Members.AddAsync(app, "right", role: Roles.Admin));
        var first = (await app.Api.GetJsonAsync("/api/v1/users")).EnumerateArray().Single(u => u.Text("name") == "admin").Id();
        using var left = app.Client(await Members.TokenOfAsync(app, one));
        using var right = app.Client(await Members.TokenOfAsync(app, other));
        (await left.PatchAsync($"/api/v1/users/{first}", Http.Json("""{ "role": "member" }"""))).StatusCode.ShouldBe(HttpStatusCode.OK);
        try
        {
            var answers = await Task.WhenAll(
                left.PatchAsync($"/api/v1/users/{other.Id}", Http.Json("""{ "role": "member" }""")), right.PatchAsync($"/api/v1/users/{one.Id}", Http.Json("""{ "role": "member" }""")));
            answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        }
        finally
        {
            foreach (var client in (HttpClient[])[left, right]) await client.PatchAsync($"/api/v1/users/{first}", Http.Json("""{ "role": "admin" }"""));
        }
    }
}
