using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Search;

namespace Tracker.Storage.Tests;

public class FilterTests(SearchFixture runs) : IClassFixture<SearchFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "0 1 2 3 4 5")]
    [InlineData("network = 'f1' and dataset.name = 'fashion-mnist' and method = 'sb' and technique = 'SB'", "0 1 2 3 4 5")]
    [InlineData("name = 'F1 SB, batch 4096, seed 4'", "4")]
    [InlineData("run_name ILIKE '%SEED 3'", "3")]
    [InlineData("batch >= 1024", "4")]
    [InlineData("batch > 4096", "")]
    [InlineData("batch >= 4095.5 and batch < 4096.5", "4")]
    [InlineData("params.batch = '4096'", "4")]
    [InlineData("batch like '40%'", "4")]
    [InlineData("batch != 128", "4")]
    [InlineData("batch in (4096, 1)", "4")]
    [InlineData("batch not in (128, 1)", "4")]
    [InlineData("batch = 1e300", "")]
    [InlineData("ghost_batch = 32", "4")]
    [InlineData("ghost_batch != 33", "4")]
    [InlineData("ghost_batch not in (33)", "4")]
    [InlineData("ghost_batch is null", "0 1 2 3 5")]
    [InlineData("not ghost_batch = 33", "0 1 2 3 4 5")]
    [InlineData("not not ghost_batch = 32", "4")]
    [InlineData("not (ghost_batch = 32 or seed = 0)", "1 2 3 5")]
    [InlineData("not (ghost_batch > 0 and seed = 4)", "0 1 2 3 5")]
    [InlineData("state = 'succeeded'", "0")]
    [InlineData("state not in ('Queued')", "0 1")]
    [InlineData("status = 'FINISHED' or status = 'failed'", "0 1")]
    [InlineData("status = 'SCHEDULED'", "2 3 4 5")]
    [InlineData("failure = 'Diverged' and failure_reason = 'it''s NaN'", "1")]
    [InlineData("failure is null and state = 'Failed'", "")]
    [InlineData("priority = 'high'", "2")]
    [InlineData("tags = 'baseline'", "2")]
    [InlineData("tags != 'baseline'", "0 1 3 4 5")]
    [InlineData("tags in ('other', 'bare')", "2 4")]
    [InlineData("tags not in ('other', 'bare')", "0 1 3 5")]
    [InlineData("tags like 'base%'", "2")]
    [InlineData("tags ilike 'OTH_R'", "4")]
    [InlineData("tags rlike '^(base|other)$'", "4")]
    [InlineData("attributes.run_name RLIKE 'seed [3-4]$'", "3 4")]
    [InlineData("tags is null", "0 1 3 5")]
    [InlineData("tags is not null", "2 4")]
    [InlineData("tags.team = 'vision'", "2")]
    [InlineData("tags.bare = ''", "2")]
    [InlineData("tags.team is not null", "2")]
    [InlineData("tags.`mlflow.note.content` = 'Hello World'", "2")]
    [InlineData("notes like 'Hello%'", "2")]
    [InlineData("notes is null", "0 1 3 4 5")]
    [InlineData("notes != 'x'", "2")]
    [InlineData("optimizer = 'lars'", "3")]
    [InlineData("optimizer = 'SGD'", "0 1 2 4 5")]
    [InlineData("trust >= 0.02 and precision = 'tf32'", "3")]
    [InlineData("trust is null", "0 1 2 4 5")]
    [InlineData("warm_up = 0", "0 1 2 3 4 5")]
    [InlineData("params.own = '64'", "3")]
    [InlineData("params.own = 64", "3")]
    [InlineData("params.own >= 1", "3")]
    [InlineData("params.own in (64, '1.2.3')", "3 5")]
    [InlineData("params.own not in (64, '1.2.3')", "")]
    [InlineData("params.own like '1.%'", "5")]
    [InlineData("params.own is null", "0 1 2 4")]
    [InlineData("params.nested.key > 1", "3")]
    [InlineData("metrics.loss < 1", "0 2")]
    [InlineData("metrics.loss > -5", "0 2 3")]
    [InlineData("metrics.loss >= 0.5", "0 3")]
    [InlineData("metrics.loss = 0.5", "0")]
    [InlineData("metrics.loss != 0.5", "1 2 3")]
    [InlineData("metrics.loss in (0.5, -1)", "0 2")]
    [InlineData("metrics.loss is null", "4 5")]
    [InlineData("metrics.loss is not null", "0 1 2 3")]
    [InlineData("not metrics.loss < 1", "1 3 4 5")]
    [InlineData("metrics.loss < 1 and metrics.`val acc` > 0.5", "0")]
    [InlineData("metrics.loss < 0 or metrics.`val acc` < 0.5", "1 2")]
    [InlineData("metrics.`no such` > 0 or metrics.`no such` <= 0 or metrics.`no such` != 0", "")]
    [InlineData("metrics.`no such` is null", "0 1 2 3 4 5")]
    [InlineData("accuracy > 0.8 and final_accuracy = 0.9 and best_accuracy <= 0.9", "0")]
    [InlineData("train_seconds > 0 and eval_seconds > 0 and final_loss < 1", "0")]
    [InlineData("progress >= 0.4 and progress < 0.6", "5")]
    [InlineData("host = 'host-1' and device = 'cpu'", "0")]
    [InlineData("host is null", "1 2 3 4 5")]
    [InlineData("owner = 'ada'", "5")]
    [InlineData("user_id is null", "0 1 2 3 4")]
    [InlineData("sweep.name = 'Test'", "0 1 2 3 4 5")]
    [InlineData("created = '2026-11-01T12:00'", "4")]
    [InlineData("created <= 1793534400000", "4")]
    [InlineData("created > '2026-11-01T13:00+01:00' and created < '2026-11-01T12:01'", "")]
    [InlineData("created > '-1h'", "0 1 2 3 5")]
    [InlineData("created < '-1h'", "4")]
    [InlineData("end_time = '2026-10-01'", "1")]
    [InlineData("end_time in ('2026-10-01', 5)", "1")]
    [InlineData("finished is null", "2 3 4 5")]
    public async Task A_filter_finds_the_runs_that_it_describes(string filter, string seeds) =>
        string.Join(' ', await runs.SeedsAsync(filter)).ShouldBe(seeds);

    [Fact]
    public async Task Every_filter_and_its_negation_share_all_runs_between_them()
    {
        foreach (var field in FilterFields.All.Append(FilterField.Metric("loss")).Append(FilterField.Parameter("own")).Append(FilterField.Tag("team")))
        {
            var value = field.Kind switch
            {
                FilterKind.Number or FilterKind.Any => "1",
                FilterKind.Time => "'2026-11-01'",
                _ => field.Words.Count > 0 ? $"'{field.Words[0]}'" : "'x'",
            };
            string[] operators = field.Kind switch { FilterKind.Text or FilterKind.Texts => ["=", "!=", "LIKE", "ILIKE", "RLIKE"], _ => ["=", "!=", ">", ">=", "<", "<="] };
            string[] tests = [.. operators.Select(op => $"{field.Name} {op} {value}"), $"{field.Name} IN ({value})", $"{field.Name} NOT IN ({value})", $"{field.Name} IS NULL"];
            foreach (var test in tests)
            {
                var found = await runs.SeedsAsync(test);
                ((int[])[.. found, .. await runs.SeedsAsync($"not ({test})")]).Order().ToArray().ShouldBe([0, 1, 2, 3, 4, 5], test);
            }
        }
    }

    [Theory]
    [InlineData("'; DROP TABLE runs; --")]
    [InlineData("') OR true --")]
    [InlineData("$1")]
    [InlineData("@p0 %s {0}")]
    [InlineData("\\")]
    [InlineData("\"quoted\" `ticked`")]
    public async Task What_looks_like_SQL_is_plain_text(string text)
    {
        var quoted = new FilterString(text).ToString();
        await runs.ExecuteAsync($"UPDATE runs SET notes = '' WHERE id = {runs.Runs[5]}");
        (await runs.SeedsAsync($"notes = {quoted}")).ShouldBeEmpty();
        await using (var command = runs.Storage.DataSource.CreateCommand("UPDATE runs SET notes = $2 WHERE id = $1"))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = runs.Runs[5] });
            command.Parameters.Add(new NpgsqlParameter { Value = text });
            await command.ExecuteNonQueryAsync(Token);
        }
        (await runs.SeedsAsync($"notes = {quoted}")).ShouldBe([5]);
        (await runs.SeedsAsync($"notes in ({quoted}, 'x')")).ShouldBe([5]);
        (await runs.SeedsAsync($"notes like {quoted}")).ShouldBe([5]);
        foreach (var field in (FilterField[])[FilterField.Metric(text), FilterField.Parameter(text), FilterField.Tag(text)])
        {
            (await runs.SeedsAsync($"{field.Name} is null")).Count.ShouldBe(6);
            (await runs.SeedsAsync("", new(field.Name, true))).Count.ShouldBe(6);
            await runs.Search.ValuesAsync(field.Name, text, 10, Token);
        }
        (await runs.Search.ValuesAsync("notes", text, 10, Token)).ShouldBe([text]);
        await runs.ExecuteAsync($"UPDATE runs SET notes = '' WHERE id = {runs.Runs[5]}");
    }

    [Theory]
    [InlineData("(")]
    [InlineData("a{2,1}")]
    [InlineData("[[:nothing:]]")]
    [InlineData("((((x{200}){200}){200}){200})")]
    public async Task What_is_no_regular_expression_is_a_fault_of_the_filter(string pattern) =>
        (await Should.ThrowAsync<FilterException>(runs.SeedsAsync($"name rlike '{pattern}'"))).Message.ShouldStartWith("A pattern after RLIKE cannot be understood: ");

    [Fact]
    public async Task A_search_that_takes_too_long_is_given_up_with_a_reason()
    {
        var queries = new RunQueries(runs.Storage.Get<TrackerDatabase>(), runs.Storage.Get<MetricIds>()) { TimeLimit = TimeSpan.FromMilliseconds(20) };
        (await Should.ThrowAsync<FilterException>(queries.QueryAsync(new(new Dictionary<string, short>()), "SELECT pg_sleep(60)", r => 0, Token)))
            .Message.ShouldStartWith("This search takes longer than 0.02 s.");
    }

    [Fact]
    public async Task A_sweep_finds_the_runs_that_it_reuses_as_well()
    {
        await runs.ExecuteAsync("INSERT INTO sweeps (id, name, spec, priority) VALUES (900, 'Other', '{}', 'Normal')");
        await runs.ExecuteAsync($"INSERT INTO sweep_runs (sweep_id, run_id, ordinal, reused) VALUES (900, {runs.Runs[0]}, 0, true)");
        (await runs.SeedsAsync("sweep = 900")).ShouldBe([0]);
        (await runs.SeedsAsync("sweep in (900, 1e300, 0.5)")).ShouldBe([0]);
        (await runs.SeedsAsync("sweep != 900")).ShouldBe([1, 2, 3, 4, 5]);
        (await runs.SeedsAsync("sweep.name = 'Other'")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Fields_and_their_values_are_offered_the_most_frequent_first()
    {
        var fields = await runs.Search.FieldsAsync(Token);
        fields.ShouldContain(new RunField("batch", "Batch", RunFieldKind.Number, "Setting"));
        fields.ShouldContain(new RunField("metrics.`val acc`", "val acc", RunFieldKind.Number, "Metric"));
        fields.ShouldNotContain(f => f.Name == "status");
        foreach (var field in fields) await runs.Search.ValuesAsync(field.Name, "", 10, Token);

        (await runs.Search.ValuesAsync("batch", "", 10, Token)).ShouldBe(["128", "4096"]);
        (await runs.Search.ValuesAsync("batch", "4", 10, Token)).ShouldBe(["4096"]);
        (await runs.Search.ValuesAsync("state", "S", 10, Token)).ShouldBe(["Succeeded"]);
        (await runs.Search.ValuesAsync("tags", "", 2, Token)).ShouldBe(["bare", "baseline"]);
        (await runs.Search.ValuesAsync("params.own", "", 10, Token)).ShouldBe(["1.2.3", "64"]);
        (await runs.Search.ValuesAsync("network", "\0\ud800", 10, Token)).ShouldBeEmpty();
        (await runs.Search.ValuesAsync("created", "", 10, Token)).ShouldBeEmpty();
    }
}
