using System.Net.Http.Headers;

namespace Tracker.Web.Tests.Api;

public sealed class TableTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task Finished_runs_become_table_1_in_every_format()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Table", seeds: "[0,1]", methods: """["sb","lb"]"""));
        var host = await app.HostAsync();
        double[] accuracies = [0.90, 0.80, 0.92];
        foreach (var (run, accuracy) in (await app.RunsAsync(sweep)).Zip(accuracies)) await app.TrainAsync(run, host, accuracy);

        var row = (await app.Api.GetJsonAsync($"/api/v1/tables/1?sweep={sweep}")).GetProperty("rows").EnumerateArray().Single(r => r.Text("dataset") == "fashion-mnist");
        row.GetProperty("trainExamples").GetInt32().ShouldBe(6000);
        row.Text("bestColumn").ShouldBe("SB");
        var sb = row.GetProperty("cells")[0];
        sb.Text("column").ShouldBe("SB");
        sb.GetProperty("seeds").GetInt32().ShouldBe(2);
        sb.GetProperty("meanPercent").GetDouble().ShouldBe(91, 1e-9);
        sb.GetProperty("stdPercent").GetDouble().ShouldBe(Math.Sqrt(2), 1e-9);
        var lb = row.GetProperty("cells")[1];
        lb.GetProperty("seeds").GetInt32().ShouldBe(1);
        lb.GetProperty("queued").GetInt32().ShouldBe(1);

        var csv = await TextAsync($"/api/v1/tables/1.csv?sweep={sweep}", null, "text/csv");
        csv.ShouldContain("f1,fashion-mnist,128,1024,");
        csv.ShouldContain(",91,1.414");
        var markdown = await TextAsync($"/api/v1/tables/1.md?sweep={sweep}", null, "text/markdown");
        markdown.ShouldContain("**91.00 ± 1.41 (2)**");
        markdown.ShouldContain("80.00 (1)");
        markdown.ShouldContain("6000 of 60000 images");
        var latex = await TextAsync($"/api/v1/tables/1.tex?sweep={sweep}", null, "application/x-tex");
        latex.ShouldContain("\\boldmath$91.00 \\pm 1.41 (2)$");

        (await TextAsync($"/api/v1/tables/1?sweep={sweep}", "text/csv", "text/csv")).ShouldBe(csv);
        (await TextAsync($"/api/v1/tables/1?sweep={sweep}", "text/markdown", "text/markdown")).ShouldBe(markdown);
        (await TextAsync($"/api/v1/tables/1.json?sweep={sweep}", null, "application/json")).ShouldBe(await TextAsync($"/api/v1/tables/1?sweep={sweep}", "*/*", "application/json"));
    }

    [Theory]
    [InlineData("/api/v1/tables/3")]
    [InlineData("/api/v1/tables/0.csv")]
    [InlineData("/api/v1/tables/one")]
    [InlineData("/api/v1/tables/1.docx")]
    [InlineData("/api/v1/tables/1?sweep=987654")]
    [InlineData("/api/v1/tables/1.csv?sweep=987654")]
    public async Task There_are_two_tables_of_sweeps_that_exist(string path) =>
        await (await app.Api.GetAsync(path)).ProblemAsync(System.Net.HttpStatusCode.NotFound);

    private async Task<string> TextAsync(string path, string? accept, string mediaType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null) request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var response = await app.Api.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        response.Content.Headers.ContentType!.ToString().ShouldBe($"{mediaType}; charset=utf-8");
        return text;
    }
}
