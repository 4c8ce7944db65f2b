using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Tracker.Web.Tests.Mlflow;

/// <summary>Requests as an MLflow client sends them, and what it insists on in answers: 200 with an object of JSON.</summary>
internal static class MlflowHttp
{
    internal const string Api = "/api/2.0/mlflow/";
    internal const string Artifacts = "/api/2.0/mlflow-artifacts/artifacts/";

    internal static async Task<JsonElement> PostMlflowAsync(this HttpClient client, string path, string json) => await (await client.PostAsync(Api + path, Http.Json(json))).MlflowAsync();

    internal static async Task<JsonElement> GetMlflowAsync(this HttpClient client, string path) => await (await client.GetAsync(Api + path)).MlflowAsync();

    internal static async Task<JsonElement> MlflowAsync(this HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
            response.Content.Headers.ContentType?.MediaType.ShouldBe("application/json", text);
            var body = JsonElement.Parse(text);
            body.ValueKind.ShouldBe(JsonValueKind.Object);
            return body;
        }
    }

    /// <summary>Checks that the answer is an error of that code, and returns its message.</summary>
    internal static async Task<string> MlflowErrorAsync(this Task<HttpResponseMessage> answer, HttpStatusCode status, string code)
    {
        using var response = await answer;
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(status, text);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/json", text);
        var body = JsonElement.Parse(text);
        body.Text("error_code").ShouldBe(code, text);
        text.ShouldNotContain("Exception");
        text.ShouldNotContain("   at ");
        return body.Text("message").ShouldNotBeNull();
    }

    internal static Task<HttpResponseMessage> TryAsync(this HttpClient client, string path, string json) => client.PostAsync(Api + path, Http.Json(json));

    internal static async Task<string> ExperimentAsync(this HttpClient client, string name) =>
        (await client.PostMlflowAsync("experiments/create", $$"""{ "name": "{{name}}" }""")).Text("experiment_id")!;

    internal static async Task<string> RunAsync(this HttpClient client, string experiment, string name = "run", long start = 1_700_000_000_000) =>
        (await client.PostMlflowAsync("runs/create", $$"""{ "experiment_id": "{{experiment}}", "run_name": "{{name}}", "start_time": {{start}} }""")).GetProperty("run").GetProperty("info").Text("run_id")!;

    internal static Task<JsonElement> ParameterAsync(this HttpClient client, string run, string key, string value) =>
        client.PostMlflowAsync("runs/log-parameter", $$"""{ "run_id": "{{run}}", "key": "{{key}}", "value": "{{value}}" }""");

    internal static Task<JsonElement> MetricAsync(this HttpClient client, string run, string key, string value, long step = 0, long time = 1_700_000_000_500) => client.PostMlflowAsync(
        "runs/log-metric", $$"""{ "run_id": "{{run}}", "key": "{{key}}", "value": {{value}}, "timestamp": {{time}}, "step": {{step}} }""");

    internal static async Task<JsonElement> FindRunAsync(this HttpClient client, string run) => (await client.GetMlflowAsync($"runs/get?run_uuid={run}&run_id={run}")).GetProperty("run");

    /// <summary>A list of key and value as a dictionary.</summary>
    internal static Dictionary<string, string> Pairs(this JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray().ToDictionary(p => p.Text("key")!, p => p.GetProperty("value").ToString());

    internal static List<string?> Names(this JsonElement found) => [.. found.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("info").Text("run_name"))];

    internal static HttpClient BasicClient(TrackerApp app, string name, string password)
    {
        var client = app.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));
        return client;
    }

    internal static string Batch(string run, int points, int from = 0, string key = "loss") => $$"""
        { "run_id": "{{run}}", "metrics": [{{string.Join(',', Enumerable.Range(from, points).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $$"""{"key":"{{key}}","value":{{1.0 / (i + 1):R}},"timestamp":{{1_700_000_000_000 + i}},"step":{{i}}}""")))}}] }
        """;
}
