using System.Net;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Access;

/// <summary>Accounts of programs.</summary>
public sealed class ServiceAccountTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Users = "/api/v1/users";

    [Fact]
    public async Task A_service_account_acts_by_tokens_that_admins_make_and_the_audit_log_says_so()
    {
        var service = await AddAsync("nightly", Roles.Member);
        service.GetProperty("service").GetBoolean().ShouldBeTrue();
        service.TryGetProperty("password", out _).ShouldBeFalse();
        var made = await app.Api.PostJsonAsync($"{Users}/{service.Id()}/tokens", """{ "name": "timer", "scope": "write" }""", HttpStatusCode.Created);
        using var client = app.Client(made.Text("token"));
        var sweep = (await client.PostJsonAsync("/api/v1/sweeps", Experiments.Sweep("Of a program"), HttpStatusCode.Created)).Id();

        var entry = (await app.Api.GetJsonAsync($"/api/v1/audit?object=sweep:{sweep}")).Items().Single();
        entry.Text("userName").ShouldBe("nightly");
        entry.Text("via").ShouldBe("Service");
        entry.Text("token")!.ShouldStartWith("timer (trk_");
        var creation = (await app.Api.GetJsonAsync($"/api/v1/audit?object=token:{made.Id()}")).Items().Single();
        creation.Text("userName").ShouldBe("admin");
        creation.GetProperty("after").Text("user").ShouldBe("nightly");
    }

    [Fact]
    public async Task A_service_account_has_no_password_and_gets_none()
    {
        var service = await AddAsync("unattended", Roles.Viewer);
        using var browser = app.Client();
        foreach (var password in (string[])["", "x", TrackerApp.Password])
            ((int)(await Members.SignInAsync(browser, "unattended", password)).StatusCode).ShouldBeOneOf(400, 401);
        await (await app.Api.PostAsync($"{Users}/{service.Id()}/password", Http.Json("{}"))).ProblemAsync(HttpStatusCode.Conflict);
        var problem = await (await app.Api.PostAsync(Users, Http.Json("""{ "name": "both", "service": true, "password": "river gate lamp" }"""))).ProblemAsync(HttpStatusCode.BadRequest);
        problem.Errors().Keys.ShouldBe(["password"]);
    }

    [Fact]
    public async Task A_token_of_a_service_account_may_no_more_than_its_role()
    {
        var service = await AddAsync("modest", Roles.Member);
        (await (await app.Api.PostAsync($"{Users}/{service.Id()}/tokens", Http.Json("""{ "name": "great", "scope": "admin" }"""))).ProblemAsync(HttpStatusCode.BadRequest)).Errors().Keys.ShouldBe(["scope"]);
        var admin = await AddAsync("mighty", Roles.Admin);
        using var client = app.Client((await app.Api.PostJsonAsync($"{Users}/{admin.Id()}/tokens", """{ "name": "great", "scope": "admin" }""", HttpStatusCode.Created)).Text("token"));
        await client.GetJsonAsync(Users);
        (await client.DeleteAsync($"{Users}/{service.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_service_account_does_not_count_as_the_last_admin()
    {
        await AddAsync("robot-admin", Roles.Admin);
        var people = (await app.Api.GetJsonAsync(Users)).EnumerateArray().Where(u => u.Text("role") == Roles.Admin && !u.GetProperty("service").GetBoolean()).ToList();
        people.ShouldHaveSingleItem();
        await (await app.Api.PatchAsync($"{Users}/{people[0].Id()}", Http.Json("""{ "role": "member" }"""))).ProblemAsync(HttpStatusCode.Conflict);
    }

    private async Task<System.Text.Json.JsonElement> AddAsync(string name, string role) =>
        await app.Api.PostJsonAsync(Users, $$"""{ "name": "{{name}}", "role": "{{role}}", "service": true }""", HttpStatusCode.Created);
}
