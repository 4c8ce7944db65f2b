using System.Net;
using System.Text.Json;
using Tracker.Storage;

namespace Tracker.Web.Tests.Api;

public sealed class RunSearchTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Path = "/api/v1/runs";

    [Fact]
    public async Task A_filter_and_an_order_say_which_runs_come_and_pages_follow_each_other()
    {
        var sweep = await SubmitAsync("Search", "[1,2,3]");
        var filter = $"sweep = {sweep} and batch >= 1024";
        (await IdsAsync($"filter={Escape(filter)}&sort=seed")).Seeds.ShouldBe([1, 2, 3]);
        (await IdsAsync($"filter={Escape(filter)}&sort=-params.seed")).Seeds.ShouldBe([3, 2, 1]);
        (await IdsAsync($"filter={Escape($"sweep = {sweep} and not (seed in (1, 3))")}")).Seeds.ShouldBe([2, 2]);
        (await IdsAsync($"filter={Escape("seed > 1")}&sweep={sweep}&method=sb&sort=seed")).Seeds.ShouldBe([2, 3]);

        var first = await IdsAsync($"filter={Escape(filter)}&sort=-seed&limit=2");
        first.Seeds.ShouldBe([3, 2]);
        var rest = await IdsAsync($"filter={Escape(filter)}&sort=-seed&limit=2&cursor={first.Next}");
        rest.Seeds.ShouldBe([1]);
        rest.Next.ShouldBeNull();
        var foreign = await (await app.Api.GetAsync($"{Path}?sort=seed&cursor={first.Next}")).ProblemAsync(HttpStatusCode.BadRequest);
        foreign.Errors().Keys.ShouldBe(["cursor"]);
    }

    [Theory]
    [InlineData("batch >= abc", "", "filter", 9, 3, "Expected a number after '>=', found 'abc'.")]
    [InlineData("batch = 1", "-bacth", "sort", 1, 5, "There is no field 'bacth'. Did you mean 'batch'?")]
    [InlineData("", "metrics.", "sort", 0, 8, "Expected a name after 'metrics.'.")]
    public async Task A_fault_tells_its_field_and_its_place(string filter, string sort, string field, int position, int length, string message)
    {
        foreach (var path in (string[])[Path, $"{Path}.csv", $"{Path}.jsonl"])
        {
            var problem = await (await app.Api.GetAsync($"{path}?filter={Escape(filter)}&sort={sort}")).ProblemAsync(HttpStatusCode.BadRequest);
            problem.Errors().ShouldBe(new Dictionary<string, string> { [field] = message });
            (problem.GetProperty("position").GetInt32(), problem.GetProperty("length").GetInt32()).ShouldBe((position, length));
        }
    }

    [Fact]
    public async Task Runs_come_as_CSV_with_the_columns_that_were_asked_for()
    {
        var sweep = await SubmitAsync("=HYPERLINK(\"x\")", "[1]");
        using var response = await app.Api.GetAsync($"{Path}.csv?sweep={sweep}&sort=method&columns=sweep.name,technique,ghost_batch,learning_rate,metrics.train/loss,tags");
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8");
        response.Content.Headers.ContentDisposition!.FileName.ShouldBe("runs.csv");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("sweep.name,technique,ghost_batch,learning_rate,metrics.train/loss,tags");
        lines[1].ShouldBe("\"'=HYPERLINK(\"\"x\"\")\",'+GBN,128,0.1,,");
        lines[2].ShouldBe("\"'=HYPERLINK(\"\"x\"\")\",SB,,0.1,,");
        lines.Length.ShouldBe(3);
    }

    [Fact]
    public async Task Runs_come_as_lines_of_JSON_with_numbers_as_numbers()
    {
        var sweep = await SubmitAsync("Lines", "[1]");
        var run = (await app.RunsAsync(sweep))[0];
        await app.TrainAsync(run, await app.HostAsync(), 0.75);
        await app.Api.PatchAsync($"{Path}/{run}", Http.Json("""{ "notes": "a\nb", "tags": ["one", "two"] }"""));
        var text = await app.Api.GetStringAsync($"{Path}.jsonl?filter={Escape($"id = {run}")}&columns=id,accuracy,finished,tags,notes,failure,name");
        var line = JsonElement.Parse(text.TrimEnd('\n'));
        line.Id().ShouldBe(run);
        line.GetProperty("accuracy").GetDouble().ShouldBe(0.75);
        line.GetProperty("finished").GetDateTimeOffset().ShouldBe((await app.Get<IRuns>().FindAsync(run, CancellationToken.None))!.FinishedAt!.Value, TimeSpan.FromMilliseconds(1));
        line.GetProperty("tags").EnumerateArray().Select(t => t.GetString()).ShouldBe(["one", "two"]);
        line.Text("notes").ShouldBe("a\nb");
        line.GetProperty("failure").ValueKind.ShouldBe(JsonValueKind.Null);
        line.Text("name").ShouldBe((await app.Api.GetJsonAsync($"{Path}/{run}")).Text("title"));

        var all = await app.Api.GetStringAsync($"{Path}.jsonl?sweep={sweep}");
        var lines = all.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        JsonElement.Parse(lines[0]).EnumerateObject().Select(p => p.Name).ShouldContain("best_accuracy");
    }

    [Theory]
    [InlineData("id,,batch", "Expected a field, found ','.")]
    [InlineData("id,", "Expected a field.")]
    [InlineData("id batch", "Expected ',', found 'batch'.")]
    [InlineData("bacth", "There is no field 'bacth'. Did you mean 'batch'?")]
    public async Task Faulty_columns_are_refused(string columns, string message) =>
        (await (await app.Api.GetAsync($"{Path}.csv?columns={Escape(columns)}")).ProblemAsync(HttpStatusCode.BadRequest)).Errors()
            .ShouldBe(new Dictionary<string, string> { ["columns"] = message });

    [Fact]
    public async Task An_empty_file_has_its_heading()
    {
        (await app.Api.GetStringAsync($"{Path}.csv?filter={Escape("id = -1")}&columns=id,batch")).ShouldBe("id,batch\n");
        (await app.Api.GetStringAsync($"{Path}.jsonl?filter={Escape("id = -1")}")).ShouldBe("");
    }

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private Task<long> SubmitAsync(string name, string seeds) => app.SubmitAsync(JsonSerializer.Serialize(new
    {
        name, network = "f1", dataset = "fashion-mnist", smallBatch = 128, largeBatch = new[] { 1024 }, ghostBatch = new[] { 128 },
        methods = new[] { "sb", "lb+lr+gbn" }, seeds = JsonElement.Parse(seeds), epochs = 2, rerun = true,
    }));

    private async Task<(List<int> Seeds, string? Next)> IdsAsync(string query)
    {
        var page = await app.Api.GetJsonAsync($"{Path}?{query}");
        return ([.. page.Items().Select(r => r.GetProperty("spec").GetProperty("seed").GetInt32())], page.Text("nextCursor"));
    }
}
