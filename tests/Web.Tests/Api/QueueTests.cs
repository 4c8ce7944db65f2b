using System.Net;

namespace Tracker.Web.Tests.Api;

public sealed class QueueTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Path = "/api/v1/queue";

    [Fact]
    public async Task Each_queued_run_tells_its_place_and_why_it_stands_there()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Places", seeds: "[0,1,2]"));
        await app.HostAsync();
        var queue = await app.Api.GetJsonAsync($"{Path}?limit=1000");
        var mine = await app.RunsAsync(sweep);
        var entries = queue.GetProperty("entries").EnumerateArray().ToList();
        entries.Select(e => e.GetProperty("runId").GetInt64()).ShouldBe(queue.GetProperty("queued").EnumerateArray().Select(r => r.Id()));
        entries.Select(e => e.GetProperty("place").GetInt32()).ShouldBe(Enumerable.Range(1, entries.Count));
        queue.GetProperty("total").GetInt32().ShouldBe(entries.Count);
        foreach (var entry in entries.Where(e => mine.Contains(e.GetProperty("runId").GetInt64())))
        {
            entry.Text("reason").ShouldNotBeNullOrEmpty();
            entry.Text("explanation").ShouldNotBeNullOrEmpty();
            entry.Text("owner").ShouldBe("admin");
        }
    }

    [Fact]
    public async Task A_run_that_no_host_can_take_says_what_is_missing()
    {
        var sweep = await app.SubmitAsync("""{ "name": "Labelled", "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "methods": ["sb"], "labels": ["nowhere"], "rerun": true }""");
        var run = (await app.RunsAsync(sweep)).ShouldHaveSingleItem();
        var queue = await app.Api.GetJsonAsync($"{Path}?limit=1000");
        var entry = queue.GetProperty("entries").EnumerateArray().Single(e => e.GetProperty("runId").GetInt64() == run);
        entry.Text("reason").ShouldBe("NoHost");
        entry.GetProperty("starts").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        queue.GetProperty("unplaced").EnumerateArray().Select(u => u.Text("explanation")).ShouldContain(entry.Text("explanation"));
        queue.GetProperty("entries").EnumerateArray().Last().Text("reason").ShouldBe("NoHost");
    }

    [Fact]
    public async Task Pages_follow_each_other()
    {
        await app.SubmitAsync(Experiments.Sweep("Pages", seeds: "[0,1,2,3,4]"));
        var places = new List<int>();
        string? cursor = null;
        do
        {
            var page = await app.Api.GetJsonAsync(cursor is null ? $"{Path}?limit=2" : $"{Path}?limit=2&cursor={cursor}");
            places.AddRange(page.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("place").GetInt32()));
            cursor = page.Text("nextCursor");
        }
        while (cursor is not null);
        places.Count.ShouldBeGreaterThanOrEqualTo(5);
        places.ShouldBe(Enumerable.Range(1, places.Count));
    }

    [Fact]
    public async Task Only_the_runs_of_a_sweep_are_shown_when_asked_for()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Filtered", seeds: "[0,1]"));
        var queue = await app.Api.GetJsonAsync($"{Path}?sweep={sweep}&device=cpu");
        queue.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("runId").GetInt64()).ShouldBe(await app.RunsAsync(sweep), ignoreOrder: true);
        queue.GetProperty("matching").GetInt32().ShouldBe(2);
        queue.GetProperty("total").GetInt32().ShouldBeGreaterThanOrEqualTo(2);
        (await app.Api.GetJsonAsync($"{Path}?sweep={sweep}&device=cuda")).GetProperty("entries").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("device=any", "device")]
    [InlineData("device=gpu", "device")]
    [InlineData("sweep=x", "sweep")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("cursor=!!", "cursor")]
    [InlineData("cursor=cnVuczox", "cursor")]
    [InlineData("state=Queued", "state")]
    public async Task A_faulty_page_is_refused(string query, string field) =>
        (await (await app.Api.GetAsync($"{Path}?{query}")).ProblemAsync(HttpStatusCode.BadRequest)).Errors().Keys.ShouldBe([field]);

    [Fact]
    public async Task A_new_priority_moves_a_run()
    {
        await app.HostAsync();
        var sweep = await app.SubmitAsync(Experiments.Sweep("Moved", seeds: "[0,1]"));
        var (first, second) = await app.RunsAsync(sweep) is [var one, var two] ? (one, two) : throw new InvalidOperationException("Expected two runs.");
        (await PlaceAsync(first)).ShouldBeLessThan(await PlaceAsync(second));

        var changed = await (await app.Api.PatchAsync($"/api/v1/runs/{second}", Http.Json("""{ "priority": "high" }"""))).JsonAsync(HttpStatusCode.OK);
        changed.Text("priority").ShouldBe("high");
        (await PlaceAsync(second)).ShouldBeLessThan(await PlaceAsync(first));

        (await (await app.Api.PatchAsync($"/api/v1/runs/{second}", Http.Json("""{ "priority": "urgent" }"""))).ProblemAsync(HttpStatusCode.BadRequest))
            .Errors().Keys.ShouldBe(["priority"]);
    }

    private async Task<int> PlaceAsync(long run) => (await app.Api.GetJsonAsync($"{Path}?limit=1000")).GetProperty("entries").EnumerateArray()
        .Single(e => e.GetProperty("runId").GetInt64() == run).GetProperty("place").GetInt32();
}
