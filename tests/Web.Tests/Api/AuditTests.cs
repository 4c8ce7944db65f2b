using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Tracker.Storage;
using Tracker.Web.Identity;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Api;

public sealed class AuditTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Secret = "three small boats";

    /// <summary>One changes nothing; the others record what they remove, once for each kind of it, as long as there is something.</summary>
    private static readonly string[] s_elsewhere = ["POST retention/preview", "POST retention/apply", "DELETE bin"];

    [Fact]
    public async Task Whatever_is_changed_leaves_an_entry()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Audited"));
        var run = (await app.RunsAsync(sweep)).Single();
        var host = await app.HostAsync("audited");
        var user = (await app.Api.PostJsonAsync("/api/v1/users", $$"""{ "name": "audited", "password": "{{Secret}}" }""", HttpStatusCode.Created)).Id();
        var made = await app.Api.PostJsonAsync("/api/v1/tokens", """{ "name": "audited" }""", HttpStatusCode.Created);
        var token = made.Id();
        var service = (await app.Api.PostJsonAsync("/api/v1/users", """{ "name": "audited-service", "service": true }""", HttpStatusCode.Created)).Id();
        var ofService = (await app.Api.PostJsonAsync($"/api/v1/users/{service}/tokens", """{ "name": "ending" }""", HttpStatusCode.Created)).Id();
        await using (var end = app.Get<NpgsqlDataSource>().CreateCommand($"UPDATE hosts SET stopped_at = now(), heartbeat_at = now() - interval '1 hour' WHERE id = {host}")) await end.ExecuteNonQueryAsync();

        const string hookBody = """{ "name": "Hook", "url": "http://127.0.0.1:9/", "events": ["run.failed"] }""";
        var hook = (await app.Api.PostJsonAsync("/api/v1/webhooks", hookBody, HttpStatusCode.Created)).Id();
        var delivery = (await app.Api.PostJsonAsync($"/api/v1/webhooks/{hook}/test")).Text("id");

        // Each route that changes something, with what it leaves. A route that is added fails the test until it is listed here.
        (string Method, string Route, string Path, string? Body, string Action, long? Object)[] changes =
        [
            ("PATCH", "sweeps/{id:long}", $"sweeps/{sweep}", """{ "name": "Renamed", "priority": "high" }""", "sweep.change", sweep),
            ("POST", "sweeps/{id:long}/pause", $"sweeps/{sweep}/pause", null, "sweep.pause", sweep), ("POST", "sweeps/{id:long}/resume", $"sweeps/{sweep}/resume", null, "sweep.resume", sweep),
            ("POST", "sweeps/{id:long}/stop", $"sweeps/{sweep}/stop", null, "sweep.stop", sweep), ("POST", "sweeps/{id:long}/retry", $"sweeps/{sweep}/retry", null, "sweep.retry", sweep),
            ("POST", "sweeps/{id:long}/cancel", $"sweeps/{sweep}/cancel", null, "sweep.cancel", sweep),
            ("PATCH", "runs/{id:long}", $"runs/{run}", """{ "notes": "new" }""", "run.change", run),
            ("POST", "runs/{id:long}/retry", $"runs/{run}/retry?from=scratch", null, "run.retry-from-scratch", run), ("POST", "runs/{id:long}/pause", $"runs/{run}/pause", null, "run.pause", run),
            ("POST", "runs/{id:long}/resume", $"runs/{run}/resume", null, "run.resume", run), ("POST", "runs/{id:long}/stop", $"runs/{run}/stop", null, "run.stop", run),
            ("POST", "runs/{id:long}/cancel", $"runs/{run}/cancel", null, "run.cancel", run), ("DELETE", "runs/{id:long}", $"runs/{run}", null, "run.delete", run),
            ("DELETE", "sweeps/{id:long}", $"sweeps/{sweep}", null, "sweep.delete", sweep), ("POST", "sweeps/{id:long}/restore", $"sweeps/{sweep}/restore", null, "sweep.restore", sweep),
            ("POST", "runs/{id:long}/restore", $"runs/{run}/restore", null, "run.restore", run), ("DELETE", "runs/{id:long}", $"runs/{run}", null, "run.delete", run),
            ("DELETE", "bin/runs/{id:long}", $"bin/runs/{run}", null, "run.purge", run), ("DELETE", "sweeps/{id:long}", $"sweeps/{sweep}", null, "sweep.delete", sweep),
            ("DELETE", "bin/sweeps/{id:long}", $"bin/sweeps/{sweep}", null, "sweep.purge", sweep), ("PUT", "retention", "retention", """{ "logDays": 30 }""", "retention.change", null),
            ("POST", "sweeps", "sweeps", Experiments.Sweep("Another"), "sweep.submit", null),
            ("POST", "hosts/{id:long}/drain", $"hosts/{host}/drain", null, "host.drain", host), ("POST", "hosts/{id:long}/resume", $"hosts/{host}/resume", null, "host.resume", host),
            ("DELETE", "hosts/{id:long}", $"hosts/{host}", null, "host.remove", host),
            ("POST", "users", "users", """{ "name": "audited-too", "role": "viewer" }""", "user.add", null), ("PATCH", "users/{id:long}", $"users/{user}", """{ "role": "viewer" }""", "user.role", user),
            ("PATCH", "users/{id:long}", $"users/{user}", """{ "disabled": true }""", "user.disable", user), ("PATCH", "users/{id:long}", $"users/{user}", """{ "disabled": false }""", "user.enable", user),
            ("POST", "users/{id:long}/password", $"users/{user}/password", $$"""{ "password": "{{Secret}}" }""", "password.reset", user), ("DELETE", "users/{id:long}", $"users/{user}", null, "user.delete", user),
            ("POST", "users/{id:long}/tokens", $"users/{service}/tokens", """{ "name": "of a program" }""", "token.create", null),
            ("DELETE", "users/{id:long}/tokens/{token:long}", $"users/{service}/tokens/{ofService}", null, "token.revoke", ofService),
            ("POST", "tokens", "tokens", """{ "name": "another", "scope": "read" }""", "token.create", null), ("DELETE", "tokens/{id:long}", $"tokens/{token}", null, "token.revoke", token),
            ("POST", "webhooks", "webhooks", hookBody, "webhook.create", null), ("POST", "webhooks/{id:long}/test", $"webhooks/{hook}/test", null, "webhook.test", hook),
            ("PATCH", "webhooks/{id:long}", $"webhooks/{hook}", $$"""{ "secret": "{{Secret}}" }""", "webhook.change", hook),
            ("POST", "webhooks/{id:long}/deliveries/{delivery}/retry", $"webhooks/{hook}/deliveries/{delivery}/retry", null, "webhook.retry", hook),
            ("DELETE", "webhooks/{id:long}", $"webhooks/{hook}", null, "webhook.delete", hook),
            ("POST", "password", "password", $$"""{ "current": "{{TrackerApp.Password}}", "new": "{{Secret}}" }""", "password.change", null),
        ];
        var secrets = new List<string> { Secret, TrackerApp.Password, TrackerApp.AdminToken, made.Text("token")! };
        foreach (var (method, _, path, body, action, id) in changes)
        {
            using var request = new HttpRequestMessage(new(method), $"/api/v1/{path}") { Content = body is null ? null : Http.Json(body) };
            using var response = await app.Api.SendAsync(request);
            ((int)response.StatusCode).ShouldBeInRange(200, 204, $"{method} {path}: {await response.Content.ReadAsStringAsync()}");
            var newest = (await app.Api.GetJsonAsync("/api/v1/audit?limit=1")).Items().Single();
            newest.Text("action").ShouldBe(action);
            newest.Text("userName").ShouldBe("admin");
            newest.Text("via").ShouldBe("Token");
            if (id is not null) newest.GetProperty("objectId").GetInt64().ShouldBe(id.Value, action);
            AuditLooks.Actions.Keys.ShouldContain(action);
        }
        Routes().Except(changes.Select(c => $"{c.Method} {c.Route}")).Except(s_elsewhere).ShouldBeEmpty();
        var all = await app.Api.GetStringAsync("/api/v1/audit.csv");
        secrets.Where(all.Contains).ShouldBeEmpty();
    }

    [Fact]
    public async Task Sign_ins_are_recorded_without_what_strangers_type()
    {
        await Members.AddAsync(app, "coming");
        using var browser = app.Client();
        await Members.SignInAsync(browser, "coming", TrackerApp.Password);
        await browser.PostAsync("/sign-out", null);
        await Members.SignInAsync(browser, "my-password-in-the-wrong-field", "x");
        for (var i = 0; i < 5; i++) await Members.SignInAsync(browser, "coming", "wrong password");

        var entries = (await app.Api.GetJsonAsync("/api/v1/audit?limit=8")).Items();
        entries.Select(e => e.Text("action")).ShouldBe(
            ["sign-in.locked-out", "sign-in.failed", "sign-in.failed", "sign-in.failed", "sign-in.failed", "sign-in.failed", "sign-out", "sign-in.ok"]);
        entries[^1].Text("userName").ShouldBe("coming");
        entries[0].Text("userName").ShouldBe("not signed in");
        entries[0].Text("objectName").ShouldBe("coming");
        (await app.Api.GetStringAsync("/api/v1/audit.csv")).ShouldNotContain("wrong-field");
    }

    [Theory]
    [InlineData("UPDATE audit_log SET user_name = 'somebody else'")]
    [InlineData("DELETE FROM audit_log")]
    [InlineData("TRUNCATE audit_log")]
    public async Task Entries_can_be_neither_changed_nor_deleted(string sql)
    {
        await app.Api.PostJsonAsync("/api/v1/tokens", """{ "name": "kept" }""", HttpStatusCode.Created);
        await using var command = app.Get<NpgsqlDataSource>().CreateCommand(sql);
        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).MessageText.ShouldBe("The audit log is only ever added to.");
    }

    [Fact]
    public async Task A_change_that_is_refused_leaves_no_entry()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Refused"));
        var run = (await app.RunsAsync(sweep)).Single();
        await app.StartAsync(run, await app.HostAsync("refusing"));
        await (await app.Api.DeleteAsync($"/api/v1/runs/{run}")).ProblemAsync(HttpStatusCode.Conflict);
        using var viewer = app.Client(await Members.TokenAsync(app, "looking", Roles.Viewer));
        await (await viewer.PostAsync($"/api/v1/sweeps/{sweep}/cancel", null)).ProblemAsync(HttpStatusCode.Forbidden);
        (await app.Api.GetJsonAsync($"/api/v1/audit?object=run:{run}")).Items().ShouldBeEmpty();
        (await app.Api.GetJsonAsync($"/api/v1/audit?object=sweep:{sweep}")).Items().Select(e => e.Text("action")).ShouldBe(["sweep.submit"]);
    }

    [Fact]
    public async Task Entries_are_found_by_who_what_and_when_page_by_page()
    {
        var user = await Members.AddAsync(app, "Finder");
        using var client = app.Client(await Members.TokenOfAsync(app, user));
        var sweep = (await client.PostJsonAsync("/api/v1/sweeps", Experiments.Sweep("Found"), HttpStatusCode.Created)).Id();
        await client.PostAsync($"/api/v1/sweeps/{sweep}/pause", null);
        var run = (await app.RunsAsync(sweep)).Single();
        Actor.Current = new(user.Id, "Finder", ActorVia.Session);
        await app.Get<IRuns>().DoAsync(RunVerb.Cancel, [run], CancellationToken.None);

        var first = await app.Api.GetJsonAsync("/api/v1/audit?user=finder&limit=2");
        first.Items().Select(e => e.Text("action")).ShouldBe(["run.cancel", "sweep.pause"]);
        var second = await app.Api.GetJsonAsync($"/api/v1/audit?user=finder&limit=2&cursor={first.Text("nextCursor")}");
        second.Items().Select(e => e.Text("action")).ShouldBe(["sweep.submit", "token.create"]);
        second.GetProperty("nextCursor").ValueKind.ShouldBe(JsonValueKind.Null);
        (await app.Api.GetJsonAsync("/api/v1/audit?user=finder&action=sweep")).Items().Count.ShouldBe(2);
        (await app.Api.GetJsonAsync($"/api/v1/audit?user=finder&object=run:{run}")).Items().Count.ShouldBe(1);
        (await app.Api.GetJsonAsync("/api/v1/audit?user=finder&until=2020-01-01")).Items().ShouldBeEmpty();
        (await app.Api.GetJsonAsync("/api/v1/audit?user=finder&from=2020-01-01")).Items().Count.ShouldBe(4);
        var problem = await (await app.Api.GetAsync("/api/v1/audit?from=soon&object=sweep:x")).ProblemAsync(HttpStatusCode.BadRequest);
        problem.Errors().Keys.ShouldBe(["object", "from"], ignoreOrder: true);
    }

    private IEnumerable<string> Routes() => app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("api/v1/", StringComparison.Ordinal))
        .SelectMany(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Where(m => m is not ("GET" or "HEAD"))
            .Select(m => $"{m} {e.RoutePattern.RawText!.TrimStart('/')["api/v1/".Length..].TrimEnd('/')}"));
}
