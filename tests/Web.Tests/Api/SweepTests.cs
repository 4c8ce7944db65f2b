using System.Net;
using System.Text;

namespace Tracker.Web.Tests.Api;

public sealed class SweepTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Path = "/api/v1/sweeps";

    [Fact]
    public async Task A_submitted_sweep_is_found_with_every_default_stated()
    {
        using var response = await app.Api.PostAsync(Path, Http.Json("""{ "network": "f1", "dataset": "fashion-mnist", "largeBatch": 4096, "priority": "low" }"""));
        var location = response.Headers.Location!;
        var made = await response.JsonAsync(HttpStatusCode.Created);
        location.AbsolutePath.ShouldBe($"{Path}/{made.Id()}");

        var sweep = await app.Api.GetJsonAsync(location.AbsolutePath);
        sweep.Text("name").ShouldBe("F1 on Fashion-MNIST");
        sweep.Text("state").ShouldBe("Queued");
        sweep.Text("owner").ShouldBe("admin");
        sweep.Text("priority").ShouldBe("low");
        sweep.GetProperty("counts").GetProperty("queued").GetInt32().ShouldBe(5);
        var spec = sweep.GetProperty("spec");
        spec.GetProperty("methods").EnumerateArray().Select(m => m.GetString()).ShouldBe(["sb", "lb", "lb+lr", "lb+lr+gbn", "lb+lr+gbn+ra"]);
        spec.GetProperty("parameters").GetProperty("learningRate")[0].GetDouble().ShouldBe(0.1);
        spec.Text("device").ShouldBe("any");
    }

    [Fact]
    public async Task A_dry_run_answers_the_plan_and_submits_nothing()
    {
        var before = (await app.Api.GetJsonAsync("/api/v1/queue")).GetProperty("counts").GetProperty("total").GetInt32();
        var plan = await app.Api.PostJsonAsync(
            $"{Path}?dryRun=true",
            """{ "network": "f1", "dataset": "fashion-mnist", "largeBatch": [256, 1024], "ghostBatch": [128, 512], "methods": ["lb+gbn"], "trainExamples": 6000, "epochs": 1 }""");
        plan.GetProperty("runCount").GetInt32().ShouldBe(3);
        var first = plan.GetProperty("runs")[0];
        first.Text("title").ShouldBe("F1 LB +GBN, batch 256, seed 0");
        first.GetProperty("steps").GetInt64().ShouldBe(24);
        var refused = plan.GetProperty("refused").EnumerateArray().ShouldHaveSingleItem();
        refused.Text("reason").ShouldBe("Ghost batch 512 is larger than batch 256. Take 256 or less.");
        (await app.Api.GetJsonAsync("/api/v1/queue")).GetProperty("counts").GetProperty("total").GetInt32().ShouldBe(before);
    }

    [Fact]
    public async Task A_plan_warns_when_no_present_host_can_take_the_runs()
    {
        var plan = await app.Api.PostJsonAsync(
            $"{Path}?dryRun=true",
            """{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "methods": ["sb"], "timing": true, "labels": ["nowhere"], "deviceMemoryGb": 40, "rerun": true }""");
        plan.GetProperty("warnings").GetArrayLength().ShouldBe(1);
        var spec = plan.GetProperty("spec");
        spec.GetProperty("timing").GetBoolean().ShouldBeTrue();
        spec.GetProperty("labels").EnumerateArray().Select(l => l.GetString()).ShouldBe(["nowhere"]);
        spec.GetProperty("deviceMemoryGb").GetDouble().ShouldBe(40);
        plan.GetProperty("duration").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Theory]
    [InlineData("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "labels": ["A 100"] }""", "labels", "Expected labels of 1 to 50")]
    [InlineData("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "deviceMemoryGb": 0 }""", "deviceMemoryGb", "")]
    [InlineData("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "netwrk": 1 }""", "netwrk", "Did you mean 'network'?")]
    [InlineData("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": "many" }""", "smallBatch", "found \"many\"")]
    [InlineData("""{ "network": "f1", "dataset": "fashion-mnist-32", "smallBatch": 128 }""", "dataset", "does not fit network 'f1'")]
    [InlineData("""{ "network": "f1", "dataset": "fashion-mnist", "largeBatch": 256, "ghostBatch": 512, "methods": ["lb+gbn"] }""", "ghostBatch[0]", "Take 256 or less")]
    [InlineData("""{ "network": "f1", "dataset": "fashion-mnist" }""", "largeBatch", "at least one batch size")]
    [InlineData("""{ "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "parameters": { "learningRate": [0.1, -1] } }""", "parameters.learningRate[1]", "above 0")]
    [InlineData("""{ "network": """, "", "This is no JSON")]
    [InlineData("""[]""", "", "Expected a JSON object")]
    [InlineData("", "", "This is no JSON")]
    public async Task A_faulty_specification_tells_the_field_and_the_reason(string body, string field, string part)
    {
        foreach (var path in (string[])[Path, $"{Path}?dryRun=true"])
        {
            var problem = await (await app.Api.PostAsync(path, Http.Json(body))).ProblemAsync(HttpStatusCode.BadRequest);
            problem.Text("type").ShouldBe("urn:tracker:problem:invalid");
            problem.Errors().ShouldContainKey(field);
            problem.Errors()[field].ShouldContain(part);
        }
    }

    [Fact]
    public async Task All_faults_are_told_at_once()
    {
        var problem = await (await app.Api.PostAsync(Path, Http.Json("""{ "network": "g1", "dataset": 5, "seeds": [-1], "x": 1 }"""))).ProblemAsync(HttpStatusCode.BadRequest);
        problem.Errors().Keys.ShouldBe(["network", "dataset", "seeds[0]", "largeBatch", "x"], ignoreOrder: true);
    }

    [Fact]
    public async Task Ten_thousand_and_one_runs_are_too_many()
    {
        var seeds = $"[{string.Join(',', Enumerable.Range(0, 10_001))}]";
        var problem = await (await app.Api.PostAsync(Path, Http.Json(Experiments.Sweep(seeds: seeds)))).ProblemAsync(HttpStatusCode.BadRequest);
        problem.Errors()[""].ShouldBe("The sweep has 10001 runs; at most 10000 are allowed. Split it, or take fewer seeds or values.");
    }

    [Fact]
    public async Task A_body_is_json_and_not_endless()
    {
        using var text = new StringContent("{}", Encoding.UTF8, "text/plain");
        await (await app.Api.PostAsync(Path, text)).ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        (await (await app.Api.PostAsync(Path, Http.Json($"\"{new string('x', 1024 * 1024)}\""))).ProblemAsync(HttpStatusCode.RequestEntityTooLarge)).Text("detail")
            .ShouldBe("The body is larger than 1048576 bytes.");
        using var zipped = Http.Json("{}");
        zipped.Headers.ContentEncoding.Add("gzip");
        (await (await app.Api.PostAsync(Path, zipped)).ProblemAsync(HttpStatusCode.UnsupportedMediaType)).Text("detail")!.ShouldContain("without 'Content-Encoding: gzip'");
        using var broken = new ByteArrayContent([0x22, 0xff, 0x22]);
        broken.Headers.ContentType = new("application/json");
        (await (await app.Api.PostAsync(Path, broken)).ProblemAsync(HttpStatusCode.BadRequest)).Errors()[""].ShouldBe("The body is no UTF-8 text.");
    }

    [Fact]
    public async Task A_sweep_is_renamed_and_moved()
    {
        var id = await app.SubmitAsync(Experiments.Sweep("Before"));
        var changed = await (await app.Api.PatchAsync($"{Path}/{id}", Http.Json("""{ "name": "After", "notes": "why", "priority": "high" }"""))).JsonAsync(HttpStatusCode.OK);
        changed.Text("name").ShouldBe("After");
        changed.Text("notes").ShouldBe("why");
        changed.Text("priority").ShouldBe("high");
        (await (await app.Api.PatchAsync($"{Path}/{id}", Http.Json("""{ "name": "" , "priority": "urgent" }"""))).ProblemAsync(HttpStatusCode.BadRequest))
            .Errors()["priority"].ShouldBe("""Expected one of "low", "normal", "high", found "urgent".""");
    }

    [Fact]
    public async Task Verbs_hold_release_and_end_the_runs_and_may_be_repeated()
    {
        var id = await app.SubmitAsync(Experiments.Sweep("Verbs", seeds: "[0,1,2]"));
        (await VerbAsync("pause", changed: 3, unchanged: 0)).Text("state").ShouldBe("Paused");
        (await VerbAsync("pause", changed: 0, unchanged: 3)).Text("state").ShouldBe("Paused");
        (await VerbAsync("resume", changed: 3, unchanged: 0)).Text("state").ShouldBe("Queued");
        (await VerbAsync("stop", changed: 3, unchanged: 0)).Text("state").ShouldBe("Cancelled");
        (await VerbAsync("retry", changed: 3, unchanged: 0)).Text("state").ShouldBe("Queued");
        (await VerbAsync("cancel", changed: 3, unchanged: 0)).Text("state").ShouldBe("Cancelled");

        async Task<System.Text.Json.JsonElement> VerbAsync(string verb, int changed, int unchanged)
        {
            var outcome = await app.Api.PostJsonAsync($"{Path}/{id}/{verb}");
            outcome.GetProperty("changed").GetInt32().ShouldBe(changed, verb);
            outcome.GetProperty("unchanged").GetInt32().ShouldBe(unchanged, verb);
            return await app.Api.GetJsonAsync($"{Path}/{id}");
        }
    }

    [Fact]
    public async Task A_sweep_is_deleted_unless_it_runs()
    {
        var id = await app.SubmitAsync(Experiments.Sweep("Deleted"));
        var run = (await app.RunsAsync(id)).ShouldHaveSingleItem();
        await app.StartAsync(run, await app.HostAsync());
        var problem = await (await app.Api.DeleteAsync($"{Path}/{id}")).ProblemAsync(HttpStatusCode.Conflict);
        problem.Text("detail").ShouldBe($"1 run of sweep {id} still run. Cancel the sweep first, then delete it.");

        var idle = await app.SubmitAsync(Experiments.Sweep("Idle"));
        (await app.Api.DeleteAsync($"{Path}/{idle}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await app.Api.GetAsync($"{Path}/{idle}")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/runs")]
    [InlineData("POST", "/pause")]
    [InlineData("POST", "/resume")]
    [InlineData("POST", "/stop")]
    [InlineData("POST", "/cancel")]
    [InlineData("POST", "/retry")]
    public async Task An_unknown_sweep_is_not_found(string method, string rest)
    {
        using var request = new HttpRequestMessage(new(method), $"{Path}/987654{rest}");
        if (method == "PATCH") request.Content = Http.Json("{}");
        (await (await app.Api.SendAsync(request)).ProblemAsync(HttpStatusCode.NotFound)).Text("detail").ShouldBe("There is no sweep 987654.");
    }

    [Fact]
    public async Task Pages_of_the_list_neither_repeat_nor_miss_a_sweep_while_others_come()
    {
        var made = new List<long>();
        for (var i = 0; i < 5; i++) made.Add(await app.SubmitAsync(Experiments.Sweep($"Page {i}")));
        var first = await app.Api.GetJsonAsync($"{Path}?limit=2");
        var later = await app.SubmitAsync(Experiments.Sweep("Later"));

        var seen = first.Items().Select(s => s.Id()).ToList();
        for (var cursor = first.Text("nextCursor"); cursor is not null;)
        {
            var page = await app.Api.GetJsonAsync($"{Path}?limit=2&cursor={cursor}");
            seen.AddRange(page.Items().Select(s => s.Id()));
            cursor = page.Text("nextCursor");
        }
        seen.ShouldBeUnique();
        seen.ShouldBe(seen.OrderDescending());
        made.ShouldBeSubsetOf(seen);
        seen.ShouldNotContain(later);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("cursor=!!", "cursor")]
    [InlineData("cursor=cnVuczox", "cursor")]
    [InlineData("order=name", "order")]
    public async Task A_faulty_page_is_refused(string query, string field) =>
        (await (await app.Api.GetAsync($"{Path}?{query}")).ProblemAsync(HttpStatusCode.BadRequest)).Errors().Keys.ShouldBe([field]);
}
