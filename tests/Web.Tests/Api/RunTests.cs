using System.Net;
using System.Net.Http.Headers;
using Npgsql;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Tests.Api;

public sealed class RunTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Path = "/api/v1/runs";

    [Fact]
    public async Task A_trained_run_shows_all_that_it_recorded()
    {
        var run = await TrainedAsync("Trained", 0.8765);
        var shown = await app.Api.GetJsonAsync($"{Path}/{run}");
        shown.Text("state").ShouldBe("Succeeded");
        shown.Text("title").ShouldBe("F1 SB, batch 128, seed 0");
        shown.Text("host").ShouldBe("host");
        shown.GetProperty("result").GetProperty("finalValidationAccuracy").GetDouble().ShouldBe(0.8765);
        shown.GetProperty("progress").GetProperty("fraction").GetDouble().ShouldBe(1);
        shown.GetProperty("spec").Text("method").ShouldBe("sb");
        shown.Text("fingerprint")!.Length.ShouldBe(64);

        var attempt = (await app.Api.GetJsonAsync($"{Path}/{run}/attempts")).EnumerateArray().ShouldHaveSingleItem();
        attempt.Text("outcome").ShouldBe("Succeeded");
        attempt.GetProperty("processId").GetInt32().ShouldBe(42);
        (await app.Api.GetJsonAsync($"{Path}/{run}/events")).EnumerateArray().Select(e => e.Text("message")).ShouldContain("Half way");
        (await app.Api.GetJsonAsync($"{Path}/{run}/checkpoints")).EnumerateArray().ShouldHaveSingleItem().GetProperty("step").GetInt64().ShouldBe(100);
    }

    [Fact]
    public async Task The_log_goes_on_where_the_last_answer_ended()
    {
        var run = await TrainedAsync("Log", 0.5);
        var first = await app.Api.GetJsonAsync($"{Path}/{run}/log");
        first.GetProperty("lines").EnumerateArray().Select(l => l.Text("text")).ShouldBe(["first", "second"]);
        var rest = await app.Api.GetJsonAsync($"{Path}/{run}/log?cursor={first.Text("nextCursor")}");
        rest.GetProperty("lines").GetArrayLength().ShouldBe(0);
        rest.Text("nextCursor").ShouldBe(first.Text("nextCursor"));

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Path}/{run}/log");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/plain"));
        using var response = await app.Api.SendAsync(request);
        (await response.Content.ReadAsStringAsync()).ShouldBe("1970-01-01T00:00:01.000Z 1 info first\n1970-01-01T00:00:02.000Z 1 info second\n");
    }

    [Fact]
    public async Task Metrics_come_as_columns_with_extremes_kept()
    {
        var run = await TrainedAsync("Metrics", 0.75);
        var metrics = await app.Api.GetJsonAsync($"{Path}/{run}/metrics?keys=train/loss,validation/accuracy&maxPoints=10&x=epoch");
        metrics.Text("x").ShouldBe("epoch");
        var series = metrics.GetProperty("series").EnumerateArray().ToDictionary(s => s.Text("key")!);
        var loss = series["train/loss"];
        loss.GetProperty("points").GetInt64().ShouldBe(100);
        var last = loss.GetProperty("last").EnumerateArray().Select(v => v.GetDouble()).ToList();
        last.Count.ShouldBeInRange(1, 10);
        last[^1].ShouldBe(0.03);
        loss.GetProperty("max").EnumerateArray().Max(v => v.GetDouble()).ShouldBe(3);
        loss.GetProperty("x").EnumerateArray().Last().GetDouble().ShouldBe(2, 1e-6);
        series["validation/accuracy"].GetProperty("last")[0].GetDouble().ShouldBe(0.75);

        var part = await app.Api.GetJsonAsync($"{Path}/{run}/metrics?keys=train/loss&x=epoch&from=0.5&to=1");
        part.GetProperty("series")[0].GetProperty("step").EnumerateArray().Select(v => v.GetInt64()).ShouldBe(Enumerable.Range(24, 28).Select(i => (long)i));

        var several = await app.Api.GetJsonAsync($"/api/v1/metrics?runs={run},{run},99999&keys=train/loss");
        several.GetProperty("series").EnumerateArray().ShouldHaveSingleItem().GetProperty("runId").GetInt64().ShouldBe(run);
    }

    [Fact]
    public async Task Series_that_are_too_much_for_one_answer_are_refused_before_they_are_read()
    {
        var run = await TrainedAsync("Too much", 0.5);
        await using var more = app.Get<NpgsqlDataSource>().CreateCommand($"""
            WITH made AS (INSERT INTO metric_names (name) SELECT 'much/' || i FROM generate_series(1, 60) i RETURNING id)
            INSERT INTO metric_latest (run_id, metric_id, epoch, points, first_step, step, wall_ms, value, min, max)
            SELECT {run}, id, 1, 100000, 1, 100000, 1, 0, 0, 0 FROM made
            """);
        await more.ExecuteNonQueryAsync();
        var refused = await (await app.Api.GetAsync($"/api/v1/metrics?runs={run}&maxPoints=20000")).ProblemAsync(HttpStatusCode.BadRequest);
        refused.Errors()["maxPoints"].ShouldStartWith("62 series would have 1,200,101 points, and one answer has at most 1,000,000.");
        foreach (var fits in (string[])["maxPoints=10000", "maxPoints=20000&keys=much/1,much/2", "maxPoints=20000&to=100"])
            (await app.Api.GetAsync($"/api/v1/runs/{run}/metrics?{fits}")).StatusCode.ShouldBe(HttpStatusCode.OK, fits);
    }

    [Theory]
    [InlineData("/api/v1/metrics", "runs")]
    [InlineData("/api/v1/metrics?runs=", "runs")]
    [InlineData("/api/v1/metrics?runs=1,x", "runs")]
    [InlineData("/api/v1/metrics?runs=1&maxPoints=0", "maxPoints")]
    [InlineData("/api/v1/metrics?runs=1&x=days", "x")]
    [InlineData("/api/v1/metrics?runs=1&from=NaN", "from")]
    [InlineData("/api/v1/metrics?runs=1&from=2&to=1", "to")]
    [InlineData("/api/v1/metrics?runs=1&x=7", "x")]
    [InlineData("/api/v1/metrics?runs=1&key=train/loss", "key")]
    [InlineData("/api/v1/runs?state=Done", "state")]
    [InlineData("/api/v1/runs?state=99", "state")]
    [InlineData("/api/v1/runs?network=g1", "network")]
    [InlineData("/api/v1/runs?dataset=nothing", "dataset")]
    [InlineData("/api/v1/runs?method=xb", "method")]
    [InlineData("/api/v1/runs?batch=many", "batch")]
    [InlineData("/api/v1/runs?limit=0", "limit")]
    [InlineData("/api/v1/runs?cursor=zz", "cursor")]
    [InlineData("/api/v1/runs?filter=batch", "filter")]
    [InlineData("/api/v1/queue?limit=-1", "limit")]
    public async Task A_faulty_query_tells_its_parameter(string path, string field) =>
        (await (await app.Api.GetAsync(path)).ProblemAsync(HttpStatusCode.BadRequest)).Errors().Keys.ShouldBe([field]);

    [Fact]
    public async Task Runs_are_listed_by_what_they_are()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Filters", seeds: "[5,6]", methods: """["sb","lb+lr+gbn"]"""));
        (await IdsAsync($"sweep={sweep}")).Count.ShouldBe(4);
        (await IdsAsync($"sweep={sweep}&method=lb%2Blr%2Bgbn&seed=6")).Count.ShouldBe(1);
        (await IdsAsync($"sweep={sweep}&method=lb+gbn+lr&seed=6")).Count.ShouldBe(1);
        (await IdsAsync($"sweep={sweep}&batch=1024&network=f1&dataset=fashion-mnist")).Count.ShouldBe(2);
        (await IdsAsync($"sweep={sweep}&state=queued")).Count.ShouldBe(4);
        (await IdsAsync($"sweep={sweep}&state=Running")).ShouldBeEmpty();

        var page = await app.Api.GetJsonAsync($"{Path}?sweep={sweep}&limit=3");
        page.Items().Count.ShouldBe(3);
        var rest = await app.Api.GetJsonAsync($"{Path}?sweep={sweep}&limit=3&cursor={page.Text("nextCursor")}");
        rest.Items().Count.ShouldBe(1);
        rest.Text("nextCursor").ShouldBeNull();

        async Task<List<long>> IdsAsync(string query) => [.. (await app.Api.GetJsonAsync($"{Path}?{query}")).Items().Select(r => r.Id())];
    }

    [Fact]
    public async Task A_run_is_noted_tagged_paused_resumed_cancelled_retried_and_deleted()
    {
        var run = (await app.RunsAsync(await app.SubmitAsync(Experiments.Sweep("Verbs")))).ShouldHaveSingleItem();
        var changed = await (await app.Api.PatchAsync($"{Path}/{run}", Http.Json("""{ "notes": "n", "tags": ["a", " a ", "b"] }"""))).JsonAsync(HttpStatusCode.OK);
        changed.GetProperty("tags").EnumerateArray().Select(t => t.GetString()).ShouldBe(["a", "b"]);
        foreach (var (verb, state) in ((string, string)[])[("pause", "Paused"), ("resume", "Queued"), ("cancel", "Cancelled"), ("retry", "Queued"), ("stop", "Cancelled"), ("retry?from=scratch", "Queued")])
        {
            (await app.Api.PostJsonAsync($"{Path}/{run}/{verb}")).GetProperty("changed").GetInt32().ShouldBe(1, verb);
            (await app.Api.GetJsonAsync($"{Path}/{run}")).Text("state").ShouldBe(state);
        }
        (await app.Api.GetJsonAsync("/api/v1/queue")).GetProperty("queued").EnumerateArray().ShouldContain(r => r.Id() == run);
        (await app.Api.DeleteAsync($"{Path}/{run}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await (await app.Api.GetAsync($"{Path}/{run}")).ProblemAsync(HttpStatusCode.NotFound)).Text("detail").ShouldBe($"There is no run {run}.");
    }

    [Fact]
    public async Task A_running_run_is_in_the_queue_and_on_its_host_and_cannot_be_deleted()
    {
        var run = (await app.RunsAsync(await app.SubmitAsync(Experiments.Sweep("Active")))).ShouldHaveSingleItem();
        var host = await app.HostAsync("busy");
        await app.StartAsync(run, host);
        (await app.Api.GetJsonAsync("/api/v1/queue")).GetProperty("active").EnumerateArray().ShouldContain(r => r.Id() == run);
        var shown = (await app.Api.GetJsonAsync("/api/v1/hosts")).EnumerateArray().Single(h => h.Id() == host);
        shown.GetProperty("slots").GetInt32().ShouldBe(2);
        shown.GetProperty("runs").EnumerateArray().ShouldHaveSingleItem().Id().ShouldBe(run);
        (await (await app.Api.DeleteAsync($"{Path}/{run}")).ProblemAsync(HttpStatusCode.Conflict)).Text("detail").ShouldBe($"Run {run} is running. Cancel it first, then delete it.");
    }

    [Fact]
    public async Task A_retry_begins_at_the_checkpoint_or_from_scratch_and_nowhere_else()
    {
        foreach (var path in (string[])["runs/987654", "sweeps/987654"])
            (await (await app.Api.PostAsync($"/api/v1/{path}/retry?from=start", null)).ProblemAsync(HttpStatusCode.BadRequest))
                .Errors()["from"].ShouldBe("Expected checkpoint or scratch, found 'start'.");
    }

    [Fact]
    public async Task A_run_and_its_attempts_tell_what_was_asked_of_their_place_and_why_they_failed()
    {
        var sweep = await app.SubmitAsync("""{ "name": "Failing", "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "methods": ["sb"], "timing": true, "rerun": true }""");
        var run = (await app.RunsAsync(sweep)).ShouldHaveSingleItem();
        var attempt = await app.StartAsync(run, await app.HostAsync("failing"));
        await app.Get<IAttempts>().EndAsync(run, attempt, new(AttemptOutcome.Failed, 4, null, "Memory did not suffice: 12 GB asked for", FailureKind.OutOfMemory), CancellationToken.None);

        var shown = await app.Api.GetJsonAsync($"{Path}/{run}");
        shown.Text("state").ShouldBe("Failed");
        shown.GetProperty("timing").GetBoolean().ShouldBeTrue();
        shown.GetProperty("shared").GetBoolean().ShouldBeFalse();
        shown.GetProperty("quarantined").GetBoolean().ShouldBeFalse();
        shown.GetProperty("failure").Text("kind").ShouldBe("OutOfMemory");
        var ended = (await app.Api.GetJsonAsync($"{Path}/{run}/attempts")).EnumerateArray().ShouldHaveSingleItem();
        ended.Text("failure").ShouldBe("OutOfMemory");
        ended.GetProperty("shared").GetBoolean().ShouldBeFalse();
        ended.GetProperty("refusedWrites").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("""{ "tags": "a" }""", "tags", "Expected a list of texts, found \"a\".")]
    [InlineData("""{ "tags": [null] }""", "tags", "Expected a list of texts, found [null].")]
    [InlineData("""{ "tags": [" "] }""", "tags", "Expected tags of 1 to 64 characters.")]
    [InlineData("""{ "state": "Succeeded" }""", "state", "Unknown field 'state'. Known fields: notes, tags, priority.")]
    public async Task A_faulty_change_tells_its_field(string body, string field, string message) =>
        (await (await app.Api.PatchAsync($"{Path}/1", Http.Json(body))).ProblemAsync(HttpStatusCode.BadRequest)).Errors().ShouldContainKeyAndValue(field, message);

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/log")]
    [InlineData("GET", "/attempts")]
    [InlineData("GET", "/events")]
    [InlineData("GET", "/checkpoints")]
    [InlineData("GET", "/metrics")]
    [InlineData("POST", "/pause")]
    [InlineData("POST", "/resume")]
    [InlineData("POST", "/stop")]
    [InlineData("POST", "/cancel")]
    [InlineData("POST", "/retry")]
    public async Task An_unknown_run_is_not_found(string method, string rest)
    {
        using var request = new HttpRequestMessage(new(method), $"{Path}/987654{rest}");
        if (method == "PATCH") request.Content = Http.Json("{}");
        await (await app.Api.SendAsync(request)).ProblemAsync(HttpStatusCode.NotFound);
    }

    private async Task<long> TrainedAsync(string name, double accuracy)
    {
        var run = (await app.RunsAsync(await app.SubmitAsync(Experiments.Sweep(name)))).ShouldHaveSingleItem();
        await app.TrainAsync(run, await app.HostAsync(), accuracy);
        return run;
    }
}
