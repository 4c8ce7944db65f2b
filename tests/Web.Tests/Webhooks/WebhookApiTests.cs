using System.Net;
using System.Text.Json;
using Npgsql;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Webhooks;

public sealed class WebhookApiTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Hooks = "/api/v1/webhooks";

    [Fact]
    public async Task A_secret_is_shown_when_it_is_made_and_never_again()
    {
        var response = await app.Api.PostAsync(Hooks, Http.Json(Request()));
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var made = await response.JsonAsync(HttpStatusCode.Created);
        var secret = made.Text("secret").ShouldNotBeNull();
        secret.ShouldStartWith("whs_");
        secret.Length.ShouldBeGreaterThan(40);
        made.Text("owner").ShouldBe("admin");

        var path = $"{Hooks}/{made.Id()}";
        (await app.Api.GetStringAsync(path)).ShouldNotContain(secret);
        (await app.Api.GetStringAsync(Hooks)).ShouldNotContain(secret);
        (await StoredAsync(made.Id())).ShouldNotContain(secret);
        (await app.Api.GetStringAsync("/api/v1/audit?object=webhook")).ShouldNotContain(secret);

        var rotated = (await (await app.Api.PatchAsync(path, Http.Json("""{"rotateSecret": true}"""))).JsonAsync(HttpStatusCode.OK)).Text("secret");
        rotated.ShouldNotBeNull().ShouldNotBe(secret);
    }

    [Fact]
    public async Task What_is_wrong_is_told_for_each_field()
    {
        var problem = await (await app.Api.PostAsync(Hooks, Http.Json(
            """{"name": " ", "url": "http://10.0.0.1/x", "events": ["run.exploded"], "network": "nothing", "secret": "short"}"""))).ProblemAsync(HttpStatusCode.BadRequest);
        var errors = problem.Errors();
        errors.Keys.Order().ShouldBe(["events", "name", "network", "secret", "url"]);
        errors["url"].ShouldContain("no public address");
        errors["events"].ShouldContain("run.finished");
        errors["events"].ShouldContain("run.exploded");
    }

    [Fact]
    public async Task A_sweep_that_is_not_there_is_refused_and_one_that_is_gone_does_not_stand_in_the_way()
    {
        const string change = """{"sweepId": 987654}""";
        var sweep = await app.SubmitAsync(Experiments.Sweep("Hooked"));
        var path = $"{Hooks}/{(await app.Api.PostJsonAsync(Hooks, Request(), HttpStatusCode.Created)).Id()}";
        (await (await app.Api.PatchAsync(path, Http.Json(change))).ProblemAsync(HttpStatusCode.BadRequest)).Errors()["sweepId"].ShouldBe("There is no sweep 987654.");
        await (await app.Api.PatchAsync(path, Http.Json($$"""{"sweepId": {{sweep}}}"""))).JsonAsync(HttpStatusCode.OK);
        (await app.Api.DeleteAsync($"/api/v1/sweeps/{sweep}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await app.Api.PatchAsync(path, Http.Json("""{"name": "Still there"}"""))).JsonAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://127.0.0.2:5432/")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    public async Task A_private_address_is_refused(string url) =>
        (await (await app.Api.PostAsync(Hooks, Http.Json(Request(url: url)))).ProblemAsync(HttpStatusCode.BadRequest)).Errors()["url"].ShouldContain("TRACKER_WEBHOOK_ALLOW");

    [Fact]
    public async Task Members_have_their_own_webhooks_and_admins_all()
    {
        using var ada = app.Client(await Members.TokenAsync(app, "hooks-ada"));
        using var bob = app.Client(await Members.TokenAsync(app, "hooks-bob"));
        var path = $"{Hooks}/{(await ada.PostJsonAsync(Hooks, Request("Ada's"), HttpStatusCode.Created)).Id()}";

        (await bob.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await bob.PatchAsync(path, Http.Json("""{"name": "Mine"}"""))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await bob.PostAsync($"{path}/test", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await bob.GetAsync($"{path}/deliveries")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await bob.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await bob.GetStringAsync(Hooks)).ShouldBe("[]");

        (await app.Api.GetJsonAsync(path)).Text("name").ShouldBe("Ada's");
        (await (await app.Api.PatchAsync(path, Http.Json("""{"active": false}"""))).JsonAsync(HttpStatusCode.OK)).GetProperty("active").GetBoolean().ShouldBeFalse();
        (await ada.GetJsonAsync(path)).GetProperty("active").GetBoolean().ShouldBeFalse();
        (await ada.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ada.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Viewers_have_none_and_a_token_that_only_reads_sees_none()
    {
        using var viewer = app.Client(await Members.TokenAsync(app, "hooks-viewer", Roles.Viewer));
        (await viewer.GetAsync(Hooks)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await viewer.PostAsync(Hooks, Http.Json(Request()))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var reader = app.Client(await Members.TokenAsync(app, "hooks-reader", scope: TokenScopes.Read));
        (await reader.GetAsync(Hooks)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await reader.PostAsync(Hooks, Http.Json(Request()))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_test_is_sent_at_once_and_answers_what_became_of_it()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var hook = (await app.Api.PostJsonAsync(Hooks, Request(url: receiver.Url), HttpStatusCode.Created)).Id();
        await app.Api.PatchAsync($"{Hooks}/{hook}", Http.Json("""{"active": false}"""));
        var sent = await app.Api.PostJsonAsync($"{Hooks}/{hook}/test");
        sent.Text("state").ShouldBe("Delivered");
        sent.Text("type").ShouldBe("webhook.test");
        var attempt = sent.GetProperty("attempts").EnumerateArray().ShouldHaveSingleItem();
        (attempt.GetProperty("status").GetInt32(), attempt.Text("response")).ShouldBe((200, "Thank you"));
        (await receiver.NextAsync()).Headers["X-Tracker-Event"].ShouldBe("webhook.test");

        receiver.Answer((context, _) =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        });
        var failed = await app.Api.PostJsonAsync($"{Hooks}/{hook}/test");
        failed.Text("state").ShouldBe("GivenUp");
        failed.GetProperty("attempts")[0].Text("error").ShouldBe("It answered 410.");
    }

    [Fact]
    public async Task Deliveries_come_in_pages_the_latest_first()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var hook = (await app.Api.PostJsonAsync(Hooks, Request(url: receiver.Url), HttpStatusCode.Created)).Id();
        var sent = new List<string>();
        for (var i = 0; i < 5; i++) sent.Add((await app.Api.PostJsonAsync($"{Hooks}/{hook}/test")).Text("id")!);

        var found = new List<string>();
        string? cursor = null;
        do
        {
            var page = await app.Api.GetJsonAsync($"{Hooks}/{hook}/deliveries?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            found.AddRange(page.Items().Select(d => d.Text("id")!));
            cursor = page.Text("nextCursor");
        }
        while (cursor is not null);
        found.ShouldBe(sent.AsEnumerable().Reverse());
        (await (await app.Api.GetAsync($"{Hooks}/{hook}/deliveries?cursor=x")).ProblemAsync(HttpStatusCode.BadRequest)).Errors().Keys.ShouldBe(["cursor"]);
    }

    [Fact]
    public async Task What_is_left_out_of_a_change_stays_and_filters_are_taken_back()
    {
        var hook = await app.Api.PostJsonAsync(Hooks, Request(network: "f1"), HttpStatusCode.Created);
        var path = $"{Hooks}/{hook.Id()}";
        var sweep = await app.SubmitAsync(Experiments.Sweep("Only of this"));
        var changed = await (await app.Api.PatchAsync(path, Http.Json($$"""{"events": ["sweep.failed"], "sweepId": {{sweep}}}"""))).JsonAsync(HttpStatusCode.OK);
        (changed.Text("name"), changed.Text("network"), changed.GetProperty("sweepId").GetInt64()).ShouldBe(("Hook", "f1", sweep));
        changed.GetProperty("events").EnumerateArray().Select(e => e.GetString()).ShouldBe(["sweep.failed"]);
        var freed = await (await app.Api.PatchAsync(path, Http.Json("""{"network": "", "sweepId": 0}"""))).JsonAsync(HttpStatusCode.OK);
        (freed.GetProperty("network").ValueKind, freed.GetProperty("sweepId").ValueKind).ShouldBe((JsonValueKind.Null, JsonValueKind.Null));
        (await app.Api.PatchAsync(path, Http.Json("""{"url": "http://192.168.0.1/"}"""))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static string Request(string name = "Hook", string url = "http://127.0.0.1:9/", string? network = null) =>
        JsonSerializer.Serialize(new { name, url, events = (string[])["run.failed"], network });

    private async Task<string> StoredAsync(long hook)
    {
        await using var command = app.Get<NpgsqlDataSource>().CreateCommand("SELECT to_jsonb(h)::text FROM webhooks h WHERE id = $1");
        command.Parameters.Add(new() { Value = hook });
        return (string)(await command.ExecuteScalarAsync()).ShouldNotBeNull();
    }
}
