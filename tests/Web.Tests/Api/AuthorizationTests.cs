using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;

namespace Tracker.Web.Tests.Api;

public sealed class AuthorizationTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    /// <summary>Everything else requires somebody who is signed in.</summary>
    private static readonly string[] s_open =
    [
        "/sign-in", "/sign-out", "/openapi/{documentName}.json", "/error", "/not-found", "/sign-in/external",
        // What MLflow's clients ask before they sign in.
        "/health", "/version",
    ];

    [Fact]
    public void Every_route_requires_a_user_except_a_few()
    {
        app.Get<IOptions<AuthorizationOptions>>().Value.FallbackPolicy.ShouldNotBeNull();
        var open = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null && e.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/'))
            .Distinct();
        open.Where(route => !s_open.Contains(route)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET", "/api/v1/sweeps")]
    [InlineData("POST", "/api/v1/sweeps")]
    [InlineData("DELETE", "/api/v1/sweeps/1")]
    [InlineData("GET", "/api/v1/runs/1")]
    [InlineData("GET", "/api/v1/metrics?runs=1")]
    [InlineData("GET", "/api/v1/tables/1.csv")]
    [InlineData("POST", "/api/v1/hosts/1/drain")]
    [InlineData("GET", "/api/v1/tokens")]
    [InlineData("GET", "/api/v1/nothing-here")]
    public async Task The_api_answers_strangers_with_json_and_no_redirect(string method, string path)
    {
        using var stranger = app.Client();
        using var answer = await stranger.SendAsync(new(new(method), path));
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        var problem = await answer.ProblemAsync(HttpStatusCode.Unauthorized);
        problem.Text("type").ShouldBe("urn:tracker:problem:unauthenticated");
    }

    [Theory]
    [InlineData("trk_0000000000000000000000000000000000000000000")]
    [InlineData("something else")]
    [InlineData("")]
    public async Task An_unknown_token_is_refused(string token)
    {
        using var stranger = app.Client();
        stranger.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var response = await stranger.GetAsync("/api/v1/runs");
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        (await response.ProblemAsync(HttpStatusCode.Unauthorized)).Text("detail").ShouldBe("The token is unknown, expired or revoked.");
    }

    [Fact]
    public async Task Hosts_are_drained_by_admins_alone()
    {
        var host = await app.HostAsync("drained");
        using var member = app.Client(await Members.TokenAsync(app, "member-of-authorization"));
        var problem = await (await member.PostAsync($"/api/v1/hosts/{host}/drain", null)).ProblemAsync(HttpStatusCode.Forbidden);
        problem.Text("type").ShouldBe("urn:tracker:problem:forbidden");

        (await app.Api.PostAsync($"/api/v1/hosts/{host}/drain", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await app.Api.GetJsonAsync("/api/v1/hosts")).EnumerateArray().Single(h => h.Id() == host).Text("state").ShouldBe("Draining");
        (await app.Api.PostAsync($"/api/v1/hosts/{host}/resume", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await app.Api.GetJsonAsync("/api/v1/hosts")).EnumerateArray().Single(h => h.Id() == host).Text("state").ShouldBe("Up");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sweeps/1")]
    public async Task Pages_send_strangers_to_the_sign_in_page(string path)
    {
        using var stranger = app.Client();
        using var response = await stranger.GetAsync(path);
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        response.Headers.Location!.PathAndQuery.ShouldBe($"/sign-in?returnUrl={Uri.EscapeDataString(path)}");
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/index.html")]
    public async Task Health_and_documentation_are_open(string path)
    {
        using var stranger = app.Client();
        // Not ready is an answer as well: the listener takes a second to settle.
        (await stranger.GetAsync(path)).StatusCode.ShouldBeOneOf(path == "/readyz" ? [HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable] : [HttpStatusCode.OK]);
    }
}
