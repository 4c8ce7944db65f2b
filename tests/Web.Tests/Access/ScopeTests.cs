using System.Net;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Access;

/// <summary>A token does the lesser of what its scope and its owner's role allow.</summary>
public sealed class ScopeTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task Only_the_scope_admin_administers()
    {
        var admin = await Members.AddAsync(app, "scoped-admin", role: Roles.Admin);
        var host = await app.HostAsync("scoped");
        foreach (var (scope, allowed) in ((string, bool)[])[(TokenScopes.Read, false), (TokenScopes.Write, false), (TokenScopes.Admin, true)])
        {
            using var client = app.Client(await Members.TokenOfAsync(app, admin, scope));
            foreach (var path in (string[])["/api/v1/users", "/api/v1/audit"])
                (await client.GetAsync(path)).StatusCode.ShouldBe(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, $"{scope} {path}");
            (await client.PostAsync($"/api/v1/hosts/{host}/drain", null)).StatusCode.ShouldBe(allowed ? HttpStatusCode.NoContent : HttpStatusCode.Forbidden, scope);
            (await client.GetAsync("/api/v1/sweeps")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        using var writer = app.Client(await Members.TokenOfAsync(app, admin, TokenScopes.Write));
        (await (await writer.GetAsync("/api/v1/users")).ProblemAsync(HttpStatusCode.Forbidden)).Text("detail").ShouldBe("This token may not administer. Make one with the scope admin.");
    }

    [Fact]
    public async Task A_token_to_write_deletes_only_what_its_owner_submitted_even_an_admins()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Of the first admin"));
        await app.Api.PostAsync($"/api/v1/sweeps/{sweep}/cancel", null);
        var admin = await Members.AddAsync(app, "deleting-admin", role: Roles.Admin);
        using var writer = app.Client(await Members.TokenOfAsync(app, admin, TokenScopes.Write));
        await (await writer.DeleteAsync($"/api/v1/sweeps/{sweep}")).ProblemAsync(HttpStatusCode.Forbidden);
        using var administrator = app.Client(await Members.TokenOfAsync(app, admin, TokenScopes.Admin));
        (await administrator.DeleteAsync($"/api/v1/sweeps/{sweep}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData(Roles.Member, TokenScopes.Write, TokenScopes.Admin, false)]
    [InlineData(Roles.Member, TokenScopes.Write, TokenScopes.Write, true)]
    [InlineData(Roles.Viewer, TokenScopes.Write, TokenScopes.Read, true)]
    [InlineData(Roles.Admin, TokenScopes.Write, TokenScopes.Admin, false)]
    [InlineData(Roles.Admin, TokenScopes.Read, TokenScopes.Read, false)]
    [InlineData(Roles.Admin, TokenScopes.Admin, TokenScopes.Admin, true)]
    public async Task Nobody_makes_a_token_that_may_more_than_they_may(string role, string acting, string wanted, bool allowed)
    {
        using var client = app.Client(await Members.TokenAsync(app, $"maker-{role}-{acting}-{wanted}", role, acting));
        using var answer = await client.PostAsync("/api/v1/tokens", Http.Json($$"""{ "name": "made", "scope": "{{wanted}}" }"""));
        answer.StatusCode.ShouldBe(allowed ? HttpStatusCode.Created : HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_admins_token_loses_what_its_owner_loses()
    {
        var admin = await Members.AddAsync(app, "falling-admin", role: Roles.Admin);
        using var client = app.Client(await Members.TokenOfAsync(app, admin));
        await client.GetJsonAsync("/api/v1/users");
        await (await app.Api.PatchAsync($"/api/v1/users/{admin.Id}", Http.Json("""{ "role": "viewer" }"""))).JsonAsync(HttpStatusCode.OK);
        await (await client.GetAsync("/api/v1/users")).ProblemAsync(HttpStatusCode.Forbidden);
        await (await client.PostAsync("/api/v1/sweeps/999999/pause", null)).ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_admin_sees_and_ends_the_tokens_of_anybody_but_makes_none_for_people()
    {
        var user = await Members.AddAsync(app, "token-holder");
        var token = await Members.TokenOfAsync(app, user);
        var path = $"/api/v1/users/{user.Id}/tokens";
        var listed = (await app.Api.GetJsonAsync(path)).EnumerateArray().Single();
        listed.Text("prefix").ShouldBe(token[..10]);
        listed.TryGetProperty("token", out _).ShouldBeFalse();
        (await (await app.Api.PostAsync(path, Http.Json("""{ "name": "for you" }"""))).ProblemAsync(HttpStatusCode.Conflict)).Text("detail")!.ShouldContain("is a person");

        using var client = app.Client(token);
        await client.GetJsonAsync("/api/v1/sweeps");
        (await app.Api.DeleteAsync($"{path}/{listed.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await client.GetAsync("/api/v1/sweeps")).ProblemAsync(HttpStatusCode.Unauthorized);
        await (await app.Api.DeleteAsync($"{path}/{listed.Id()}")).ProblemAsync(HttpStatusCode.NotFound);
        await (await app.Api.GetAsync("/api/v1/users/999999/tokens")).ProblemAsync(HttpStatusCode.NotFound);
    }
}
