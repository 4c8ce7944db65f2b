using System.Net;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Mlflow;

/// <summary>Who may log and read by MLflow's interface, and how its clients sign in.</summary>
public sealed class AccessTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Search = MlflowHttp.Api + "experiments/search";

    [Fact]
    public async Task Nobody_gets_401_in_JSON_and_no_redirect()
    {
        using var nobody = app.Client();
        foreach (var path in new[] { "/api/2.0/mlflow/runs/get?run_id=1", "/ajax-api/2.0/mlflow/runs/get?run_id=1", "/api/2.0/nothing", "/api/3.0/mlflow/server-info" })
        {
            using var answer = await nobody.GetAsync(path);
            answer.Headers.WwwAuthenticate.Select(h => h.Scheme).ShouldBe(["Bearer", "Basic"]);
            await Task.FromResult(answer).MlflowErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
        }
        await nobody.PostAsync(Search, Http.Json("{}")).MlflowErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
    }

    [Fact]
    public async Task A_token_counts_as_Bearer_and_as_the_password_of_anybody()
    {
        var token = await Members.TokenAsync(app, "mlflow-tokens");
        using var bearer = app.Client(token);
        using var basic = MlflowHttp.BasicClient(app, "whoever", token);
        using var admin = MlflowHttp.BasicClient(app, "", TrackerApp.AdminToken);
        foreach (var client in new[] { bearer, basic, admin }) await (await client.PostAsync(Search, Http.Json("{}"))).MlflowAsync();
        var run = await basic.RunAsync("0", "basic");
        (await basic.FindRunAsync(run)).GetProperty("info").Text("user_id").ShouldBe("mlflow-tokens");
        using var wrong = MlflowHttp.BasicClient(app, "mlflow-tokens", token + "x");
        await wrong.PostAsync(Search, Http.Json("{}")).MlflowErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
    }

    [Fact]
    public async Task Name_and_password_count_until_the_account_is_locked()
    {
        await Members.AddAsync(app, "mlflow-passwords");
        using var right = MlflowHttp.BasicClient(app, "mlflow-passwords", TrackerApp.Password);
        for (var i = 0; i < 2; i++) await (await right.PostAsync(Search, Http.Json("{}"))).MlflowAsync();
        using var wrong = MlflowHttp.BasicClient(app, "mlflow-passwords", "not the password");
        using var unknown = MlflowHttp.BasicClient(app, "nobody-there", TrackerApp.Password);
        await unknown.PostAsync(Search, Http.Json("{}")).MlflowErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
        for (var i = 0; i < 5; i++) await wrong.PostAsync(Search, Http.Json("{}")).MlflowErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");

        // What trains goes on: its password was right a moment ago. Who comes anew is locked out.
        await (await right.PostAsync(Search, Http.Json("{}"))).MlflowAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await Members.AddAsync(app, "mlflow-locked");
        using var guessing = MlflowHttp.BasicClient(app, "mlflow-locked", "not the password");
        for (var i = 0; i < 5; i++) await guessing.PostAsync(Search, Http.Json("{}")).MlflowErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
        using var late = MlflowHttp.BasicClient(app, "mlflow-locked", TrackerApp.Password);
        await late.PostAsync(Search, Http.Json("{}")).MlflowErrorAsync(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
    }

    [Fact]
    public async Task A_password_in_use_is_not_checked_again()
    {
        var user = await Members.AddAsync(app, "mlflow-busy");
        using var right = MlflowHttp.BasicClient(app, "mlflow-busy", TrackerApp.Password);
        for (var i = 0; i < 3; i++)
        {
            await (await right.PostAsync(Search, Http.Json("{}"))).MlflowAsync();
            app.Clock.Advance(TimeSpan.FromMinutes(4));
        }
        (await app.Api.GetJsonAsync($"/api/v1/audit?user={user.UserName}&action=sign-in.ok")).Items().Count.ShouldBe(1);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await (await right.PostAsync(Search, Http.Json("{}"))).MlflowAsync();
        (await app.Api.GetJsonAsync($"/api/v1/audit?user={user.UserName}&action=sign-in.ok")).Items().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Basic_opens_nothing_beside_MLflow()
    {
        using var basic = MlflowHttp.BasicClient(app, "admin", TrackerApp.AdminToken);
        await (await basic.GetAsync("/api/v1/sweeps")).ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_a_browser_adds_by_itself_changes_nothing_for_other_sites()
    {
        using var basic = MlflowHttp.BasicClient(app, "admin", TrackerApp.AdminToken);
        basic.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        await basic.TryAsync("experiments/create", """{"name":"borrowed"}""").MlflowErrorAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
    }

    [Fact]
    public async Task Viewers_and_tokens_that_only_read_read_also_by_POST_and_log_nothing()
    {
        var run = await app.Api.RunAsync("0", "read");
        using var viewer = app.Client(await Members.TokenAsync(app, "mlflow-viewer", Roles.Viewer));
        using var reader = app.Client(await Members.TokenAsync(app, "mlflow-reader", scope: TokenScopes.Read));
        foreach (var client in new[] { viewer, reader })
        {
            await client.PostMlflowAsync("experiments/search", "{}");
            await client.PostMlflowAsync("runs/search", """{"experiment_ids":["0"]}""");
            await client.FindRunAsync(run);
            foreach (var (path, body) in new[]
            {
                ("experiments/create", """{"name":"x"}"""), ("runs/create", "{}"), ("runs/log-batch", MlflowHttp.Batch(run, 1)), ("runs/set-tag", $$"""{"run_id":"{{run}}","key":"a","value":"b"}"""),
                ("runs/delete", $$"""{"run_id":"{{run}}"}"""), ("runs/update", $$"""{"run_id":"{{run}}"}"""),
            })
                await client.TryAsync(path, body).MlflowErrorAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
            using var content = new ByteArrayContent([1]);
            await client.PutAsync($"{MlflowHttp.Artifacts}0/{run}/artifacts/a", content).MlflowErrorAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
        }
    }

    [Fact]
    public async Task Members_delete_what_is_theirs()
    {
        var run = await app.Api.RunAsync("0", "of the admin");
        using var member = app.Client(await Members.TokenAsync(app, "mlflow-member"));
        await member.TryAsync("runs/delete", $$"""{"run_id":"{{run}}"}""").MlflowErrorAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
        var own = await member.RunAsync("0", "own");
        await member.PostMlflowAsync("runs/delete", $$"""{"run_id":"{{own}}"}""");
    }

    [Fact]
    public async Task An_experiment_with_runs_of_others_is_for_admins_to_delete()
    {
        using var one = app.Client(await Members.TokenAsync(app, "mlflow-host"));
        using var other = app.Client(await Members.TokenAsync(app, "mlflow-guest"));
        var experiment = await one.ExperimentAsync("shared by two");
        await one.RunAsync(experiment, "own");
        var body = $$"""{"experiment_id":"{{experiment}}"}""";
        await one.PostMlflowAsync("experiments/delete", body);
        await one.PostMlflowAsync("experiments/restore", body);

        var guest = await other.RunAsync(experiment, "of the guest");
        (await one.TryAsync("experiments/delete", body).MlflowErrorAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED")).ShouldContain("Others have reported runs in it");
        await (await one.DeleteAsync($"/api/v1/sweeps/{experiment}")).ProblemAsync(HttpStatusCode.Forbidden);
        await app.Api.PostMlflowAsync("experiments/delete", body);
        await (await one.DeleteAsync($"/api/v1/bin/sweeps/{experiment}")).ProblemAsync(HttpStatusCode.Forbidden);
        await app.Api.PostMlflowAsync("experiments/restore", body);
        (await app.Api.FindRunAsync(guest)).GetProperty("info").Text("lifecycle_stage").ShouldBe("active");
    }

    [Fact]
    public async Task What_is_not_there_is_told_to_members_as_to_admins()
    {
        using var member = app.Client(await Members.TokenAsync(app, "mlflow-lost"));
        foreach (var (path, body) in new[]
        {
            ("experiments/delete", """{"experiment_id":"999999"}"""), ("experiments/restore", """{"experiment_id":"999999"}"""),
            ("runs/delete", """{"run_id":"999999"}"""), ("runs/restore", """{"run_id":"999999"}"""),
        })
            await member.TryAsync(path, body).MlflowErrorAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        await member.DeleteAsync($"{MlflowHttp.Artifacts}0/{999_999:x32}/artifacts/a").MlflowErrorAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        foreach (var path in (string[])["sweeps/999999", "runs/999999", "bin/sweeps/999999", "bin/runs/999999"])
            await (await member.DeleteAsync($"/api/v1/{path}")).ProblemAsync(HttpStatusCode.NotFound);
        foreach (var path in (string[])["sweeps/999999/restore", "runs/999999/restore"])
            await (await member.PostAsync($"/api/v1/{path}", null)).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET", "/api/2.0/mlflow/traces")]
    [InlineData("POST", "/api/2.0/mlflow/logged-models")]
    [InlineData("GET", "/api/2.0/mlflow/runs/create")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("GET", "/ajax-api/2.0/mlflow/nothing")]
    [InlineData("GET", "/api/3.0/mlflow/traces/1")]
    public async Task A_route_that_is_not_there_is_told_in_JSON(string method, string path)
    {
        using var request = new HttpRequestMessage(new(method), path);
        await app.Api.SendAsync(request).MlflowErrorAsync(HttpStatusCode.NotFound, "ENDPOINT_NOT_FOUND");
        await (await app.Api.GetAsync("/api/v1/nothing")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Probes_are_answered_to_everybody()
    {
        using var nobody = app.Client();
        (await nobody.GetStringAsync("/health")).ShouldBe("OK");
        (await nobody.GetAsync("/health")).Content.Headers.ContentType?.ToString().ShouldBe("text/plain; charset=utf-8");
        (await nobody.GetStringAsync("/version")).ShouldBe("2.22.0");
        (await (await app.Api.GetAsync("/api/3.0/mlflow/server-info")).MlflowAsync()).GetProperty("workspaces_enabled").GetBoolean().ShouldBeFalse();
    }
}
