using System.Net;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Api;

public class MeTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task A_token_tells_whose_it_is_and_what_it_may_do()
    {
        using var client = app.Client(await Members.TokenAsync(app, "reader", Roles.Viewer, TokenScopes.Read));

        var me = await client.GetJsonAsync("/api/v1/me");

        me.Text("name").ShouldBe("reader");
        me.Text("role").ShouldBe(Roles.Viewer);
        me.Text("token")!.ShouldStartWith("test (");
        me.Text("scope").ShouldBe(TokenScopes.Read);
    }

    [Fact]
    public async Task Nobody_is_told_without_a_token()
    {
        using var client = app.Client();

        await (await client.GetAsync("/api/v1/me")).ProblemAsync(HttpStatusCode.Unauthorized);
    }
}
