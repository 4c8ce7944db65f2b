using System.Net;

namespace Tracker.Web.Tests.Api;

public sealed class LeaderboardTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task Finished_runs_become_a_leaderboard_with_times_to_the_target_and_differences_to_a_baseline()
    {
        (await app.Api.GetJsonAsync("/api/v1/leaderboards/boards")).GetArrayLength().ShouldBe(0);
        (await app.Api.GetStringAsync("/leaderboards")).ShouldContain("No results yet");

        var sweep = await app.SubmitAsync(Experiments.Sweep("Board", seeds: "[0,1]", methods: """["sb","lb"]"""));
        var host = await app.HostAsync();
        foreach (var (run, accuracy) in (await app.RunsAsync(sweep)).Zip([0.90, 0.80, 0.92, 0.82])) await app.TrainAsync(run, host, accuracy);

        (await app.Api.GetJsonAsync("/api/v1/leaderboards/boards"))[0].GetProperty("runs").GetInt32().ShouldBe(4);
        var board = await app.Api.GetJsonAsync("/api/v1/leaderboards?network=f1&dataset=fashion-mnist");
        board.GetProperty("trainExamples").GetInt32().ShouldBe(6000);
        board.GetProperty("target").GetDouble().ShouldBe(0.895); // 0.91 − 0.0141 = 0.8959
        var sb = board.GetProperty("rows")[0];
        sb.Text("technique").ShouldBe("SB");
        sb.GetProperty("mean").GetDouble().ShouldBe(0.91, 1e-12);
        sb.GetProperty("reached").GetInt32().ShouldBe(2);
        sb.GetProperty("stepsToTarget").GetDouble().ShouldBe(100);
        sb.GetProperty("secondsToTarget").GetDouble().ShouldBe(1);

        var compared = await app.Api.GetJsonAsync($"/api/v1/leaderboards?network=f1&dataset=fashion-mnist&target=0.81&sort=batch&baseline={sb.Text("id")}");
        var lb = compared.GetProperty("rows")[1];
        lb.GetProperty("comparison").GetProperty("difference").GetDouble().ShouldBe(-0.1, 1e-12);
        lb.GetProperty("comparison").GetProperty("p").GetDouble().ShouldBeInRange(0.01, 0.05);
        lb.GetProperty("reached").GetInt32().ShouldBe(1);
        (await app.Api.GetJsonAsync("/api/v1/leaderboards?network=f1&dataset=fashion-mnist&method=lb")).GetProperty("rows").GetArrayLength().ShouldBe(1);

        foreach (var (kind, type, text) in ((string, string, string)[])[("csv", "text/csv", "lb,1024,"), ("md", "text/markdown", "| LB"), ("tex", "application/x-tex", "LB & 1,024 &")])
        {
            using var file = await app.Api.GetAsync($"/api/v1/leaderboards.{kind}?network=f1&dataset=fashion-mnist");
            file.Content.Headers.ContentType!.ToString().ShouldBe($"{type}; charset=utf-8");
            (await file.Content.ReadAsStringAsync()).ShouldContain(text);
            await (await app.Api.GetAsync($"/api/v1/leaderboards.{kind}?network=f1")).ProblemAsync(HttpStatusCode.BadRequest);
        }

        var page = WebUtility.HtmlDecode(await app.Api.GetStringAsync($"/leaderboards?baseline={sb.Text("id")}"));
        page.ShouldContain("F1 on Fashion-MNIST");
        page.ShouldContain("−10.00");
        (await app.Api.GetStringAsync("/leaderboards?network=c1&dataset=cifar10")).ShouldContain("Nothing has finished for this network and data set");
    }

    [Theory]
    [InlineData("network=f1", "dataset")]
    [InlineData("network=f9&dataset=mnist", "network")]
    [InlineData("network=f1&dataset=mnist&target=97", "target")]
    [InlineData("network=f1&dataset=mnist&sort=size", "sort")]
    [InlineData("network=f1&dataset=mnist&method=xl", "method")]
    [InlineData("network=f1&dataset=mnist&colour=red", "colour")]
    public async Task A_request_that_makes_no_sense_is_refused_with_the_field(string query, string field)
    {
        var problem = await (await app.Api.GetAsync($"/api/v1/leaderboards?{query}")).ProblemAsync(HttpStatusCode.BadRequest);
        problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(problem.ToString());
    }
}
