using Microsoft.AspNetCore.Routing;
using Npgsql;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Access;

/// <summary>What is changed through MLflow's interface is in the audit log like everything else.</summary>
public sealed class MlflowAuditTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Prefix = "api/2.0/mlflow";

    /// <summary>What a run from outside reports of itself, tags among it, is its data, thousands of points a second, and no change that somebody makes; parts of files are declined.</summary>
    private static readonly string[] s_reports =
    [
        "runs/set-tag", "runs/delete-tag", "runs/log-metric", "runs/log-parameter", "runs/log-batch", "runs/log-inputs", "runs/outputs", "runs/log-model", "-artifacts/mpu/{verb:regex(^(create|complete|abort)$)}/{**path}",
    ];

    [Fact]
    public async Task Whatever_is_changed_leaves_an_entry()
    {
        var experiment = (await PostAsync("experiments/create", """{ "name": "Audited" }""")).Text("experiment_id")!;
        var run = (await PostAsync("runs/create", $$"""{ "experiment_id": "{{experiment}}", "run_name": "audited" }""")).GetProperty("run").GetProperty("info").Text("run_id")!;
        (string Route, string Body)[] changes =
        [
            ("experiments/create", """{ "name": "Another" }"""), ("experiments/update", $$"""{ "experiment_id": "{{experiment}}", "new_name": "Renamed" }"""),
            ("experiments/set-experiment-tag", $$"""{ "experiment_id": "{{experiment}}", "key": "a", "value": "b" }"""),
            ("experiments/delete-experiment-tag", $$"""{ "experiment_id": "{{experiment}}", "key": "a" }"""),
            ("runs/create", $$"""{ "experiment_id": "{{experiment}}" }"""), ("runs/update", $$"""{ "run_id": "{{run}}", "run_name": "renamed" }"""),
            ("runs/delete", $$"""{ "run_id": "{{run}}" }"""), ("runs/restore", $$"""{ "run_id": "{{run}}" }"""),
            ("experiments/delete", $$"""{ "experiment_id": "{{experiment}}" }"""), ("experiments/restore", $$"""{ "experiment_id": "{{experiment}}" }"""),
        ];
        foreach (var (route, body) in changes)
        {
            var before = await NewestAsync();
            await PostAsync(route, body);
            (await NewestAsync()).ShouldBeGreaterThan(before, route);
        }

        var file = $"{Prefix}-artifacts/artifacts/{experiment}/{run}/artifacts/a.txt";
        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete])
        {
            var before = await NewestAsync();
            using var request = new HttpRequestMessage(method, $"/{file}") { Content = method == HttpMethod.Put ? new StringContent("text") : null };
            using var answer = await app.Api.SendAsync(request, TestContext.Current.CancellationToken);
            answer.IsSuccessStatusCode.ShouldBeTrue($"{method} {file}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
            (await NewestAsync()).ShouldBeGreaterThan(before, $"{method} of a file");
        }
        Routes().Except(changes.Select(c => c.Route)).Except(s_reports).ShouldBe(["-artifacts/artifacts/{**path}"]);
    }

    private Task<System.Text.Json.JsonElement> PostAsync(string route, string body) => app.Api.PostJsonAsync($"/{Prefix}/{route}", body);

    private async Task<long> NewestAsync()
    {
        await using var command = app.Get<NpgsqlDataSource>().CreateCommand("SELECT max(id) FROM audit_log");
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) ?? 0L);
    }

    private IEnumerable<string> Routes() => app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith(Prefix, StringComparison.Ordinal) && e.Metadata.GetMetadata<ReadsByPostAttribute>() is null)
        .Where(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Any(m => m is not ("GET" or "HEAD")))
        .Select(e => e.RoutePattern.RawText!.TrimStart('/')[Prefix.Length..].TrimStart('/')).Distinct();
}
