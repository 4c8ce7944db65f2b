using System.Net;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Api;

/// <summary>What becomes of the NUL character, which the database refuses in texts.</summary>
public sealed class NulTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("metrics?runs=1&keys=%00", "keys")]
    [InlineData("runs?filter=tags.a%20%3D%20'%00'", "filter")]
    [InlineData("runs?network=f%001", "network")]
    [InlineData("audit?user=%00", "user")]
    public async Task An_address_of_the_interface_with_one_is_refused(string path, string field)
    {
        var problem = await (await app.Api.GetAsync($"/api/v1/{path}")).ProblemAsync(HttpStatusCode.BadRequest);
        problem.Errors().Keys.ShouldBe([field]);
    }

    [Theory]
    [InlineData("/compare?metrics=%00")]
    [InlineData("/sweeps?name=a%00")]
    [InlineData("/runs/1?find=%00")]
    [InlineData("/jump?text=%00")]
    public async Task There_is_no_page_at_an_address_with_one(string path)
    {
        using var answer = await app.Api.GetAsync(new Uri(path, UriKind.Relative), Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync(Token)).ShouldContain("There is nothing here");
    }

    [Theory]
    [InlineData("sweeps", """{ "\ud800": 1 }""")]
    [InlineData("sweeps", """{ "network": "\ud800" }""")]
    [InlineData("tokens", """{ "na\udc00me": 1 }""")]
    [InlineData("tokens", """{ "name": "\ud800" }""")]
    public async Task Half_a_character_in_a_body_is_refused(string path, string body) =>
        await (await app.Api.PostAsync($"/api/v1/{path}", Http.Json(body))).ProblemAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_body_with_one_is_refused_and_its_escape_as_plain_text_is_not()
    {
        var run = (await app.RunsAsync(await app.SubmitAsync(Experiments.Sweep("Plain")))).Single();
        foreach (var body in (string[])["""{ "notes": "a\u0000" }""", """{ "tags": ["\u0000"] }""", """{ "notes": "\\\u0000" }"""])
            (await (await app.Api.PatchAsync($"/api/v1/runs/{run}", Http.Json(body), Token)).ProblemAsync(HttpStatusCode.BadRequest)).Text("type").ShouldBe("urn:tracker:problem:invalid");
        await (await app.Api.PostAsync("/api/v1/sweeps", Http.Json(Experiments.Sweep("a\\u0000")), Token)).ProblemAsync(HttpStatusCode.BadRequest);
        var changed = await (await app.Api.PatchAsync($"/api/v1/runs/{run}", Http.Json("""{ "notes": "a\\u0000" }"""), Token)).JsonAsync(HttpStatusCode.OK);
        changed.Text("notes").ShouldBe(@"a\u0000");
    }

    [Fact]
    public async Task What_a_page_hands_over_is_kept_and_looked_for_without_it()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Looked for"));
        var run = (await app.RunsAsync(sweep)).Single();
        var member = await Members.AddAsync(app, "typist", role: Roles.Admin);
        Actor.Current = new(member.Id, member.UserName!, ActorVia.Session);
        var changed = (await app.Get<IRuns>().ChangeAsync(run, "no\0te", ["t\0ag"], Token)).ShouldNotBeNull();
        (changed.Notes, changed.Tags.Single()).ShouldBe(("note", "tag"));
        (await app.Get<ISweeps>().ChangeAsync(sweep, "Looked\0 for", "a\0", null, Token))!.Name.ShouldBe("Looked for");
        (await app.Get<ISweeps>().ListAsync(new SweepSearch(10) { Name = "\0looked" }, Token)).Single().Id.ShouldBe(sweep);
        (await app.Get<IRuns>().LogAsync(new LogQuery(run, 10) { Text = "\0" }, Token)).ShouldBeEmpty();
        (await app.Get<IAudit>().ReadAsync(new AuditFilter { User = "nobody\0" }, 10, null, Token)).ShouldBeEmpty();
        (await app.Get<IMetrics>().SeriesAsync(new SeriesQuery([run], ["\0"], 10, MetricAxis.Step), Token)).SelectMany(series => series.Buckets).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_with_one_is_nobodys()
    {
        using var browser = app.Client();
        using var answer = await Members.SignInAsync(browser, "ad\0min", TrackerApp.Password);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync(Token)).ShouldContain("Name or password is wrong.");
    }
}
