using Tracker.Domain;

namespace Tracker.Storage.Tests;

/// <summary>Filters and orders meet runs that programs outside have logged, seeds 1 to 3, beside the product's own.</summary>
public sealed class LoggedRunFilterTests(LoggedRunFilterTests.Fixture fixture) : IClassFixture<LoggedRunFilterTests.Fixture>
{
    private SearchFixture Runs => fixture.Runs;

    [Theory]
    [InlineData("run_name = 'one'", "1")]
    [InlineData("tags.`mlflow.runName` LIKE 't%'", "2 3")]
    [InlineData("attributes.`Run name` ILIKE 'F1 SB%'", "0 4 5")]
    [InlineData("params.optimizer = 'SGD'", "1")]
    [InlineData("params.optimizer = 'sgd'", "0 4 5")]
    [InlineData("params.optimizer ILIKE 'sgd'", "0 1 4 5")]
    [InlineData("params.optimizer != 'SGD'", "0 2 4 5")]
    [InlineData("optimizer = 'sgd'", "0 4 5")]
    [InlineData("params.bs = '64'", "1")]
    [InlineData("params.bs = 64", "1")]
    [InlineData("params.bs > 100", "2")]
    [InlineData("params.bs IN ('64', '128')", "1 2")]
    [InlineData("params.bs IS NULL", "0 3 4 5")]
    [InlineData("params.`model.depth` = '3'", "2")]
    [InlineData("params.batch >= 4096", "1 4")]
    [InlineData("params.batch = '4096'", "4")]
    [InlineData("params.batch = '8192'", "1")]
    [InlineData("params.learning_rate = '1e-3'", "2")]
    [InlineData("params.learning_rate = 0.001", "2")]
    [InlineData("params.seed = 'none'", "3")]
    [InlineData("momentum = 0", "")]
    [InlineData("network = 'f1'", "0 4 5")]
    [InlineData("network IS NULL", "1 2 3")]
    [InlineData("tags.team = 'speech'", "1")]
    [InlineData("tags.team != 'speech'", "2")]
    [InlineData("tags.team IS NULL", "0 3 4 5")]
    [InlineData("tags.`mlflow.user` = 'bob'", "1")]
    [InlineData("tags.`mlflow.user` = 'ada'", "5")]
    [InlineData("dataset.name = 'mnist'", "1")]
    [InlineData("dataset.name != 'mnist'", "0 4 5")]
    [InlineData("datasets.digest = 'abc'", "1")]
    [InlineData("dataset.context IN ('train', 'eval')", "1")]
    [InlineData("dataset.name LIKE 'fashion%'", "0 4 5")]
    [InlineData("status = 'RUNNING'", "1")]
    [InlineData("status != 'RUNNING'", "0 2 3 4 5")]
    public async Task A_filter_finds_runs_from_outside(string filter, string seeds) => string.Join(' ', await Runs.SeedsAsync(filter)).ShouldBe(seeds);

    [Fact]
    public async Task A_run_is_found_by_its_id_in_both_spellings()
    {
        var (first, last) = (Runs.Runs[1], Runs.Runs[4]);
        var hex = first.ToString("x32", null);
        foreach (var filter in new[] { $"run_id = '{hex}'", $"run_id = '{first}'", $"run_id LIKE '%{hex[12..]}'", $"attributes.run_id IN ('{hex}', 'abc', '')" })
            (await Runs.SeedsAsync(filter)).ShouldBe([1], filter);
        (await Runs.SeedsAsync($"run_id IN ('{hex}', '{last:x32}')")).ShouldBe([1, 4]);
        (await Runs.SeedsAsync($"run_id != '{hex}'")).ShouldBe([0, 2, 3, 4, 5]);
        (await Runs.SeedsAsync($"run_id NOT IN ('{hex}', '{last}')")).ShouldBe([0, 2, 3, 5]);
        (await Runs.SeedsAsync("run_id = 'ffffffffffffffffffffffffffffffff'")).ShouldBeEmpty();
        (await Runs.SeedsAsync($"artifact_uri = 'mlflow-artifacts:/{Runs.Sweep}/{hex}/artifacts'")).ShouldBe([1]);
    }

