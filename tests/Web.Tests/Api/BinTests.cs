using System.Net;
using Tracker.Storage;

namespace Tracker.Web.Tests.Api;

public sealed class BinTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Path = "/api/v1/bin";

    [Fact]
    public async Task A_deleted_run_is_found_in_the_bin_only_and_comes_back()
    {
        var (sweep, run) = await TrainedAsync("Bin of runs");
        (await app.Api.DeleteAsync($"/api/v1/runs/{run}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await app.Api.GetAsync($"/api/v1/runs/{run}")).ProblemAsync(HttpStatusCode.NotFound);
        await (await app.Api.DeleteAsync($"/api/v1/runs/{run}")).ProblemAsync(HttpStatusCode.NotFound);
        (await app.Api.GetJsonAsync($"/api/v1/runs/{run}?deleted=true")).GetProperty("deletedAt").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.String);
        (await app.RunsAsync(sweep)).ShouldNotContain(run);
        await (await app.Api.GetAsync($"/api/v1/runs/{run}/metrics")).ProblemAsync(HttpStatusCode.NotFound);
        (await app.Api.GetJsonAsync($"/api/v1/metrics?runs={run}")).GetProperty("series").GetArrayLength().ShouldBe(0);

        var item = await FindAsync("Run", run);
        (item.Text("name"), item.Text("deletedBy"), item.Text("owner"), item.GetProperty("sweepId").GetInt64()).ShouldBe(("Bin of runs", "admin", "admin", sweep));
        item.GetProperty("points").GetInt64().ShouldBe(101);
        item.GetProperty("checkpointBytes").GetInt64().ShouldBe(1234);

        (await app.Api.PostAsync($"/api/v1/runs/{run}/restore", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await app.RunsAsync(sweep)).ShouldContain(run);
        (await app.Api.GetJsonAsync($"/api/v1/metrics?runs={run}")).GetProperty("series").GetArrayLength().ShouldBe(2);
        (await app.Api.GetJsonAsync($"/api/v1/runs/{run}")).GetProperty("deletedAt").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        await (await app.Api.PostAsync($"/api/v1/runs/{run}/restore", null)).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_run_waits_for_its_sweep_and_a_purged_sweep_is_gone()
    {
        var (sweep, run) = await TrainedAsync("Bin of sweeps");
        (await app.Api.DeleteAsync($"/api/v1/sweeps/{sweep}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await (await app.Api.PostAsync($"/api/v1/runs/{run}/restore", null)).ProblemAsync(HttpStatusCode.Conflict)).Text("detail").ShouldNotBeNull().ShouldContain("Restore the sweep first");
        (await app.Api.PostAsync($"/api/v1/sweeps/{sweep}/restore", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await app.Api.GetJsonAsync($"/api/v1/runs/{run}")).Id().ShouldBe(run);

        await (await app.Api.DeleteAsync($"{Path}/sweeps/{sweep}")).ProblemAsync(HttpStatusCode.NotFound);
        await app.Api.DeleteAsync($"/api/v1/sweeps/{sweep}");
        (await app.Api.DeleteAsync($"{Path}/sweeps/{sweep}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await app.Api.PostAsync($"/api/v1/sweeps/{sweep}/restore", null)).ProblemAsync(HttpStatusCode.NotFound);
        await (await app.Api.GetAsync($"/api/v1/runs/{run}?deleted=true")).ProblemAsync(HttpStatusCode.NotFound);
        (await app.Get<IMetrics>().SeriesAsync([run], [], 100, MetricAxis.Step, CancellationToken.None)).ShouldBeEmpty();
        await app.Get<IPurge>().WorkAsync(CancellationToken.None);
        (await app.Api.GetJsonAsync(Path)).Items().ShouldNotContain(i => i.Id() == sweep);
    }

    [Fact]
    public async Task The_bin_is_read_in_parts_and_a_cursor_that_was_tampered_with_is_refused()
    {
        var (_, one) = await TrainedAsync("First of two");
        var (_, two) = await TrainedAsync("Second of two");
        foreach (var run in new[] { one, two }) await app.Api.DeleteAsync($"/api/v1/runs/{run}");
        var first = await app.Api.GetJsonAsync($"{Path}?limit=1");
        first.Items().ShouldHaveSingleItem().Id().ShouldBe(two);
        (await app.Api.GetJsonAsync($"{Path}?limit=1&cursor={first.Text("nextCursor")}")).Items().ShouldHaveSingleItem().Id().ShouldBe(one);
        var other = Tracker.Web.Api.Cursor.Encode("bin", long.MaxValue, 7, 1);
        (await (await app.Api.GetAsync($"{Path}?cursor={other}")).ProblemAsync(HttpStatusCode.BadRequest)).Errors().Keys.ShouldBe(["cursor"]);
    }

    [Fact]
    public async Task Members_restore_and_purge_what_is_theirs_and_only_admins_empty_the_bin()
    {
        var (sweep, run) = await TrainedAsync("Of the admin");
        await app.Api.DeleteAsync($"/api/v1/runs/{run}");
        using var member = app.Client(await Members.TokenAsync(app, "binny"));
        (await member.GetJsonAsync(Path)).Items().ShouldContain(i => i.Id() == run);
        await (await member.PostAsync($"/api/v1/runs/{run}/restore", null)).ProblemAsync(HttpStatusCode.Forbidden);
        await (await member.DeleteAsync($"{Path}/runs/{run}")).ProblemAsync(HttpStatusCode.Forbidden);
        await (await member.DeleteAsync(Path)).ProblemAsync(HttpStatusCode.Forbidden);

        var own = (await member.PostJsonAsync("/api/v1/sweeps", Experiments.Sweep("Of the member"), HttpStatusCode.Created)).Id();
        (await member.DeleteAsync($"/api/v1/sweeps/{own}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await member.PostAsync($"/api/v1/sweeps/{own}/restore", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await member.DeleteAsync($"/api/v1/sweeps/{own}");
        (await member.DeleteAsync($"{Path}/sweeps/{own}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await (await app.Api.DeleteAsync(Path)).JsonAsync(HttpStatusCode.OK)).GetProperty("items").GetInt32().ShouldBeGreaterThan(0);
        (await app.Api.GetJsonAsync(Path)).Items().ShouldBeEmpty();
        (await app.Api.GetJsonAsync($"/api/v1/sweeps/{sweep}")).Id().ShouldBe(sweep);
    }

    private async Task<(long Sweep, long Run)> TrainedAsync(string name)
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep(name));
        var run = (await app.RunsAsync(sweep))[0];
        await app.TrainAsync(run, await app.HostAsync("bin"), 0.5);
        return (sweep, run);
    }

    private async Task<System.Text.Json.JsonElement> FindAsync(string kind, long id) =>
        (await app.Api.GetJsonAsync(Path)).Items().Single(i => i.Text("kind") == kind && i.Id() == id);
}
