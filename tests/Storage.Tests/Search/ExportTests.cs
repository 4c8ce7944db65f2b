using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;
using Tracker.Domain;

namespace Tracker.Storage.Tests;

/// <summary>Files of runs and of points, as Postgres writes them.</summary>
public class ExportTests(SearchFixture runs) : IClassFixture<SearchFixture>
{
    private const string Hostile = "=cmd|'/C calc'!A0, \"x\" \\ \u00e9\ud83d\ude00";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Long_lists_are_written_whole_and_in_order()
    {
        await runs.CopyAsync(runs.Runs[4], "jsonb_build_object('batch', 9000, 'seed', n % 7)", 2100);
        var search = new RunSearch { Filter = "batch = 9000", Order = new("seed", true) };
        var rows = await LinesAsync(search, "id, seed, created, tags, notes, learning_rate, metrics.loss");
        rows.Count.ShouldBe(2100);
        rows.Select(r => r.GetProperty("id").GetInt64()).ShouldBe(await runs.Search.IdsAsync(search with { Limit = 5000 }, Token));
        rows[0].GetRawText().ShouldMatch("""^\{"id":\d+,"seed":6,"created":"2026-11-01T12:00:00\.000Z","tags":\["other"\],"notes":null,"learning_rate":0\.\d+,"metrics\.loss":null\}$""");
        var all = await runs.Search.AllAsync(search, Token).Select(r => r.Run.Id).ToListAsync(Token);
        all.ShouldBe(rows.Select(r => r.GetProperty("id").GetInt64()));
        await runs.ExecuteAsync("DELETE FROM runs WHERE batch = 9000");
    }

    [Fact]
    public async Task Columns_say_what_the_specification_says()
    {
        var sweep = SweepsToTest.Next() with
        {
            LargeBatch = [1024], GhostBatch = [128], Methods = [.. Method.TableColumns, new Method(LargeBatch: true, GhostBatchNorm: true)],
            Options = new() { Normalization = NormalizationKind.Batch, Precision = Precision.Bf16, Selection = SelectionRule.Best },
            Optimizer = new() { Kind = OptimizerKind.Lars, Trust = 0.03, WarmUp = 5 },
        };
        var (id, _) = await runs.Storage.SubmitAsync(sweep);
        var rows = await LinesAsync(
            new() { Filter = $"sweep = {id}" },
            "id, name, technique, optimizer, trust, warm_up, normalization, precision, selection, scaling, learning_rate, clip, initial_scale, variant");
        rows.Count.ShouldBe(6);
        foreach (var row in rows)
        {
            var spec = (await runs.Storage.Runs.FindAsync(row.GetProperty("id").GetInt64(), Token)).ShouldNotBeNull().Spec;
            row.EnumerateObject().Skip(1).Select(p => p.Value.ValueKind == JsonValueKind.Number ? p.Value.GetDouble() : (object?)p.Value.GetString()).ShouldBe([
                spec.Title, spec.Method.Title, "lars", 0.03, 5.0, "batch", "bf16", spec.Selection.ToString(), spec.Parameters.Scaling.Word(), spec.Parameters.LearningRate,
                spec.Parameters.Clip, 1.0, spec.Variant()]);
        }
    }

