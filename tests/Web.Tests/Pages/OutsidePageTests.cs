using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Pages;

/// <summary>Runs and experiments of programs outside, as pages first send them and as REST shows them.</summary>
public sealed class OutsidePageTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ILoggedRuns Logged => app.Services.GetRequiredKeyedService<ILoggedRuns>(Guards.Unguarded);

    [Fact]
    public async Task The_page_of_a_run_shows_what_its_program_said_and_no_verbs()
    {
        var run = await BeginAsync("Outer limits", "brave-whale-7");
        var page = await app.Api.GetStringAsync($"/runs/{run}");
        foreach (var text in (string[])["brave-whale-7", "logged from outside", "Outer limits", "my_option", "some &lt;value&gt;", "1 tag of MLflow", "train.py", "92.5", "Begun by a program outside."])
            page.ShouldContain(text, customMessage: text);
        foreach (var text in (string[])["Cancel this run", ">Pause<", ">Clone<", "Weight distance", "Checkpoint"]) page.ShouldNotContain(text, customMessage: text);
    }

    [Fact]
    public async Task Lists_experiments_and_comparisons_show_it_under_its_own_name()
    {
        var run = await BeginAsync("Listed outside", "named-outside");
        var experiment = (await app.Get<IExperiments>().FindAsync("Listed outside", Token)).ShouldNotBeNull().Id;
        foreach (var path in (string[])["/runs", $"/sweeps/{experiment}", $"/compare?runs={run}", $"/compare?runs={run}&x=step"]) (await app.Api.GetStringAsync(path)).ShouldContain("named-outside", customMessage: path);
        foreach (var path in (string[])["/", "/sweeps"]) (await app.Api.GetStringAsync(path)).ShouldContain("Listed outside", customMessage: path);
        foreach (var path in (string[])["/leaderboards", "/figures", "/queue", "/hosts", "/tables", "/sweeps/new", $"/runs?filter={Uri.EscapeDataString("external = 'true'")}"])
            (await app.Api.GetAsync(path, Token)).EnsureSuccessStatusCode();
        (await app.Api.GetStringAsync($"/runs?filter={Uri.EscapeDataString("external = 'false'")}")).ShouldNotContain("named-outside");
        (await app.Api.GetStringAsync("/sweeps")).ShouldNotContain(">Default<");
    }

    [Fact]
    public async Task A_silent_run_is_shown_as_silent_and_one_that_failed_by_its_name()
    {
        var silent = await BeginAsync("Quiet", "quiet-run");
        await using (var command = app.Get<NpgsqlDataSource>().CreateCommand($"UPDATE runs SET reported_at = now() - interval '11 minutes' WHERE id = {silent}")) await command.ExecuteNonQueryAsync(Token);
        (await app.Api.GetStringAsync($"/runs/{silent}")).ShouldContain("Silent");

        var failed = await BeginAsync("Quiet", "failed-run");
        await Logged.ChangeAsync(failed, new(RunState.Failed, null, null), Token);
        var home = await app.Api.GetStringAsync("/");
        home.ShouldContain("failed-run");
        home.ShouldContain("its program reported that it failed.");
    }

    [Fact]
    public async Task Rest_says_what_is_external_and_nothing_of_it_for_other_runs()
    {
        var id = await BeginAsync("Rest", "rest-run");
        using var json = JsonDocument.Parse(await app.Api.GetStringAsync($"/api/v1/runs/{id}"));
        json.RootElement.GetProperty("title").GetString().ShouldBe("rest-run");
        var external = json.RootElement.GetProperty("external");
        external.GetProperty("parameters").GetProperty("my_option").GetString().ShouldBe("some <value>");
        external.GetProperty("silent").GetBoolean().ShouldBeFalse();
        using var sweep = JsonDocument.Parse(await app.Api.GetStringAsync($"/api/v1/sweeps/{json.RootElement.GetProperty("sweepId").GetInt64()}"));
        sweep.RootElement.GetProperty("external").GetProperty("tags").EnumerateObject().Count().ShouldBe(0);

        var own = (await app.RunsAsync(await app.SubmitAsync(Experiments.Sweep("Own beside")))).ShouldHaveSingleItem();
        using var other = JsonDocument.Parse(await app.Api.GetStringAsync($"/api/v1/runs/{own}"));
        other.RootElement.GetProperty("external").ValueKind.ShouldBe(JsonValueKind.Null);
        (await app.Api.GetStringAsync($"/compare?runs={id},{own}")).ShouldContain("rest-run");
        (await app.Api.GetStringAsync($"/runs/{own}?against={id}")).ShouldContain("rest-run");
    }

    [Fact]
    public async Task A_running_one_is_on_home_and_a_finished_one_on_the_leaderboard()
    {
        var run = await BeginAsync("Boarded", "boarded-run", "outer-space");
        var home = await app.Api.GetStringAsync("/");
        home.ShouldContain("boarded-run");
        home.ShouldContain("step 10");
        (await app.Api.GetStringAsync("/api/v1/queue")).ShouldNotContain("boarded-run");
        (await app.Api.GetAsync("/api/v1/leaderboards?network=outer-space&dataset=mnist", Token)).StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);

        await Logged.ChangeAsync(run, new(RunState.Succeeded, null, null), Token);
        using var json = JsonDocument.Parse(await app.Api.GetStringAsync("/api/v1/leaderboards?network=outer-space&dataset=mnist"));
        var row = json.RootElement.GetProperty("rows").EnumerateArray().ShouldHaveSingleItem();
        (row.GetProperty("external").GetBoolean(), row.GetProperty("method").GetString(), row.GetProperty("mean").GetDouble()).ShouldBe((true, "logged", 0.925));
        (await app.Api.GetStringAsync("/api/v1/leaderboards.csv?network=outer-space&dataset=mnist")).ShouldContain("logged,,,");
        var page = await app.Api.GetStringAsync("/leaderboards?network=outer-space&dataset=mnist");
        page.ShouldContain("outer-space on MNIST");
        page.ShouldContain("logged from outside");
        (await app.Api.GetStringAsync("/figures")).ShouldNotContain("outer-space");
    }

    [Fact]
    public async Task The_runs_of_an_experiment_are_read_in_pages()
    {
        var runs = new List<long>();
        for (var i = 0; i < 3; i++) runs.Add(await BeginAsync("Paged outside", $"paged-{i}"));
        var path = $"/api/v1/sweeps/{(await app.Get<IExperiments>().FindAsync("Paged outside", Token)).ShouldNotBeNull().Id}/runs";
        (await app.Api.GetJsonAsync(path)).Items().Select(r => r.Id()).ShouldBe(runs);
        var first = await app.Api.GetJsonAsync($"{path}?limit=2");
        first.Items().Select(r => r.Id()).ShouldBe(runs[..2]);
        var rest = await app.Api.GetJsonAsync($"{path}?limit=2&cursor={first.Text("nextCursor")}");
        rest.Items().Select(r => r.Id()).ShouldBe(runs[2..]);
        rest.Text("nextCursor").ShouldBeNull();
        foreach (var bad in (string[])["limit=0", "limit=501", "cursor=x"]) (await app.Api.GetAsync($"{path}?{bad}", Token)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, bad);
    }

    private async Task<long> BeginAsync(string experiment, string name, string network = "my-net")
    {
        var experiments = app.Services.GetRequiredKeyedService<IExperiments>(Guards.Unguarded);
        var id = (await experiments.FindAsync(experiment, Token))?.Id ?? await experiments.CreateAsync(experiment, new Dictionary<string, string>(), Token);
        var run = (await Logged.CreateAsync(new(id, name, DateTimeOffset.UtcNow, new Dictionary<string, string> { ["mlflow.source.name"] = "train.py" }), Token)).ShouldNotBeNull();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await Logged.LogAsync(run, new(
            [new("val_accuracy", 0.925, now, 10), new("train/loss", double.NaN, now, 10), new("system/cpu", 3, now, 10)],
            [KeyValuePair.Create("my_option", "some <value>"), KeyValuePair.Create("model", network), KeyValuePair.Create("data", "mnist")], [KeyValuePair.Create("team", "blue")]), Token);
        return run;
    }
}