    [Theory]
    [InlineData("status ASC, start_time DESC, run_id ASC", "0 1 2 3 4 5")]
    [InlineData("params.bs ASC, start_time DESC, run_id DESC", "2 1 3 5 4 0")]
    [InlineData("batch DESC, seed ASC", "4 0 5 1 2 3")]
    [InlineData("metrics.loss DESC, seed ASC", "3 0 2 1 4 5")]
    [InlineData("metrics.loss ASC, seed DESC", "2 0 3 1 5 4")]
    public async Task Orders_follow_each_other_in_whole_and_in_parts(string text, string seeds)
    {
        var orders = text.Split(", ").Select(o => o.Split(' ')).Select(o => new RunOrder(o[0], o[1] == "DESC") { AsText = true }).ToList();
        var search = new RunSearch { Filter = Runs.Mine, Order = orders[0], Then = orders[1..], Limit = 100 };
        var whole = await Runs.Search.IdsAsync(search, TestContext.Current.CancellationToken);
        string.Join(' ', whole.Select(id => Runs.Runs.ToList().IndexOf(id))).ShouldBe(seeds);
        var parts = new List<long>();
        string? cursor = null;
        do
        {
            var page = await Runs.Search.IdPageAsync(search with { Limit = 2, Cursor = cursor }, TestContext.Current.CancellationToken);
            parts.AddRange(page.Ids);
            var other = search with { Cursor = page.Next, Then = [] };
            if (page.Next is not null) (await Should.ThrowAsync<FilterException>(Runs.Search.IdPageAsync(other, TestContext.Current.CancellationToken))).Part.ShouldBe(FilterPart.Cursor);
            cursor = page.Next;
        }
        while (cursor is not null && parts.Count < 20);
        parts.ShouldBe(whole);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        private const string Outside = """
            external = true, reported_at = now(), network = '', dataset = '', method = '', batch = 0, small_batch = 0, epochs = 0, momentum = 0,
            learning_rate = 0, failure_kind = NULL, failure_reason = NULL, tags = '{}', notes = '', table_column = NULL
            """;

        public SearchFixture Runs { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Runs.InitializeAsync();
            await Runs.ExecuteAsync($$"""
                UPDATE runs SET {{Outside}}, title = 'one', state = 'Running', started_at = '2026-11-02', finished_at = NULL,
                  spec = '{ "bs": "64", "optimizer": "SGD", "batch": "8192" }',
                  attributes = '{ "team": "speech", "mlflow.user": "bob", "mlflow.dataset:mnist:abc": "{\"context\":\"train\",\"dataset\":{\"name\":\"mnist\",\"digest\":\"abc\"} }" }'
                WHERE id = {{Runs.Runs[1]}};
                UPDATE runs SET {{Outside}}, title = 'two', state = 'Paused', started_at = '2026-11-03',
                  spec = '{ "bs": "128", "optimizer": "Adam", "model.depth": "3", "learning_rate": "1e-3" }', attributes = '{ "team": "vision" }'
                WHERE id = {{Runs.Runs[2]}};
                UPDATE runs SET {{Outside}}, title = 'three', state = 'Paused', started_at = '2026-11-02', spec = '{ "seed": "none" }'
                WHERE id = {{Runs.Runs[3]}};
                UPDATE runs SET started_at = NULL, created_at = '2026-11-01' WHERE id IN ({{Runs.Runs[4]}}, {{Runs.Runs[5]}});
                UPDATE runs SET started_at = '2026-11-01' WHERE id = {{Runs.Runs[0]}};
                """);
        }

        public ValueTask DisposeAsync() => Runs.DisposeAsync();
    }
}
