using System.Net;
using Tracker.Storage;
using Tracker.Web.Hosting;

namespace Tracker.Web.Tests.Api;

public sealed class RetentionTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Path = "/api/v1/retention";

    [Fact]
    public async Task Rules_are_read_previewed_replaced_and_applied_by_admins()
    {
        (await app.Api.GetJsonAsync(Path)).GetProperty("rules").GetProperty("binDays").GetInt32().ShouldBe(30);
        (await app.Api.PostAsync($"{Path}/apply", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        const string rules = """{ "logDays": 30, "pointDays": 90, "checkpointDays": 14, "binDays": 7 }""";
        (await app.Api.PostJsonAsync($"{Path}/preview", rules)).EnumerateObject().ShouldAllBe(p => p.Value.GetInt64() == 0);
        using var put = await app.Api.PutAsync(Path, Http.Json(rules));
        var changed = (await put.JsonAsync(HttpStatusCode.OK)).GetProperty("rules");
        (changed.GetProperty("pointDays").GetInt32(), changed.GetProperty("eventDays").ValueKind).ShouldBe((90, System.Text.Json.JsonValueKind.Null));
        (await app.Api.PostJsonAsync($"{Path}/apply")).GetProperty("points").GetInt64().ShouldBe(0);
        (await app.Api.GetJsonAsync(Path)).GetProperty("lastPass").GetProperty("checkpoints").GetInt64().ShouldBe(0);

        using var member = app.Client(await Members.TokenAsync(app, "keeper"));
        await (await member.GetAsync(Path)).ProblemAsync(HttpStatusCode.Forbidden);
        await (await member.PutAsync(Path, Http.Json(rules))).ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("""{ "logDays": 0 }""", "logDays")]
    [InlineData("""{ "pointDays": 40000 }""", "pointDays")]
    [InlineData("""{ "binDays": -1 }""", "binDays")]
    public async Task Days_beyond_what_can_be_stated_are_refused_by_name(string rules, string field)
    {
        (await (await app.Api.PutAsync(Path, Http.Json(rules))).ProblemAsync(HttpStatusCode.BadRequest)).Errors().Keys.ShouldBe([field]);
        (await (await app.Api.PostAsync($"{Path}/preview", Http.Json(rules))).ProblemAsync(HttpStatusCode.BadRequest)).Errors().Keys.ShouldBe([field]);
    }

    [Fact]
    public async Task A_sweep_tells_what_it_takes_and_stored_files_go_with_their_run()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Large"));
        var run = (await app.RunsAsync(sweep))[0];
        await app.TrainAsync(run, await app.HostAsync("space"), 0.5);
        var folder = System.IO.Path.Combine(app.Get<Settings>().DataDirectory, "artifacts", $"{sweep}", run.ToString("x32"), "artifacts");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "model.bin"), new string('x', 5000));

        var space = await app.Api.GetJsonAsync($"/api/v1/sweeps/{sweep}/space");
        (space.GetProperty("runs").GetInt32(), space.GetProperty("points").GetInt64(), space.GetProperty("checkpointBytes").GetInt64(), space.GetProperty("artifactBytes").GetInt64())
            .ShouldBe((1, 101, 1234, 5000));
        space.GetProperty("bytes").GetInt64().ShouldBeGreaterThan(5000 + 1234 + (101 * 100));
        await (await app.Api.GetAsync("/api/v1/sweeps/987654/space")).ProblemAsync(HttpStatusCode.NotFound);

        await app.Api.DeleteAsync($"/api/v1/runs/{run}");
        Directory.Exists(folder).ShouldBeTrue();
        await app.Api.DeleteAsync($"/api/v1/bin/runs/{run}");
        await app.Get<IPurge>().WorkAsync(CancellationToken.None);
        Directory.Exists(folder).ShouldBeFalse();
    }
}
