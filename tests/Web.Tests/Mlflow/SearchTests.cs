using System.Net;
using System.Text.Json;
using Tracker.Storage;

namespace Tracker.Web.Tests.Mlflow;

public sealed class SearchTests(TrackerApp app) : IClassFixture<TrackerApp>, IAsyncLifetime
{
    private static readonly SemaphoreSlim s_once = new(1, 1);
    private static string s_experiment = "";

    private HttpClient Api => app.Api;

    /// <summary>Four runs: a (loss 0.5), b (loss NaN), c (loss 2), d (none), started in that order.</summary>
    public async ValueTask InitializeAsync()
    {
        await s_once.WaitAsync();
        try
        {
            if ((await Api.PostMlflowAsync("experiments/search", """{"max_results":10,"filter":"name = 'searched'"}""")).GetProperty("experiments").GetArrayLength() > 0) return;
            s_experiment = await Api.ExperimentAsync("searched");
            foreach (var (name, start, loss, batch) in new[] { ("a", 1, "0.5", "64"), ("b", 2, "\"NaN\"", "128"), ("c", 3, "2", ""), ("d", 4, "", "") })
            {
                var run = await Api.RunAsync(s_experiment, name, 1_700_000_000_000 + start);
                if (loss.Length > 0) await Api.MetricAsync(run, "loss", loss);
                if (loss.Length > 0) await Api.MetricAsync(run, "val acc", "0.5");
                if (batch.Length > 0) await Api.ParameterAsync(run, "bs", batch);
                if (name == "a") await Api.PostMlflowAsync("runs/set-tag", $$"""{"run_id":"{{run}}","key":"team","value":"vision"}""");
                if (name == "a") await Api.PostMlflowAsync("runs/log-inputs", $$"""
                    {"run_id":"{{run}}","datasets":[{"tags":[{"key":"mlflow.data.context","value":"train"}],"dataset":{"name":"mnist","digest":"d1","source_type":"local","source":"{ }","schema":"{ }"} }]}
                    """);
            }
        }
        finally
        {
            s_once.Release();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What MLflow takes, and what of more we take.</summary>
    [Theory]
    [InlineData("metrics.loss < 1 and params.bs = '64'", "a")]
    [InlineData("metrics.`val acc` >= .5", "c b a")]
    [InlineData("metrics.\\\"val acc\\\" >= 0.5", "c b a")]
    [InlineData("tags.`mlflow.runName` LIKE 'a%'", "a")]
    [InlineData("status != 'RUNNING'", "")]
    [InlineData("run_id IN ('abc','def')", "")]
    [InlineData("start_time > 1700000000002", "d c")]
    [InlineData("run_name ILIKE 'A%'", "a")]
    [InlineData("dataset.name = 'mnist'", "a")]
    [InlineData("datasets.digest = 'd1' and dataset.context IN ('train')", "a")]
    [InlineData("Created > 5", "d c b a")]
    [InlineData("metric.loss>0.9", "c")]
    [InlineData("params.a = ''", "")]
    [InlineData("metrics.loss < 1 and", "a")]
    [InlineData("params.bs != '64'", "b")]
    [InlineData("tags.team != 'x'", "a")]
    [InlineData("params.bs = 64", "a")]
    [InlineData("params.bs IN ('64', '128')", "b a")]
    [InlineData("params.bs > 64", "b")]
    [InlineData("metrics.loss < 1 OR metrics.loss > 1", "c a")]
    [InlineData("metrics.`val acc` > 0 AND (metrics.loss > 1)", "c")]
    [InlineData("NOT metrics.loss < 1", "d c b")]
    [InlineData("params.bs IS NULL", "d c")]
    public async Task A_filter_that_is_taken_finds(string filter, string names) => (await FindAsync($"\"filter\":\"{filter}\"")).Names().ShouldBe(names.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("attributes.start_time > '17'", "position 24")]
    [InlineData("attributes.experiment_id = '1'", "There is no field")]
    [InlineData("metrics.loss < 'x'", "Expected a number")]
    [InlineData("metrics.a BETWEEN 1 AND 2", "found 'BETWEEN'")]
    [InlineData("metrics.a > 1; metrics.b > 2", "found ';'")]
    [InlineData("params.bs > '64'", "Expected a number")]
    [InlineData("metrics.", "Expected")]
    [InlineData("((((((((((((((((((((((a = 1))))))))))))))))))))))", "deep")]
    public async Task A_filter_that_is_none_is_refused_with_what_was_expected(string filter, string said) =>
        (await Api.TryAsync("runs/search", $$"""{"experiment_ids":["{{s_experiment}}"],"filter":"{{filter}}"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE")).ShouldContain(said);

    [Fact]
    public async Task A_filter_without_experiments_is_checked_and_one_of_any_length_bounded()
    {
        await Api.TryAsync("runs/search", """{"experiment_ids":[],"filter":"nothing"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        (await Api.PostMlflowAsync("runs/search", """{"experiment_ids":[]}""")).GetProperty("runs").GetArrayLength().ShouldBe(0);
        await Api.TryAsync("runs/search", $$"""{"experiment_ids":["1"],"filter":"{{new string('x', 5000)}}"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        foreach (var wrong in new[] { "\"max_results\":50001", "\"max_results\":0", "\"max_results\":\"x\"", "\"page_token\":\"x\"", "\"run_view_type\":\"SOME\"", "\"order_by\":[\"metrics.a UP\"]",
            "\"order_by\":[\"start_time\",\"attributes.start_time DESC\"]", "\"order_by\":\"x\"", "\"filter\":[]", "\"experiment_ids\":[{}]" })
            await Api.TryAsync("runs/search", $$"""{"experiment_ids":["{{s_experiment}}"],{{wrong}}}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Theory]
    [InlineData("runs/search", "run_view_type")]
    [InlineData("experiments/search", "view_type")]
    public async Task A_view_that_there_is_not_is_told_by_the_name_of_its_field(string path, string field) =>
        (await Api.TryAsync(path, $$"""{"experiment_ids":["{{s_experiment}}"],"max_results":10,"{{field}}":"SOME"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"))
        .ShouldContain($" '{field}'");

    [Theory]
    [InlineData("metrics.loss ASC", "a c b d")]
    [InlineData("metrics.loss DESC", "c a b d")]
    [InlineData("params.bs", "b a d c")]
    [InlineData("params.bs DESC", "a b d c")]
    [InlineData("attributes.start_time ASC", "a b c d")]
    [InlineData("tags.team desc", "a d c b")]
    [InlineData("run_name DESC", "d c b a")]
    public async Task Values_come_before_NaN_before_nothing_and_ties_newest_first(string order, string names)
    {
        (await FindAsync($"\"order_by\":[\"{order}\"]")).Names().ShouldBe(names.Split(' '));
        var paged = new List<string?>();
        for (var token = ""; token is not null;)
        {
            var page = await FindAsync($"\"order_by\":[\"{order}\"],\"max_results\":1,\"page_token\":\"{token}\"");
            paged.AddRange(page.Names());
            token = page.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
        }
        paged.ShouldBe(names.Split(' '));
    }

    [Fact]
    public async Task Runs_in_the_recycle_bin_are_found_when_they_are_asked_for_and_take_nothing()
    {
        var experiment = await Api.ExperimentAsync("binned");
        var (kept, gone) = (await Api.RunAsync(experiment, "kept"), await Api.RunAsync(experiment, "gone"));
        await Api.PostMlflowAsync("runs/delete", $$"""{"run_id":"{{gone}}"}""");
        foreach (var (view, names) in new[] { ("ACTIVE_ONLY", "kept"), ("DELETED_ONLY", "gone"), ("ALL", "gone kept") })
            (await Api.PostMlflowAsync("runs/search", $$"""{"experiment_ids":["{{experiment}}"],"run_view_type":"{{view}}"}""")).Names().Order().ShouldBe(names.Split(' '));
        (await Api.FindRunAsync(gone)).GetProperty("info").Text("lifecycle_stage").ShouldBe("deleted");
        (await Api.TryAsync("runs/set-tag", $$"""{"run_id":"{{gone}}","key":"a","value":"b"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"))
            .ShouldBe($"The run {gone} must be in the 'active' state. Current state is deleted.");
        await Api.TryAsync("runs/log-batch", MlflowHttp.Batch(gone, 1)).MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await Api.PostMlflowAsync("runs/restore", $$"""{"run_id":"{{gone}}"}""");
        await Api.PostMlflowAsync("experiments/delete", $$"""{"experiment_id":"{{experiment}}"}""");
        (await Api.GetMlflowAsync($"experiments/get?experiment_id={experiment}")).GetProperty("experiment").Text("lifecycle_stage").ShouldBe("deleted");
        (await Api.FindRunAsync(kept)).GetProperty("info").Text("lifecycle_stage").ShouldBe("deleted");
        await Api.PostMlflowAsync("experiments/restore", $$"""{"experiment_id":"{{experiment}}"}""");
        (await Api.FindRunAsync(gone)).GetProperty("info").Text("lifecycle_stage").ShouldBe("active");
    }

    [Fact]
    public async Task Data_sets_come_back_as_inputs_and_are_no_tags()
    {
        var run = (await FindAsync("\"filter\":\"run_name = 'a'\"")).GetProperty("runs").EnumerateArray().Single();
        var input = run.GetProperty("inputs").GetProperty("dataset_inputs").EnumerateArray().Single();
        input.GetProperty("dataset").Text("name").ShouldBe("mnist");
        input.GetProperty("dataset").Text("schema").ShouldBe("{ }");
        input.Pairs("tags")["mlflow.data.context"].ShouldBe("train");
        run.GetProperty("data").Pairs("tags").Keys.ShouldBe(["mlflow.runName", "mlflow.user", "team"], ignoreOrder: true);
        var id = run.GetProperty("info").Text("run_id");
        await Api.TryAsync("runs/set-tag", $$"""{"run_id":"{{id}}","key":"{{LoggedTags.DatasetPrefix}}x","value":"no JSON"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await Api.TryAsync("runs/log-inputs", $$"""{"run_id":"{{id}}","datasets":[{"tags":[]}]}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await Api.TryAsync("runs/outputs", $$"""{"run_id":"{{id}}","models":[{"model_id":"m-1","step":0}]}""").MlflowErrorAsync(HttpStatusCode.NotImplemented, "NOT_IMPLEMENTED");
    }

    [Fact]
    public async Task Sweeps_are_experiments_and_their_runs_have_their_settings_as_parameters()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Read by MLflow"));
        var run = (await app.RunsAsync(sweep)).Single();
        await app.TrainAsync(run, await app.HostAsync("mlflow"), 0.75);
        (await Api.GetMlflowAsync("experiments/get-by-name?experiment_name=Read%20by%20MLflow")).GetProperty("experiment").Text("experiment_id").ShouldBe($"{sweep}");
        var found = (await Api.PostMlflowAsync("runs/search", $$"""{"experiment_ids":["{{sweep}}"],"filter":"params.network = 'f1' and metrics.`validation/accuracy` > 0.7 and params.epochs = '2'"}"""))
            .GetProperty("runs").EnumerateArray().Single();
        found.GetProperty("info").Text("run_id").ShouldBe(run.ToString("x32", null));
        found.GetProperty("info").Text("status").ShouldBe("FINISHED");
        found.GetProperty("data").Pairs("params")["dataset"].ShouldBe("fashion-mnist");
        found.GetProperty("inputs").GetProperty("dataset_inputs").EnumerateArray().Single().GetProperty("dataset").Text("name").ShouldBe("fashion-mnist");
        var history = (await Api.GetMlflowAsync($"metrics/get-history?run_id={run:x32}&metric_key=train%2Floss")).GetProperty("metrics").EnumerateArray().ToList();
        history.Count.ShouldBe(100);
        history.ShouldAllBe(m => m.GetProperty("timestamp").GetInt64() > 1_600_000_000_000);
        foreach (var (path, body) in new[]
        {
            ("runs/log-metric", """ "key":"m","value":1,"timestamp":1 """), ("runs/log-parameter", """ "key":"p","value":"1" """), ("runs/update", """ "status":"FAILED" """),
            ("runs/log-batch", """ "metrics":[{"key":"m","value":1,"timestamp":1}] """),
        })
            await Api.TryAsync(path, $$"""{"run_id":"{{run:x32}}",{{body}}}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await Api.PostMlflowAsync("runs/set-tag", $$"""{"run_id":"{{run:x32}}","key":"seen","value":"yes"}""");
        (await Api.FindRunAsync($"{run:x32}")).GetProperty("data").Pairs("tags")["seen"].ShouldBe("yes");
    }

    private Task<JsonElement> FindAsync(string fields) => Api.PostMlflowAsync("runs/search", $$"""{"experiment_ids":["{{s_experiment}}"],{{fields}}}""");
}
