using Npgsql;

namespace Tracker.Storage.Tests;

/// <summary>Six runs of one sweep that differ in what filters can ask for; a run is known by its seed.</summary>
public sealed class SearchFixture : IAsyncLifetime
{
    public StorageFixture Storage { get; } = new();

    public long Sweep { get; private set; }

    public IReadOnlyList<long> Runs { get; private set; } = [];

    public IRunSearch Search => Storage.Get<IRunSearch>();

    public IExports Exports => Storage.Get<IExports>();

    public async ValueTask InitializeAsync()
    {
        await Storage.InitializeAsync();
        (Sweep, Runs) = await Storage.SubmitAsync(SweepsToTest.Next(seeds: 6));
        await Storage.SucceedAsync(Runs[0], await Storage.RegisterHostAsync("host-1"), 0.9);
        await ExecuteAsync("INSERT INTO users (id, user_name) VALUES (7, 'ada')");
        await ExecuteAsync($"UPDATE runs SET state = 'Failed', failure_kind = 'Diverged', failure_reason = 'it''s NaN', finished_at = '2026-10-01T00:00Z' WHERE id = {Runs[1]}");
        await ExecuteAsync($"UPDATE runs SET tags = ARRAY['baseline', 'team=vision', 'bare'], notes = 'Hello World', priority = 'High' WHERE id = {Runs[2]}");
        await ExecuteAsync($$"""
            UPDATE runs SET options = '{ "parameters": { "optimizer": "lars", "trust": 0.02 }, "precision": "tf32" }', spec = spec || '{ "own": "64", "nested": { "key": 1.5 } }'
            WHERE id = {{Runs[3]}}
            """);
        await ExecuteAsync($"UPDATE runs SET batch = 4096, ghost_batch = 32, created_at = '2026-11-01T12:00:00.0004Z', tags = ARRAY['other'] WHERE id = {Runs[4]}");
        await ExecuteAsync($"UPDATE runs SET owner_id = 7, step = total_steps / 2, spec = spec || '{{\"own\": \"1.2.3\"}}' WHERE id = {Runs[5]}");
        await MetricAsync("loss", (0, 0.5), (1, double.NaN), (2, -1), (3, double.PositiveInfinity));
        await MetricAsync("val acc", (0, 0.9), (1, 0.1));
    }

    public ValueTask DisposeAsync() => Storage.DisposeAsync();

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Storage.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Adds a run that is like another but for some columns.</summary>
    public Task CopyAsync(long runId, string columns, int count = 1) => ExecuteAsync(
        $"""
        INSERT INTO runs SELECT (jsonb_populate_record(r, jsonb_build_object('id', nextval(pg_get_serial_sequence('runs', 'id'))) || {columns})).*
        FROM runs r, generate_series(1, {count}) AS n WHERE r.id = {runId}
        """);

    /// <summary>The seeds that a filter finds in the sweep, ascending.</summary>
    public async Task<IReadOnlyList<int>> SeedsAsync(string filter) => await SeedsAsync(filter, new("seed", false));

    public async Task<IReadOnlyList<int>> SeedsAsync(string filter, RunOrder order) =>
        [.. (await Search.IdsAsync(new() { Filter = filter.Length == 0 ? Mine : $"{Mine} and ({filter})", Order = order, Limit = 100 }, TestContext.Current.CancellationToken)).Select(id => Runs.ToList().IndexOf(id))];

    public string Mine => $"sweep = {Sweep}";

    private async Task MetricAsync(string name, params (int Seed, double Value)[] values)
    {
        await ExecuteAsync($"INSERT INTO metric_names (name) VALUES ('{name}')");
        foreach (var (seed, value) in values)
        {
            await using var command = Storage.DataSource.CreateCommand(
                "INSERT INTO metric_latest (run_id, metric_id, epoch, points, first_step, step, wall_ms, value, min, max) SELECT $1, id, 1, 1, 1, 1, 1, $3, $3, $3 FROM metric_names WHERE name = $2");
            foreach (var parameter in new object[] { Runs[seed], name, value }) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}
