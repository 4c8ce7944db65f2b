using System.Net;
using System.Text.Json;

namespace Tracker.Web.Tests.Api;

/// <summary>Points of metrics as files.</summary>
public sealed class ExportTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task Points_of_the_runs_that_match_come_as_CSV_and_as_lines_of_JSON()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Points", "[0, 1]"));
        var ids = await app.RunsAsync(sweep);
        var host = await app.HostAsync();
        foreach (var id in ids) await app.TrainAsync(id, host, 0.5);

        using var response = await app.Api.GetAsync($"/api/v1/metrics.csv?sweep={sweep}&filter=seed%20%3D%201&keys=validation/accuracy,train/loss");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        response.Content.Headers.ContentDisposition!.ToString().ShouldStartWith("attachment; filename=metrics.csv");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(1 + 100 + 1);
        var run = ids.Single(i => lines[1].StartsWith($"{i},", StringComparison.Ordinal));
        lines[0].ShouldBe("run_id,metric,step,epoch,wall_ms,value");
        lines[1].ShouldBe($"{run},train/loss,1,0.02,10,3");
        lines[^1].ShouldBe($"{run},validation/accuracy,100,2,1000,0.5");

        using var all = await app.Api.GetAsync($"/api/v1/metrics.jsonl?sweep={sweep}");
        all.Content.Headers.ContentDisposition!.FileName.ShouldBe("metrics.jsonl");
        var points = (await all.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonElement.Parse(l)).ToList();
        points.Count.ShouldBe(2 * 101);
        points.Select(p => p.GetProperty("run_id").GetInt64()).ShouldBeInOrder();
        points[100].GetRawText().ShouldBe($$"""{"run_id":{{ids.Min()}},"metric":"validation/accuracy","step":100,"epoch":2,"wall_ms":1000,"value":0.5}""");
    }

    [Fact]
    public async Task Faults_of_a_search_are_told_and_points_have_no_other_order()
    {
        (await (await app.Api.GetAsync("/api/v1/metrics.csv?filter=batch%20%3E")).ProblemAsync(HttpStatusCode.BadRequest)).Errors().Keys.ShouldBe(["filter"]);
        (await (await app.Api.GetAsync("/api/v1/metrics.jsonl?sort=batch")).ProblemAsync(HttpStatusCode.BadRequest)).Errors()
            .ShouldBe(new Dictionary<string, string> { ["sort"] = "Unknown parameter 'sort'." });
        (await (await app.Api.GetAsync($"/api/v1/runs.csv?columns={string.Join(',', Enumerable.Repeat("id", 201))}")).ProblemAsync(HttpStatusCode.BadRequest)).Errors()
            .ShouldBe(new Dictionary<string, string> { ["columns"] = "Expected at most 200 fields, found 201." });
        (await app.Api.GetAsync($"/api/v1/runs.jsonl?columns={string.Join(',', Enumerable.Range(0, 200).Select(i => $"params.p{i}"))}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
