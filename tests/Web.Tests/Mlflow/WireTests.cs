using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Tracker.Web.Tests.Mlflow;

/// <summary>What a client was seen to send, in its order, and what it insists on.</summary>
public sealed class WireTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private HttpClient Api => app.Api;

    [Fact]
    public async Task A_client_logs_a_run_from_its_first_request_to_its_last()
    {
        (await Api.GetAsync(MlflowHttp.Api + "experiments/get-by-name?experiment_name=bs-sweep").MlflowErrorAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST"))
            .ShouldBe("Could not find experiment with name 'bs-sweep'");
        var experiment = (await Api.PostMlflowAsync("experiments/create", """{"name":"bs-sweep"}""")).Text("experiment_id")!;
        var found = (await Api.GetMlflowAsync($"experiments/get?experiment_id={experiment}")).GetProperty("experiment");
        (found.Text("name"), found.Text("lifecycle_stage"), found.Text("artifact_location")).ShouldBe(("bs-sweep", "active", $"mlflow-artifacts:/{experiment}"));
        found.GetProperty("creation_time").ValueKind.ShouldBe(JsonValueKind.Number);
        var listed = await Api.PostMlflowAsync("experiments/search", """{"max_results":1000,"filter":"name LIKE 'bs%'","order_by":["name DESC"],"view_type":"ACTIVE_ONLY"}""");
        listed.GetProperty("experiments").EnumerateArray().Single().Text("experiment_id").ShouldBe(experiment);
        listed.TryGetProperty("next_page_token", out _).ShouldBeFalse();

        var run = (await Api.PostMlflowAsync("runs/create", $$"""
            {"experiment_id":"{{experiment}}","user_id":"alice","run_name":"bs64-seed0","start_time":1795333508751,
             "tags":[{"key":"mlflow.user","value":"alice"},{"key":"mlflow.source.name","value":"client.py"},{"key":"mlflow.source.type","value":"LOCAL"},{"key":"mlflow.runName","value":"bs64-seed0"}]}
            """)).GetProperty("run");
        var info = run.GetProperty("info");
        var id = info.Text("run_id")!;
        id.ShouldMatch("^[0-9a-f]{32}$");
        (info.Text("run_uuid"), info.Text("run_name"), info.Text("status"), info.GetProperty("start_time").GetInt64(), info.Text("lifecycle_stage"), info.Text("experiment_id"))
            .ShouldBe((id, "bs64-seed0", "RUNNING", 1795333508751, "active", experiment));
        info.Text("artifact_uri").ShouldBe($"mlflow-artifacts:/{experiment}/{id}/artifacts");
        info.TryGetProperty("end_time", out _).ShouldBeFalse();
        run.GetProperty("data").Pairs("tags").ShouldBe(
            new Dictionary<string, string> { ["mlflow.user"] = "alice", ["mlflow.source.name"] = "client.py", ["mlflow.source.type"] = "LOCAL", ["mlflow.runName"] = "bs64-seed0" }, ignoreOrder: true);

        await EmptyAsync("runs/log-parameter", $$"""{"run_uuid":"{{id}}","key":"batch_size","value":"64","run_id":"{{id}}"}""");
        await EmptyAsync("runs/log-metric", $$"""{"run_uuid":"{{id}}","key":"bad","value":"NaN","timestamp":1795333508890,"step":0,"run_id":"{{id}}"}""");
        await EmptyAsync("runs/log-batch", $$"""{"run_id":"{{id}}","metrics":[{"key":"acc","value":0.5,"timestamp":1795333508900,"step":2},{"key":"loss","value":1.5,"timestamp":1795333508901,"step":2}]}""");
        await EmptyAsync("runs/log-batch", $$"""{"run_id":"{{id}}","tags":[{"key":"a","value":"1"},{"key":"b","value":"2"}]}""");
        using var text = new ByteArrayContent("hello"u8.ToArray());
        await (await Api.PutAsync($"{MlflowHttp.Artifacts}{experiment}/{id}/artifacts/notes/a.txt", text)).MlflowAsync();
        var ended = (await Api.PostMlflowAsync("runs/update", $$"""{"run_uuid":"{{id}}","status":"FINISHED","end_time":1795333509202,"run_id":"{{id}}"}""")).GetProperty("run_info");
        (ended.Text("status"), ended.GetProperty("end_time").GetInt64()).ShouldBe(("FINISHED", 1795333509202));
        var history = await Api.GetMlflowAsync($"metrics/get-history?run_uuid={id}&metric_key=loss&run_id={id}&max_results=25000");
        history.GetProperty("metrics").EnumerateArray().Single().GetRawText().ShouldBe("""{"key":"loss","value":1.5,"timestamp":1795333508901,"step":2}""");
        var search = await Api.PostMlflowAsync("runs/search", $$"""
            {"experiment_ids":["{{experiment}}"],"run_view_type":"ALL","filter":"metrics.loss < 2 and params.batch_size = '64'","max_results":5,"order_by":["metrics.loss ASC"]}
            """);
        var data = search.GetProperty("runs").EnumerateArray().Single().GetProperty("data");
        data.Pairs("params").ShouldBe(new Dictionary<string, string> { ["batch_size"] = "64" });
        data.Pairs("metrics").ShouldBe(new Dictionary<string, string> { ["acc"] = "0.5", ["bad"] = "NaN", ["loss"] = "1.5" }, ignoreOrder: true);
        data.Pairs("tags").ShouldContainKeyAndValue("b", "2");
    }

    [Fact]
    public async Task NaN_and_infinities_go_in_and_out_as_texts()
    {
        var run = await Api.RunAsync(await Api.ExperimentAsync("infinite"));
        await Api.PostMlflowAsync("runs/log-batch", $$"""
            {"run_id":"{{run}}","metrics":[{"key":"x","value":"NaN","timestamp":1,"step":0},{"key":"x","value":"Infinity","timestamp":"2","step":"1"},{"key":"x","value":"-Infinity","timestamp":3,"step":2}]}
            """);
        var points = (await Api.GetMlflowAsync($"metrics/get-history?run_id={run}&metric_key=x")).GetProperty("metrics").EnumerateArray().ToList();
        points.Select(p => p.Text("value")).ShouldBe(["NaN", "Infinity", "-Infinity"]);
        points.Select(p => p.GetProperty("timestamp").GetInt64()).ShouldBe([1, 2, 3]);
        (await Api.FindRunAsync(run)).GetProperty("data").Pairs("metrics")["x"].ShouldBe("-Infinity");
    }

    [Fact]
    public async Task The_same_batch_twice_adds_nothing()
    {
        var run = await Api.RunAsync(await Api.ExperimentAsync("twice"));
        var batch = $$"""
            {"run_id":"{{run}}","metrics":[{"key":"m","value":1,"timestamp":5,"step":1},{"key":"m","value":2,"timestamp":6,"step":1},{"key":"m","value":1,"timestamp":5,"step":1}],
             "params":[{"key":"p","value":"a"}],"tags":[{"key":"t","value":"b"}]}
            """;
        for (var i = 0; i < 3; i++) await EmptyAsync("runs/log-batch", batch);
        var points = (await Api.GetMlflowAsync($"metrics/get-history?run_id={run}&metric_key=m")).GetProperty("metrics").EnumerateArray().Select(p => p.GetProperty("value").GetDouble());
        points.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_parameter_keeps_its_value()
    {
        var run = await Api.RunAsync(await Api.ExperimentAsync("parameters"));
        await Api.ParameterAsync(run, "lr", "0.1");
        await Api.ParameterAsync(run, "lr", "0.1");
        (await Api.TryAsync("runs/log-parameter", $$"""{"run_id":"{{run}}","key":"lr","value":"0.2"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"))
            .ShouldBe($"Changing param values is not allowed. Param with key='lr' was already logged with value='0.1' for run ID='{run}'. Attempted logging new value '0.2'.");
        await Api.TryAsync("runs/log-batch", $$"""{"run_id":"{{run}}","params":[{"key":"a","value":"1"},{"key":"a","value":"1"}]}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        // All or nothing: the metric beside the refused parameter is not there.
        await Api.TryAsync("runs/log-batch", $$"""{"run_id":"{{run}}","metrics":[{"key":"m","value":1,"timestamp":1}],"params":[{"key":"lr","value":"3"}]}""")
            .MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        (await Api.FindRunAsync(run)).GetProperty("data").Pairs("metrics").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_is_known_by_run_uuid_alone_by_its_number_and_by_doubly_encoded_bodies()
    {
        var run = await Api.RunAsync(await Api.ExperimentAsync("spellings"));
        await EmptyAsync("runs/set-tag", $$"""{"run_uuid":"{{run}}","key":"a","value":"1","unknown":{"x":[1]} }""");
        await EmptyAsync("runs/log-batch", $$"""{"run_uuid":"{{run}}","metrics":[{"key":"m","value":"1.5","timestamp":"7","step":"3","extra":{} }],"future":[[]]}""");
        await EmptyAsync("runs/log-batch", JsonSerializer.Serialize($$"""{"run_id":"{{run}}","tags":[{"key":"b","value":2}]}"""));
        await EmptyAsync("runs/set-tag", JsonSerializer.Serialize($$"""{"run_id":"{{run}}","key":"c","value":"3"}"""));
        var number = long.Parse(run, System.Globalization.NumberStyles.HexNumber, null);
        var tags = (await Api.FindRunAsync($"{number}")).GetProperty("data").Pairs("tags");
        (tags["a"], tags["b"], tags["c"]).ShouldBe(("1", "2", "3"));
        (await Api.GetMlflowAsync($"runs/get?run_uuid={run}")).GetProperty("run").GetProperty("info").Text("run_id").ShouldBe(run);
    }

    [Fact]
    public async Task A_batch_of_a_thousand_points_is_taken_and_one_more_is_refused()
    {
        var run = await Api.RunAsync(await Api.ExperimentAsync("thousand"));
        await EmptyAsync("runs/log-batch", MlflowHttp.Batch(run, 1000));
        (await Api.TryAsync("runs/log-batch", MlflowHttp.Batch(run, 1001)).MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE")).ShouldContain("at most 1000 metrics. Got 1001");
        foreach (var (kind, count) in new[] { ("params", 101), ("tags", 101) })
        {
            var pairs = string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"key":"k{{i}}","value":"v"}"""));
            (await Api.TryAsync("runs/log-batch", $$"""{"run_id":"{{run}}","{{kind}}":[{{pairs}}]}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE")).ShouldContain($"at most 100 {kind}");
        }
    }

    [Fact]
    public async Task A_long_history_comes_in_pages_to_its_end()
    {
        var run = await Api.RunAsync(await Api.ExperimentAsync("long"));
        for (var from = 0; from < 60_000; from += 1000) await Api.PostMlflowAsync("runs/log-batch", MlflowHttp.Batch(run, 1000, from));
        var steps = new List<long>();
        for (var token = ""; token is not null;)
        {
            var page = await Api.GetMlflowAsync($"metrics/get-history?run_uuid={run}&metric_key=loss&run_id={run}&max_results=25000&page_token={Uri.EscapeDataString(token)}");
            steps.AddRange(page.GetProperty("metrics").EnumerateArray().Select(p => p.GetProperty("step").GetInt64()));
            token = page.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
        }
        steps.ShouldBe(Enumerable.Range(0, 60_000).Select(i => (long)i));

        var buckets = await Api.GetMlflowAsync($"metrics/get-history-bulk-interval?run_ids={run}&metric_key=loss&start_step=100&end_step=50000&max_results=300");
        var values = buckets.GetProperty("metrics").EnumerateArray().ToList();
        values.Count.ShouldBeInRange(50, 300);
        values.ShouldAllBe(v => v.GetProperty("step").GetInt64() >= 100 && v.GetProperty("step").GetInt64() <= 50_000);
        (await Api.GetMlflowAsync($"metrics/get-history-bulk?run_id={run}&metric_key=loss&max_results=10")).GetProperty("metrics").EnumerateArray().ToList()
            .ShouldSatisfyAllConditions(m => m.Count.ShouldBe(10), m => m[0].Text("run_id").ShouldBe(run));
        (await Api.GetMlflowAsync($"metrics/get-history?run_id={run}&metric_key=none")).GetProperty("metrics").EnumerateArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("-9223372036854775808 0 0")]
    [InlineData("9223372036854775807 0 0")]
    [InlineData("0 -9223372036854775808 0")]
    [InlineData("0 9007199254740993 0")]
    public async Task A_token_beyond_all_points_is_refused(string token)
    {
        var run = await Api.RunAsync(await Api.ExperimentAsync($"forged {token}"));
        await Api.MetricAsync(run, "m", "1");
        var text = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token));
        await Api.GetAsync($"{MlflowHttp.Api}metrics/get-history?run_id={run}&metric_key=m&page_token={text}").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task A_note_is_deleted_like_any_tag()
    {
        const string note = "mlflow.note.content";
        var run = await Api.RunAsync(await Api.ExperimentAsync("noted"));
        await Api.PostMlflowAsync("runs/set-tag", $$"""{"run_id":"{{run}}","key":"{{note}}","value":"tried"}""");
        (await Api.FindRunAsync(run)).GetProperty("data").Pairs("tags")[note].ShouldBe("tried");
        await Api.PostMlflowAsync("runs/delete-tag", $$"""{"run_id":"{{run}}","key":"{{note}}"}""");
        (await Api.FindRunAsync(run)).GetProperty("data").Pairs("tags").ShouldNotContainKey(note);
        await Api.TryAsync("runs/delete-tag", $$"""{"run_id":"{{run}}","key":"{{note}}"}""").MlflowErrorAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task Models_that_are_told_of_at_once_are_all_kept()
    {
        const string history = "mlflow.log-model.history";
        var run = await Api.RunAsync(await Api.ExperimentAsync("models"));
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Api.PostMlflowAsync("runs/log-model", $$"""{"run_id":"{{run}}","model_json":"{\"n\":{{i}} }"}""")));
        var models = JsonElement.Parse((await Api.FindRunAsync(run)).GetProperty("data").Pairs("tags")[history]);
        models.EnumerateArray().Select(m => m.GetProperty("n").GetInt32()).ShouldBe(Enumerable.Range(0, 12), ignoreOrder: true);
        await Api.PostMlflowAsync("runs/set-tag", $$"""{"run_id":"{{run}}","key":"{{history}}","value":"no list"}""");
        await Api.TryAsync("runs/log-model", $$"""{"run_id":"{{run}}","model_json":"{}"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task The_latest_point_is_that_of_the_greatest_step_then_of_the_greatest_time()
    {
        var run = await Api.RunAsync(await Api.ExperimentAsync("latest"));
        await Api.MetricAsync(run, "m", "1", step: 5, time: 100);
        await Api.MetricAsync(run, "m", "2", step: 4, time: 900);
        (await Api.FindRunAsync(run)).GetProperty("data").Pairs("metrics")["m"].ShouldBe("1");
        await Api.MetricAsync(run, "m", "3", step: 5, time: 200);
        await Api.MetricAsync(run, "m", "4", step: 5, time: 50);
        var metric = (await Api.FindRunAsync(run)).GetProperty("data").GetProperty("metrics").EnumerateArray().Single();
        (metric.GetProperty("value").GetDouble(), metric.GetProperty("timestamp").GetInt64(), metric.GetProperty("step").GetInt64()).ShouldBe((3, 200, 5));
    }

    [Fact]
    public async Task A_run_that_goes_on_has_no_end()
    {
        var run = await Api.RunAsync(await Api.ExperimentAsync("resumed"));
        await Api.PostMlflowAsync("runs/update", $$"""{"run_id":"{{run}}","status":"FAILED","end_time":1700000009000}""");
        (await Api.FindRunAsync(run)).GetProperty("info").Text("status").ShouldBe("FAILED");
        await Api.PostMlflowAsync("runs/update", $$"""{"run_id":"{{run}}","status":"RUNNING","end_time":1700000009000}""");
        var info = (await Api.FindRunAsync(run)).GetProperty("info");
        info.Text("status").ShouldBe("RUNNING");
        info.TryGetProperty("end_time", out _).ShouldBeFalse();
        foreach (var (status, shown) in new[] { ("\"KILLED\"", "KILLED"), ("3", "FINISHED"), ("\"SCHEDULED\"", "SCHEDULED") })
            (await Api.PostMlflowAsync("runs/update", $$"""{"run_id":"{{run}}","status":{{status}}}""")).GetProperty("run_info").Text("status").ShouldBe(shown);
    }

    [Fact]
    public async Task The_run_name_is_also_a_tag()
    {
        var experiment = await Api.ExperimentAsync("names");
        var run = await Api.RunAsync(experiment, "first");
        await Api.PostMlflowAsync("runs/update", $$"""{"run_id":"{{run}}","run_name":"second"}""");
        (await Api.FindRunAsync(run)).GetProperty("data").Pairs("tags")["mlflow.runName"].ShouldBe("second");
        await Api.PostMlflowAsync("runs/set-tag", $$"""{"run_id":"{{run}}","key":"mlflow.runName","value":"third"}""");
        (await Api.FindRunAsync(run)).GetProperty("info").Text("run_name").ShouldBe("third");
        await Api.PostMlflowAsync("runs/set-tag", $$"""{"run_id":"{{run}}","key":"mlflow.note.content","value":"# Notes"}""");
        (await Api.FindRunAsync(run)).GetProperty("data").Pairs("tags")["mlflow.note.content"].ShouldBe("# Notes");
        (await Api.TryAsync("runs/create", $$"""{"experiment_id":"{{experiment}}","run_name":"a","tags":[{"key":"mlflow.runName","value":"b"}]}""")
            .MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE")).ShouldContain("mlflow.runName='b'");
        var random = (await Api.PostMlflowAsync("runs/create", "")).GetProperty("run").GetProperty("info");
        (random.Text("experiment_id"), random.Text("run_name")!.Length > 3).ShouldBe(("0", true));
    }

    private async Task EmptyAsync(string path, string json) => (await Api.PostMlflowAsync(path, json)).EnumerateObject().ShouldBeEmpty();
}
