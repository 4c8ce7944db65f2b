using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Api;

public sealed class TokenTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Path = "/api/v1/tokens";

    [Fact]
    public async Task A_token_is_shown_once_and_works_until_it_is_revoked()
    {
        using var response = await app.Api.PostAsync(Path, Http.Json("""{ "name": " laptop " }"""));
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var made = await response.JsonAsync(HttpStatusCode.Created);
        made.Text("name").ShouldBe("laptop");
        var token = made.Text("token")!;
        token.ShouldStartWith(made.Text("prefix")!);

        using var client = app.Client(token);
        (await client.GetJsonAsync("/api/v1/sweeps")).Items().ShouldBeEmpty();
        var listed = (await app.Api.GetJsonAsync(Path)).EnumerateArray().Single(t => t.Id() == made.Id());
        listed.TryGetProperty("token", out _).ShouldBeFalse();
        listed.GetProperty("lastUsedAt").GetDateTimeOffset().ShouldBe(app.Clock.GetUtcNow(), TimeSpan.FromMinutes(2));

        (await app.Api.DeleteAsync($"{Path}/{made.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await client.GetAsync("/api/v1/sweeps")).ProblemAsync(HttpStatusCode.Unauthorized);
        await (await app.Api.DeleteAsync($"{Path}/{made.Id()}")).ProblemAsync(HttpStatusCode.NotFound);
        (await app.Api.GetJsonAsync(Path)).EnumerateArray().ShouldNotContain(t => t.Id() == made.Id());
    }

    [Fact]
    public async Task A_token_ends_with_its_time()
    {
        var made = await app.Api.PostJsonAsync(Path, """{ "name": "short", "expiresInDays": 1 }""", HttpStatusCode.Created);
        using var client = app.Client(made.Text("token"));
        await client.GetJsonAsync("/api/v1/sweeps");
        app.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await (await client.GetAsync("/api/v1/sweeps")).ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_database_holds_no_token()
    {
        var made = await app.Api.PostJsonAsync(Path, """{ "name": "secret" }""", HttpStatusCode.Created);
        await using var scope = app.Services.CreateAsyncScope();
        var kept = await scope.ServiceProvider.GetRequiredService<AccountsContext>().ApiTokens.SingleAsync(t => t.Id == made.Id());
        kept.Hash.Length.ShouldBe(32);
        made.Text("token")!.Length.ShouldBeGreaterThan(kept.Prefix.Length + 30);
    }

    [Fact]
    public async Task Nobody_sees_or_ends_the_tokens_of_others()
    {
        var made = await app.Api.PostJsonAsync(Path, """{ "name": "mine" }""", HttpStatusCode.Created);
        using var member = app.Client(await Members.TokenAsync(app, "member-of-tokens"));
        (await member.GetJsonAsync(Path)).EnumerateArray().ShouldNotContain(t => t.Id() == made.Id());
        await (await member.DeleteAsync($"{Path}/{made.Id()}")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("{}", "name", "Required.")]
    [InlineData("""{ "name": null }""", "name", "Expected a text, found null.")]
    [InlineData("""{ "name": 5 }""", "name", "Expected a text, found 5.")]
    [InlineData("""{ "name": "  " }""", "name", "Expected 1 to 100 characters, found 0.")]
    [InlineData("""{ "name": "a", "expiresInDays": 0 }""", "expiresInDays", "Expected a whole number from 1 to 3650, found 0.")]
    [InlineData("""{ "name": "a", "expiresInDays": "soon" }""", "expiresInDays", "Expected a whole number, found \"soon\".")]
    [InlineData("""{ "name": "a", "nmae": "b" }""", "nmae", "Unknown field 'nmae'. Known fields: expiresInDays, scope, name.")]
    [InlineData("""{ "name": "a", "name": "b" }""", "name", "appears twice.")]
    [InlineData("[]", "", "Expected a JSON object.")]
    [InlineData("{ name }", "", "This is no JSON: line 1, position 3.")]
    public async Task A_faulty_request_tells_each_field(string body, string field, string message) =>
        (await (await app.Api.PostAsync(Path, Http.Json(body))).ProblemAsync(HttpStatusCode.BadRequest)).Errors().ShouldContainKeyAndValue(field, message);
}
