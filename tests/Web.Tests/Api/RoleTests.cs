using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Api;

/// <summary>Who may do what, over every route and page.</summary>
public sealed class RoleTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    /// <summary>Of the framework, behind the policy that holds where none is stated: somebody is signed in.</summary>
    private static readonly string[] s_ofFramework = ["/_blazor", "/_framework", "/{**path:file}"];

    [Fact]
    public void Every_route_states_who_may_use_it()
    {
        var silent = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null && !s_ofFramework.Any(f => Path(e).StartsWith(f, StringComparison.Ordinal)))
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null && !StatesPolicy(e.Metadata.OfType<IAuthorizeData>()))
            .Select(e => $"{Path(e)} {e.DisplayName}");
        silent.ShouldBeEmpty();
    }

    [Fact]
    public void Every_page_states_who_may_open_it()
    {
        var pages = typeof(AccountsSetup).Assembly.GetTypes().Where(t => t.GetCustomAttributes<RouteAttribute>().Any()).ToList();
        pages.Count.ShouldBeGreaterThan(9);
        pages.Where(p => p.GetCustomAttribute<AllowAnonymousAttribute>() is null && !StatesPolicy(p.GetCustomAttributes<AuthorizeAttribute>()))
            .Select(p => p.Name).ShouldBeEmpty();
    }

    [Fact]
    public void No_route_that_changes_something_is_open_to_readers()
    {
        var open = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => Path(e).StartsWith("/api/", StringComparison.Ordinal))
            .Where(e => e.Metadata.GetMetadata<IHttpMethodMetadata>() is { } methods && methods.HttpMethods.Any(m => m is not ("GET" or "HEAD")))
            .Where(e => e.Metadata.GetMetadata<ReadsByPostAttribute>() is null)
            .Where(e => e.Metadata.OfType<IAuthorizeData>().All(a => a.Policy is null or Policies.Read))
            .Select(Path);
        open.ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_role_may_do_what_it_is_for()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Roles"));
        var run = (await app.RunsAsync(sweep)).Single();
        var host = await app.HostAsync("roles");
        (string Method, string Path, string Body, string Needs)[] requests =
        [
            ("GET", "sweeps", "", Policies.Read), ("GET", $"sweeps/{sweep}", "", Policies.Read), ("GET", $"runs/{run}", "", Policies.Read),
            ("GET", "queue", "", Policies.Read), ("GET", "hosts", "", Policies.Read), ("GET", "tables/1", "", Policies.Read),
            ("GET", $"metrics?runs={run}", "", Policies.Read), ("GET", "networks", "", Policies.Read), ("GET", "tokens", "", Policies.Read), ("GET", "me", "", Policies.Read),
            ("POST", "tokens", """{ "name": "of a role" }""", Policies.Account), ("DELETE", "tokens/999999", "", Policies.Account),
            ("POST", "password", """{ "current": "wrong", "new": "wrong as well" }""", Policies.Account),
            ("POST", "sweeps?dryRun=true", Experiments.Sweep(), Policies.Act), ("PATCH", $"sweeps/{sweep}", """{ "notes": "a" }""", Policies.Act),
            ("POST", $"sweeps/{sweep}/pause", "", Policies.Act), ("POST", $"sweeps/{sweep}/resume", "", Policies.Act),
            ("POST", $"sweeps/{sweep}/stop", "", Policies.Act), ("POST", $"sweeps/{sweep}/retry", "", Policies.Act),
            ("POST", $"sweeps/{sweep}/cancel", "", Policies.Act), ("PATCH", $"runs/{run}", """{ "tags": ["b"] }""", Policies.Act),
            ("POST", $"runs/{run}/pause", "", Policies.Act), ("POST", $"runs/{run}/resume", "", Policies.Act), ("POST", $"runs/{run}/stop", "", Policies.Act),
            ("POST", $"runs/{run}/retry", "", Policies.Act), ("POST", $"runs/{run}/cancel", "", Policies.Act),
            ("POST", $"hosts/{host}/drain", "", Policies.Administer), ("POST", $"hosts/{host}/resume", "", Policies.Administer), ("DELETE", "hosts/999999", "", Policies.Administer),
            ("GET", "users", "", Policies.Administer), ("GET", "users/1", "", Policies.Administer), ("POST", "users", "{}", Policies.Administer),
            ("PATCH", "users/999999", "{}", Policies.Administer), ("POST", "users/999999/password", "{}", Policies.Administer),
            ("DELETE", "users/999999", "", Policies.Administer), ("GET", "audit", "", Policies.Administer), ("GET", "audit.csv", "", Policies.Administer),
        ];
        foreach (var role in Roles.All)
        {
            using var writer = app.Client(await Members.TokenAsync(app, $"writer-{role}", role));
            using var reader = app.Client(await Members.TokenAsync(app, $"reader-{role}", role, TokenScopes.Read));
            foreach (var (method, path, body, needs) in requests)
            {
                var allowed = Policies.Allows(needs, role);
                await ExpectAsync(writer, method, path, body, allowed, "forbidden");
                if (method == "GET") await ExpectAsync(reader, method, path, body, Policies.Allows(needs, Roles.Viewer), "forbidden");
                else await ExpectAsync(reader, method, path, body, allowed: false, "read-only-token");
            }
        }
    }

    [Fact]
    public async Task Members_delete_their_own_sweeps_alone()
    {
        using var one = app.Client(await Members.TokenAsync(app, "one"));
        using var other = app.Client(await Members.TokenAsync(app, "other"));
        var sweep = (await one.PostJsonAsync("/api/v1/sweeps", Experiments.Sweep("Mine"), HttpStatusCode.Created)).Id();
        var run = (await app.RunsAsync(sweep)).Single();
        (await other.PostAsync($"/api/v1/sweeps/{sweep}/cancel", null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var path in (string[])[$"/api/v1/sweeps/{sweep}", $"/api/v1/runs/{run}"])
            (await (await other.DeleteAsync(path)).ProblemAsync(HttpStatusCode.Forbidden)).Text("detail")!.ShouldContain("Members delete what they submitted themselves");
        (await one.DeleteAsync($"/api/v1/sweeps/{sweep}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Tokens_that_are_over_are_refused()
    {
        var user = await Members.AddAsync(app, "ending");
        var expired = await Members.TokenOfAsync(app, user, lifetime: TimeSpan.FromDays(1));
        app.Clock.Advance(TimeSpan.FromDays(2));
        await RefusedAsync(expired);

        var disabled = await Members.TokenOfAsync(app, user);
        using (var client = app.Client(disabled)) await client.GetJsonAsync("/api/v1/sweeps");
        await (await app.Api.PatchAsync($"/api/v1/users/{user.Id}", Http.Json("""{ "disabled": true }"""))).JsonAsync(HttpStatusCode.OK);
        await RefusedAsync(disabled);
    }

    [Fact]
    public async Task Pages_of_admins_are_not_for_members()
    {
        await Members.AddAsync(app, "curious");
        using var browser = app.Client();
        await Members.SignInAsync(browser, "curious", TrackerApp.Password);
        foreach (var page in typeof(AccountsSetup).Assembly.GetTypes().Where(t => t.GetCustomAttributes<AuthorizeAttribute>().Any(a => a.Policy == Policies.Administer)))
            (await browser.GetAsync(page.GetCustomAttribute<RouteAttribute>()!.Template)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, page.Name);
        (await browser.GetAsync("/settings")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_a_page_calls_asks_for_the_role_as_it_is_now()
    {
        var user = await Members.AddAsync(app, "demoted");
        Actor.Current = new(user.Id, "demoted", ActorVia.Session);
        await app.Get<ISweeps>().PauseAsync(999_999, CancellationToken.None);

        await (await app.Api.PatchAsync($"/api/v1/users/{user.Id}", Http.Json("""{ "role": "viewer" }"""))).JsonAsync(HttpStatusCode.OK);
        (await Should.ThrowAsync<AccessDeniedException>(app.Get<ISweeps>().PauseAsync(999_999, CancellationToken.None))).Message.ShouldStartWith("Viewers cannot change anything");
        Actor.Current = null;
        await Should.ThrowAsync<AccessDeniedException>(app.Get<IRuns>().CancelAsync(1, CancellationToken.None));
        await Should.ThrowAsync<AccessDeniedException>(app.Get<IHosts>().SetDrainAsync(1, true, CancellationToken.None));
    }

    private static async Task ExpectAsync(HttpClient client, string method, string path, string body, bool allowed, string problem)
    {
        using var request = new HttpRequestMessage(new(method), $"/api/v1/{path}");
        if (body.Length > 0) request.Content = Http.Json(body);
        using var response = await client.SendAsync(request);
        if (allowed) response.StatusCode.ShouldNotBeOneOf([HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized, HttpStatusCode.InternalServerError]);
        else (await response.ProblemAsync(HttpStatusCode.Forbidden)).Text("type").ShouldBe($"urn:tracker:problem:{problem}", $"{method} {path}");
    }

    private async Task RefusedAsync(string token)
    {
        using var client = app.Client(token);
        await (await client.GetAsync("/api/v1/sweeps")).ProblemAsync(HttpStatusCode.Unauthorized);
    }

    private static bool StatesPolicy(IEnumerable<IAuthorizeData> stated) => stated.Any(a => Policies.All.Contains(a.Policy ?? ""));

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
}