    [Fact]
    public async Task Names_and_texts_of_users_stay_what_they_are_in_JSON_and_are_harmless_in_CSV()
    {
        await runs.ExecuteAsync($"UPDATE runs SET notes = '{Hostile.Replace("'", "''", StringComparison.Ordinal)}' || E'\\n\\t\\\\.', tags = ARRAY['-1+1', E'a\\\\b'] WHERE id = {runs.Runs[0]}");
        var fields = FilterParser.ParseFields($"notes, tags, metrics.`{Hostile}`, params.`'); DROP TABLE runs; --`");
        var search = new RunSearch { Filter = $"id = {runs.Runs[0]}" };

        var row = JsonElement.Parse(await TextAsync(runs.Exports.RunsAsync(search, fields, ExportFormat.JsonLines, Token)));
        row.EnumerateObject().Select(p => p.Name).ShouldBe(["notes", "tags", fields[2].Name, fields[3].Name]);
        row.GetProperty("notes").GetString().ShouldBe(Hostile + "\n\t\\.");
        row.GetProperty("tags").EnumerateArray().Select(t => t.GetString()).ShouldBe(["-1+1", "a\\b"]);

        var csv = await TextAsync(runs.Exports.RunsAsync(search, fields, ExportFormat.Csv, Token));
        var quoted = Hostile.Replace("\"", "\"\"", StringComparison.Ordinal);
        csv.ShouldBe($"notes,tags,\"{fields[2].Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{fields[3].Name}\n\"'{quoted}\n\t\\.\",'-1+1; a\\b,,\n");
        await runs.ExecuteAsync($"UPDATE runs SET notes = '', tags = '{{}}' WHERE id = {runs.Runs[0]}");
    }

    [Fact]
    public async Task Numbers_that_JSON_lacks_are_null_there_and_written_out_in_CSV()
    {
        var search = new RunSearch { Filter = runs.Mine, Order = new("seed", false) };
        var fields = FilterParser.ParseFields("seed, metrics.loss");
        (await TextAsync(runs.Exports.RunsAsync(search, fields, ExportFormat.Csv, Token))).ShouldBe("seed,metrics.loss\n0,0.5\n1,NaN\n2,-1\n3,Infinity\n4,\n5,\n");
        (await LinesAsync(search, "metrics.loss")).Select(r => r.GetProperty("metrics.loss").GetRawText()).ShouldBe(["0.5", "null", "-1", "null", "null", "null"]);
    }

    [Fact]
    public async Task Points_come_by_run_metric_and_step_with_those_that_repeat_a_step()
    {
        var (first, second) = await SeriesAsync();
        var search = new RunSearch { Filter = $"id in ({first}, {second})" };
        (await TextAsync(runs.Exports.MetricsAsync(search, [], ExportFormat.Csv, Token))).ShouldBe($"""
            run_id,metric,step,epoch,wall_ms,value
            {first},"'=a,""b",1,0.5,10,0.25
            {first},"'=a,""b",2,1,20,NaN
            {first},z\b,3,1.5,-5,-Infinity
            {second},z\b,7,,1,1e-05
            {second},z\b,7,,2,2
            {second},z\b,8,,3,3

            """);
        (await TextAsync(runs.Exports.MetricsAsync(search, ["z\\b", "unheard of"], ExportFormat.JsonLines, Token))).ShouldBe(
            $$"""
            {"run_id":{{first}},"metric":"z\\b","step":3,"epoch":1.5,"wall_ms":-5,"value":null}
            {"run_id":{{second}},"metric":"z\\b","step":7,"epoch":null,"wall_ms":1,"value":1e-05}
            {"run_id":{{second}},"metric":"z\\b","step":7,"epoch":null,"wall_ms":2,"value":2}
            {"run_id":{{second}},"metric":"z\\b","step":8,"epoch":null,"wall_ms":3,"value":3}

            """);
        (await TextAsync(runs.Exports.MetricsAsync(search, ["unheard of"], ExportFormat.JsonLines, Token))).ShouldBe("");
        (await runs.Exports.PointsAsync(second, Token).ToListAsync(Token)).ShouldBe([new("z\\b", 7, 2, 2), new("z\\b", 8, 3, 3)]);
        await runs.ExecuteAsync($"DELETE FROM metric_points WHERE run_id IN ({first}, {second}); DELETE FROM metric_repeats; DELETE FROM metric_latest WHERE run_id IN ({first}, {second}); DELETE FROM runs WHERE id IN ({first}, {second})");
    }

    [Fact]
    public async Task A_file_shows_the_moment_in_which_it_began()
    {
        await runs.CopyAsync(runs.Runs[4], "jsonb_build_object('batch', 8000)", 3);
        await using var file = await runs.Exports.RunsAsync(new() { Filter = "batch = 8000" }, FilterParser.ParseFields("notes"), ExportFormat.JsonLines, Token);
        await runs.ExecuteAsync("UPDATE runs SET notes = 'later' WHERE batch = 8000; DELETE FROM runs WHERE id = (SELECT max(id) FROM runs WHERE batch = 8000)");
        (await TextAsync(file)).ShouldBe("{\"notes\":null}\n{\"notes\":null}\n{\"notes\":null}\n");
        await runs.ExecuteAsync("DELETE FROM runs WHERE batch = 8000");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_nobody_reads_to_its_end_gives_its_connection_back_at_once(bool begun)
    {
        await LongSeriesAsync();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var file = await runs.Exports.MetricsAsync(new() { Filter = "batch = 7000" }, [], ExportFormat.Csv, Token);
        if (begun) await Should.ThrowAsync<OperationCanceledException>(file.WriteAsync(new Visitor(leave.Cancel), leave.Token));
        await file.DisposeAsync();
        (await CountAsync("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND state <> 'idle' AND datname = current_database()")).ShouldBe(0);
        // From the pool, and as good as new.
        (await CountAsync("SELECT count(*) FROM runs WHERE batch = 7000")).ShouldBe(1);
        await ForgetAsync();
    }

    [Fact]
    public async Task A_file_that_breaks_off_in_the_middle_throws()
    {
        await LongSeriesAsync();
        await using var file = await runs.Exports.MetricsAsync(new() { Filter = "batch = 7000" }, [], ExportFormat.Csv, Token);
        var failure = await Should.ThrowAsync<NpgsqlException>(file.WriteAsync(
            new Visitor(() => CountAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND state = 'active' AND datname = current_database()").GetAwaiter().GetResult().ShouldBe(1)), Token));
        failure.ShouldNotBeNull();
        await ForgetAsync();
    }

    [Fact]
    public async Task Faults_of_a_search_are_told_before_there_is_a_file()
    {
        (await Should.ThrowAsync<FilterException>(runs.Exports.MetricsAsync(new() { Filter = "batch >" }, [], ExportFormat.Csv, Token))).Part.ShouldBe(FilterPart.Filter);
        (await Should.ThrowAsync<FilterException>(runs.Exports.RunsAsync(new() { Order = new("nothing", false) }, [], ExportFormat.Csv, Token))).Part.ShouldBe(FilterPart.Order);
    }

    /// <summary>Two runs, the second of a program outside.</summary>
    private async Task<(long First, long Second)> SeriesAsync()
    {
        await runs.CopyAsync(runs.Runs[4], "jsonb_build_object('batch', 6000)", 1);
        await runs.CopyAsync(
            runs.Runs[4], "jsonb_build_object('batch', 6001, 'external', true, 'title', 'theirs', 'reported_at', now(), 'state', 'Running', 'assigned', false, 'table_column', NULL, 'host_id', NULL)", 1);
        var (first, second) = (await CountAsync("SELECT max(id) FROM runs WHERE batch = 6000"), await CountAsync("SELECT max(id) FROM runs WHERE batch = 6001"));
        await runs.ExecuteAsync($$"""
            WITH names AS (INSERT INTO metric_names (name) VALUES ('z\b'), ('=a,"b') RETURNING id, name), points AS (
              INSERT INTO metric_points (run_id, metric_id, step, epoch, wall_ms, value)
              SELECT p.run, n.id, p.step, p.epoch, p.wall, p.value FROM (VALUES
                ({{first}}, 'z\b', 3, 1.5, -5, '-Infinity'::double precision), ({{first}}, '=a,"b', 1, 0.5, 10, 0.25), ({{first}}, '=a,"b', 2, 1, 20, 'NaN'),
                ({{second}}, 'z\b', 7, 0, 2, 2), ({{second}}, 'z\b', 8, 0, 3, 3)) AS p(run, name, step, epoch, wall, value) JOIN names n ON n.name = p.name)
            INSERT INTO metric_repeats SELECT {{second}}, id, 7, 1, 1e-5 FROM names WHERE name = 'z\b'
            """);
        await runs.ExecuteAsync($"SELECT summarise_series(ARRAY[{first}, {second}])");
        return (first, second);
    }

    private async Task LongSeriesAsync()
    {
        await runs.CopyAsync(runs.Runs[4], "jsonb_build_object('batch', 7000)", 1);
        await runs.ExecuteAsync("""
            INSERT INTO metric_points SELECT r.id, (SELECT min(id) FROM metric_names), s, s, s, s FROM runs r, generate_series(1, 200000) AS s WHERE r.batch = 7000;
            SELECT summarise_series(ARRAY(SELECT id FROM runs WHERE batch = 7000))
            """);
    }

    private Task ForgetAsync() => runs.ExecuteAsync("""
        DELETE FROM metric_points WHERE run_id IN (SELECT id FROM runs WHERE batch = 7000); DELETE FROM metric_latest WHERE run_id IN (SELECT id FROM runs WHERE batch = 7000);
        DELETE FROM metric_rollups WHERE run_id IN (SELECT id FROM runs WHERE batch = 7000); DELETE FROM runs WHERE batch = 7000
        """);

    private async Task<long> CountAsync(string sql)
    {
        await using var command = runs.Storage.DataSource.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Token), CultureInfo.InvariantCulture);
    }

    private async Task<List<JsonElement>> LinesAsync(RunSearch search, string fields) =>
    [
        .. (await TextAsync(runs.Exports.RunsAsync(search, FilterParser.ParseFields(fields), ExportFormat.JsonLines, Token)))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonElement.Parse(l)),
    ];

    private static async Task<string> TextAsync(Task<IExportedFile> preparation)
    {
        await using var file = await preparation;
        return await TextAsync(file);
    }

    private static async Task<string> TextAsync(IExportedFile file)
    {
        using var stream = new MemoryStream();
        await file.WriteAsync(stream, Token);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Does something when the first rows come.</summary>
    private sealed class Visitor(Action visit) : MemoryStream
    {
        private bool _visited;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.Length < 1000 || _visited) return ValueTask.CompletedTask;
            _visited = true;
            visit();
            return ValueTask.CompletedTask;
        }
    }
}
