using Npgsql;
using Tracker.Benchmarks.Seed;
using Tracker.Domain;

namespace Tracker.Benchmarks.Pages;

/// <summary>Where to look in a seeded database.</summary>
/// <param name="RunningSweep">A sweep whose runs are recorded as running.</param>
/// <param name="FinishedSweep">One whose runs are done.</param>
/// <param name="FinishedRun">A run that is done, of that sweep.</param>
/// <param name="LongRuns">Runs with long series of the training loss.</param>
/// <param name="Network">The network of the finished sweep.</param>
/// <param name="Dataset">Its data set.</param>
internal sealed record SeededPlaces(long RunningSweep, long FinishedSweep, long FinishedRun, IReadOnlyList<long> LongRuns, string Network, string Dataset)
{
    public string RunningSweepPage => $"/sweeps/{RunningSweep}";

    public string Compare => $"/compare?runs={string.Join(',', LongRuns)}&metric={Uri.EscapeDataString(MetricNames.TrainLoss)}";

    /// <summary>Every page that the seed has something for, with the name of its picture.</summary>
    public IReadOnlyList<(string Name, string Path)> Pages =>
    [
        ("home", "/"), ("new-sweep", "/sweeps/new?preset=quick-start"), ("sweeps", "/sweeps"), ("sweep", RunningSweepPage), ("runs", "/runs"),
        ("run", $"/runs/{FinishedRun}"), ("compare", $"/compare?filter={Uri.EscapeDataString($"sweep = {FinishedSweep}")}"),
        ("leaderboards", $"/leaderboards?network={Network}&dataset={Dataset}"), ("tables", "/tables"), ("figures", $"/figures?network={Network}&dataset={Dataset}"),
        ("queue", "/queue"), ("hosts", "/hosts"), ("settings", "/settings"), ("users", "/settings/users"), ("audit", "/settings/audit"), ("retention", "/settings/retention"),
    ];

    /// <summary>These, and the pages that show what was added to the seed.</summary>
    public IReadOnlyList<(string Name, string Path)> PagesWith(SeededReports added) =>
    [
        .. Pages, ("experiment", $"/sweeps/{added.Experiment}"), ("run-outside", $"/runs/{added.Run}"),
        ("compare-outside", $"/compare?filter={Uri.EscapeDataString($"sweep = {added.Experiment}")}"),
        ("bin", "/settings/bin"), ("webhooks", $"/settings/webhooks?hook={added.Webhook}"),
    ];

    public static async Task<SeededPlaces> FindAsync(NpgsqlDataSource source, int longRuns)
    {
        var running = await ScalarAsync(source, "SELECT sweep_id FROM runs WHERE state = 'Running' GROUP BY sweep_id ORDER BY count(*) DESC, sweep_id LIMIT 1");
        // The one with the most techniques, so that every picture has something to show.
        var finished = await ScalarAsync(source,
            """
            SELECT sweep_id FROM runs GROUP BY sweep_id HAVING bool_and(state = 'Succeeded')
            ORDER BY count(DISTINCT table_column) DESC, count(DISTINCT batch) DESC, count(*) DESC, sweep_id LIMIT 1
            """);
        var run = await ScalarAsync(source, $"SELECT id FROM runs WHERE sweep_id = {finished} ORDER BY table_column DESC NULLS LAST, id LIMIT 1");
        await using var command = source.CreateCommand(
            $"SELECT l.run_id FROM metric_latest l JOIN metric_names n ON n.id = l.metric_id WHERE n.name = '{MetricNames.TrainLoss}' ORDER BY l.points DESC, l.run_id LIMIT {longRuns}");
        var ids = new List<long>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) ids.Add(reader.GetInt64(0));
        }
        await using var about = source.CreateCommand($"SELECT network, dataset FROM runs WHERE id = {run}");
        await using var row = await about.ExecuteReaderAsync();
        await row.ReadAsync();
        return new(running, finished, run, ids, row.GetString(0), row.GetString(1));
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is long value ? value : throw new InvalidOperationException($"The seed has nothing for: {sql}");
    }
}
