using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Tracker.Storage;

namespace Tracker.Web.Tests.Api;

/// <summary>What people and programs write is text wherever it comes out: in JSON, in CSV, in LaTeX and in the SQL that looks for it.</summary>
public sealed class InjectionTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    /// <summary>What spreadsheets take for the beginning of a formula.</summary>
    private const string FormulaStarts = "=+-@\t\r";

    private static readonly string[] s_hostile =
    [
        "'; DROP TABLE runs; --", "') OR 1=1 --", "$1 @run %s %d {0} \\", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
        "=HYPERLINK(\"https://example.org\",\"x\")", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1:A9)", "\\input{/etc/passwd} $x_1$ % & # ~ ^", "{{7*7}} ${7*7}", "‮gnp.exe \u2028 𝔘",
    ];

    public static TheoryData<string> Hostile => [.. s_hostile];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Names_notes_and_tags_come_back_as_they_were_written(string text)
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Plain"));
        var changed = await PatchAsync($"/api/v1/sweeps/{sweep}", new { name = text, notes = text });
        (changed.Text("name"), changed.Text("notes")).ShouldBe((text, text));
        var found = await app.Api.GetJsonAsync($"/api/v1/sweeps/{sweep}");
        (found.Text("name"), found.Text("notes")).ShouldBe((text, text));

        var run = (await app.RunsAsync(sweep)).Single();
        await PatchAsync($"/api/v1/runs/{run}", new { notes = text, tags = (string[])["plain"] });
        (await app.Api.GetJsonAsync($"/api/v1/runs/{run}")).Text("notes").ShouldBe(text);

        // Found by its own text, and by it alone.
        var matching = await app.Api.GetJsonAsync($"/api/v1/runs?filter={Uri.EscapeDataString($"notes = {Quoted(text)}")}&limit=500");
        matching.Items().Select(r => r.Id()).ShouldContain(run);
        matching.Items().Select(r => r.Text("notes")).ShouldAllBe(notes => notes == text);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Names_of_tokens_and_webhooks_come_back_as_they_were_written(string text)
    {
        var token = await app.Api.PostJsonAsync("/api/v1/tokens", JsonSerializer.Serialize(new { name = text, scope = "read" }), HttpStatusCode.Created);
        token.Text("name").ShouldBe(text);
        var hook = await app.Api.PostJsonAsync(
            "/api/v1/webhooks", JsonSerializer.Serialize(new { name = text, url = "http://127.0.0.1:9/", events = (string[])["run.failed"] }), HttpStatusCode.Created);
        hook.Text("name").ShouldBe(text);
        var audit = await app.Api.GetJsonAsync("/api/v1/audit?object=webhook&limit=1");
        audit.Items().Single().Text("objectName").ShouldBe(text);
    }

    [Fact]
    public async Task No_field_of_a_file_begins_a_formula()
    {
        var host = await app.HostAsync("formulas");
        foreach (var text in s_hostile)
        {
            var sweep = await app.SubmitAsync(Experiments.Sweep("Plain"));
            await PatchAsync($"/api/v1/sweeps/{sweep}", new { name = text, notes = text });
            var run = (await app.RunsAsync(sweep)).Single();
            await PatchAsync($"/api/v1/runs/{run}", new { notes = text });
            await app.TrainAsync(run, host, 0.5);
            await LogAsync(text);
        }
        foreach (var path in (string[])["/api/v1/runs.csv", "/api/v1/metrics.csv", "/api/v1/audit.csv", "/api/v1/tables/1.csv"])
        {
            var rows = Rows(await app.Api.GetStringAsync(path));
            rows.Count.ShouldBeGreaterThan(1, path);
            rows.ShouldAllBe(row => row.Length == rows[0].Length, path);
            rows.Skip(1).SelectMany(row => row).Where(IsFormula).ShouldBeEmpty(path);
        }
        var lines = (await app.Api.GetStringAsync("/api/v1/runs.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        foreach (var text in s_hostile) lines.ShouldContain(line => line.Text("notes") == text, text);
    }

    [Fact]
    public async Task What_programs_outside_name_reaches_no_table_as_latex()
    {
        const string command = "\\immediate\\write18{id}";
        await LogAsync(command);
        foreach (var path in (string[])["/api/v1/tables/1.tex", "/api/v1/tables/2.tex", "/api/v1/tables/1.md"]) (await app.Api.GetStringAsync(path)).ShouldNotContain("\\immediate");
    }

    /// <summary>A run that a program outside reports, named with a text and with it as its parameter, tag and metric.</summary>
    private async Task LogAsync(string text)
    {
        Actor.Current = new((await app.Api.GetJsonAsync("/api/v1/me")).Id(), "admin", ActorVia.Session);
        var experiment = await app.Get<IExperiments>().CreateAsync($"{text} {Guid.NewGuid():N}", new Dictionary<string, string> { [text] = text }, Token);
        var run = (await app.Get<ILoggedRuns>().CreateAsync(
            new(experiment, text, DateTimeOffset.UtcNow, new Dictionary<string, string> { [text] = text }), Token)).ShouldNotBeNull();
        (await app.Get<ILoggedRuns>().LogAsync(
            run, new([new(text, 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 1)], [new(text, text), new("network", text), new("dataset", text)], []), Token)).ShouldBeTrue();
        var found = (await app.Get<ILoggedRuns>().FindAsync(run, Token)).ShouldNotBeNull();
        (found.Name, found.Parameters[text], found.Tags[text], found.Metrics.Single().Key).ShouldBe((text, text, text, text));
    }

    private async Task<JsonElement> PatchAsync(string path, object change) =>
        await (await app.Api.PatchAsync(path, Http.Json(JsonSerializer.Serialize(change)))).JsonAsync(HttpStatusCode.OK);

    /// <summary>A text of the filter language.</summary>
    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static bool IsFormula(string field) => field.Length > 0 && FormulaStarts.Contains(field[0], StringComparison.Ordinal)
        && !double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>Fields as a spreadsheet reads them: in quotes, a quote is written twice and lines go on.</summary>
    private static List<string[]> Rows(string csv)
    {
        var (rows, row, field, quoted) = (new List<string[]>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < csv.Length; i++)
        {
            var c = csv[i];
            if (quoted && c == '"' && i + 1 < csv.Length && csv[i + 1] == '"') field.Append(csv[++i]);
            else if (c == '"') quoted = !quoted;
            else if (quoted || c is not (',' or '\n' or '\r')) field.Append(c);
            else if (c != '\r')
            {
                row.Add(field.ToString());
                field.Clear();
                if (c == ',') continue;
                rows.Add([.. row]);
                row.Clear();
            }
        }
        return rows;
    }
}
