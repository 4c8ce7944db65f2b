using System.Buffers.Text;
using System.Net;
using System.Text;

namespace Tracker.Web.Tests.Mlflow;

public sealed class ExperimentTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private HttpClient Api => app.Api;

    [Fact]
    public async Task A_name_is_taken_once_and_one_in_the_recycle_bin_is_free()
    {
        var first = await Api.ExperimentAsync("unique");
        (await Api.TryAsync("experiments/create", """{"name":"unique"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "RESOURCE_ALREADY_EXISTS")).ShouldBe("Experiment(name=unique) already exists.");
        await Api.PostMlflowAsync("experiments/delete", $$"""{"experiment_id":"{{first}}"}""");
        var second = await Api.ExperimentAsync("unique");
        (await Api.GetMlflowAsync("experiments/get-by-name?experiment_name=unique")).GetProperty("experiment").Text("experiment_id").ShouldBe(second);
        await Api.TryAsync("experiments/restore", $$"""{"experiment_id":"{{first}}"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "RESOURCE_ALREADY_EXISTS");
        await Api.PostMlflowAsync("experiments/update", $$"""{"experiment_id":"{{second}}","new_name":"renamed"}""");
        (await Api.GetMlflowAsync($"experiments/get?experiment_id={second}")).GetProperty("experiment").Text("name").ShouldBe("renamed");
    }

    [Fact]
    public async Task The_default_experiment_is_there_and_stays()
    {
        (await Api.GetMlflowAsync("experiments/get?experiment_id=0")).GetProperty("experiment").Text("name").ShouldBe("Default");
        await Api.TryAsync("experiments/delete", """{"experiment_id":"0"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task Tags_are_set_replaced_found_and_removed()
    {
        var id = (await Api.PostMlflowAsync("experiments/create", """{"name":"tagged","tags":[{"key":"team","value":"a"},{"key":"mlflow.note.content","value":"note"}]}""")).Text("experiment_id")!;
        await Api.PostMlflowAsync("experiments/set-experiment-tag", $$"""{"experiment_id":"{{id}}","key":"team","value":"b"}""");
        (await Api.GetMlflowAsync($"experiments/get?experiment_id={id}")).GetProperty("experiment").Pairs("tags").ShouldBe(new Dictionary<string, string> { ["team"] = "b", ["mlflow.note.content"] = "note" }, ignoreOrder: true);
        foreach (var filter in new[] { "tags.team = 'b'", "tag.team LIKE 'b%' and attribute.name = 'tagged'", "creation_time > 5 and last_update_time >= 1e12 and tags.team != 'x'" })
            (await Api.PostMlflowAsync("experiments/search", $$"""{"max_results":10,"filter":"{{filter}}"}""")).GetProperty("experiments").EnumerateArray().ShouldContain(e => e.Text("experiment_id") == id, filter);
        await Api.PostMlflowAsync("experiments/delete-experiment-tag", $$"""{"experiment_id":"{{id}}","key":"team"}""");
        await Api.TryAsync("experiments/delete-experiment-tag", $$"""{"experiment_id":"{{id}}","key":"team"}""").MlflowErrorAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[null,null]")]
    [InlineData("[\"Name+\",\"experiment_id-\",null,null]")]
    [InlineData("[\"name+\",\"experiment_id-\",null,null]")]
    [InlineData("[\"name+\",\"experiment_id-\",\"a\",\"9223372036854775808\"]")]
    public async Task A_token_that_somebody_made_up_is_refused(string token) =>
        await Api.GetAsync($"{MlflowHttp.Api}experiments/search?max_results=5&order_by=name%20ASC&page_token={Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token))}")
            .MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");

    [Fact]
    public async Task A_list_comes_in_pages_by_POST_and_by_GET_and_its_last_page_has_no_token()
    {
        for (var i = 0; i < 5; i++) await Api.ExperimentAsync($"page-{i}");
        var names = new List<string?>();
        string? token = null;
        do
        {
            var page = await Api.GetMlflowAsync($"experiments/search?max_results=2&filter={Uri.EscapeDataString("name LIKE 'page-%'")}&order_by=name%20DESC&view_type=ACTIVE_ONLY" + (token is null ? "" : $"&page_token={token}"));
            names.AddRange(page.GetProperty("experiments").EnumerateArray().Select(e => e.Text("name")));
            token = page.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
            if (token is not null) names.Count.ShouldBeLessThan(5);
        }
        while (token is not null);
        names.ShouldBe(["page-4", "page-3", "page-2", "page-1", "page-0"]);
    }

    [Theory]
    [InlineData("name IN ('a')")]
    [InlineData("name = 'a' OR name = 'b'")]
    [InlineData("NOT name = 'a'")]
    [InlineData("name > 'a'")]
    [InlineData("name = 5")]
    [InlineData("creation_time = 'a'")]
    [InlineData("creation_time LIKE 5")]
    [InlineData("metrics.a > 1")]
    [InlineData("name")]
    public async Task A_filter_that_experiments_do_not_have_is_refused(string filter) =>
        await Api.TryAsync("experiments/search", $$"""{"filter":"{{filter}}"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");

    [Theory]
    [InlineData("experiments/create", "{}", 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'name'.")]
    [InlineData("experiments/create", "", 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'name'.")]
    [InlineData("experiments/create", "{", 400, "BAD_REQUEST", "The body is no JSON: line 1, byte 1.")]
    [InlineData("experiments/create", "[1]", 400, "BAD_REQUEST", "The body is no JSON object.")]
    [InlineData("experiments/create", """{"name":["x"]}""", 400, "INVALID_PARAMETER_VALUE", """Invalid value ["x"] for parameter 'name' supplied.""")]
    [InlineData("experiments/create", """{"name":"a\u0000b"}""", 400, "INVALID_PARAMETER_VALUE", "Invalid value for parameter 'name' supplied: a text has no NUL character.")]
    [InlineData("experiments/create", """{"name":"a\ud800b"}""", 400, "INVALID_PARAMETER_VALUE", "Invalid value for parameter 'name' supplied: half a character is no text.")]
    [InlineData("experiments/create", """{"name":"a","n\ud800":1}""", 400, "BAD_REQUEST", "The name of a field holds half a character.")]
    [InlineData("experiments/delete", """{"experiment_id":"999999"}""", 404, "RESOURCE_DOES_NOT_EXIST", "No Experiment with id=999999 exists")]
    [InlineData("experiments/delete", """{"experiment_id":"abc"}""", 404, "RESOURCE_DOES_NOT_EXIST", "No Experiment with id=abc exists")]
    [InlineData("runs/create", """{"experiment_id":"999999"}""", 404, "RESOURCE_DOES_NOT_EXIST", "No Experiment with id=999999 exists")]
    [InlineData("runs/create", """{"start_time":-5}""", 400, "INVALID_PARAMETER_VALUE", "Invalid value -5 for parameter 'start_time' supplied.")]
    [InlineData("runs/update", """{"status":"DONE"}""", 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'run_id'.")]
    [InlineData("runs/delete", """{"run_id":"deadbeef"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Run with id=deadbeef not found")]
    [InlineData("runs/log-metric", """{"run_id":"999999","key":"m","value":1}""", 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'timestamp'.")]
    [InlineData("runs/log-metric", """{"run_id":"999999","key":"m","value":1,"timestamp":1}""", 404, "RESOURCE_DOES_NOT_EXIST", "Run with id=999999 not found")]
    [InlineData("runs/log-metric", """{"run_id":"999999","key":"m","value":"x","timestamp":1}""", 400, "INVALID_PARAMETER_VALUE", "Invalid value x for parameter 'value' supplied.")]
    [InlineData("runs/log-batch", "", 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'run_id'.")]
    [InlineData("runs/log-batch", "{", 400, "BAD_REQUEST", "The body is no JSON: line 1, byte 1.")]
    [InlineData("runs/log-batch", """{"run_id":"1","metrics":[5]}""", 400, "INVALID_PARAMETER_VALUE", "Invalid value 5 for parameter 'metrics' supplied.")]
    [InlineData("runs/log-batch", """{"run_id":"1","metrics":[{"key":"m","timestamp":1}]}""", 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'metrics.value'.")]
    [InlineData("runs/log-batch", """{"run_id":"1","metrics":[{"key":"m","value":1e999,"timestamp":1}]}""", 400, "INVALID_PARAMETER_VALUE", "Invalid value 1e999 for parameter 'value' supplied.")]
    [InlineData("runs/log-batch", """{"run_id":"1","tags":[{"key":"a\ud800","value":"b"}]}""", 400, "BAD_REQUEST", "The body holds a text that is none: bytes that are no UTF-8, or half a character.")]
    [InlineData("runs/log-batch", """{"run_id":"999999","metrics":[{"key":"m","value":1,"timestamp":1}]}""", 404, "RESOURCE_DOES_NOT_EXIST", "Run with id=999999 not found")]
    [InlineData("runs/log-batch", """{"run_id":"999999","params":[{"key":"p","value":"1"}]}""", 404, "RESOURCE_DOES_NOT_EXIST", "Run with id=999999 not found")]
    public async Task A_fault_of_the_request_is_told_as_clients_expect(string path, string body, int status, string code, string message) =>
        (await Api.TryAsync(path, body).MlflowErrorAsync((HttpStatusCode)status, code)).ShouldBe(message);

    [Theory]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a;b")]
    [InlineData("")]
    public async Task A_key_that_is_no_path_is_refused(string key)
    {
        foreach (var (path, rest) in new[] { ("runs/log-metric", ",\"value\":1,\"timestamp\":1"), ("runs/log-parameter", ",\"value\":\"1\""), ("runs/set-tag", ",\"value\":\"1\"") })
            await Api.TryAsync(path, $$"""{"run_id":"1","key":"{{key}}"{{rest}}}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task What_is_too_long_is_refused_and_what_just_fits_is_kept()
    {
        var run = await Api.RunAsync(await Api.ExperimentAsync("lengths"));
        await Api.ParameterAsync(run, new string('k', 250), new string('v', 6000));
        (await Api.TryAsync("runs/log-parameter", $$"""{"run_id":"{{run}}","key":"p","value":"{{new string('v', 6001)}}"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE")).ShouldContain("6001 characters");
        await Api.TryAsync("runs/log-parameter", $$"""{"run_id":"{{run}}","key":"{{new string('k', 251)}}","value":"v"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await Api.PostMlflowAsync("runs/set-tag", $$"""{"run_id":"{{run}}","key":"t","value":"{{new string('v', 8000)}}"}""");
        await Api.TryAsync("runs/set-tag", $$"""{"run_id":"{{run}}","key":"t","value":"{{new string('v', 8001)}}"}""").MlflowErrorAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await Api.PostMlflowAsync("runs/set-tag", $$"""{"run_id":"{{run}}","key":"t","value":"x","padding":"{{new string('v', 1_100_000)}}"}""");
        await Api.TryAsync("runs/set-tag", $$"""{"run_id":"{{run}}","key":"t","value":"{{new string('v', 9_000_000)}}"}""").MlflowErrorAsync(HttpStatusCode.RequestEntityTooLarge, "BAD_REQUEST");
    }
}
