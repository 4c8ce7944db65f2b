using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tracker.Storage;

namespace Tracker.Benchmarks;

/// <summary>What reads or removes very much at once: long lists of runs, files, and the purge of a long run.</summary>
/// <param name="services">Storage.</param>
/// <param name="database">Its database.</param>
/// <param name="web">The web process.</param>
internal sealed class ArchiveBenchmark(ServiceProvider services, string database, MeasuredWeb web)
{
    private const int AllRuns = 25_000;
    private const int Found = 1_000;
    private const int Repetitions = 15;
    private const int PurgedMetrics = 13;
    private const int PurgedSteps = 500_000;
    private readonly NpgsqlDataSource _source = services.GetRequiredService<NpgsqlDataSource>();
    private readonly List<object> _results = [];

    /// <summary>Measures all of it.</summary>
    /// <param name="runs">Runs with points.</param>
    /// <param name="purged">A run that is filled anew and removed.</param>
    /// <param name="points">How many points the runs have together.</param>
    public async Task<IReadOnlyList<object>> RunAsync(IReadOnlyList<long> runs, long purged, long points)
    {
        await MultiplyAsync(runs[0]);
        await SearchAsync();
        await PurgeAsync(purged);
        await ExportAsync(runs, points);
        return _results;
    }

    private void Tell(string what, string unit, string goal, IReadOnlyCollection<double> values)
    {
        var spread = Spread.Of(values);
        Console.WriteLine($"{what,-72}{spread.Median,10:0.##} {unit,-4} {goal,10}  ({spread.Minimum:0.##}-{spread.Maximum:0.##})");
        _results.Add(new { Case = what, Unit = unit, Goal = goal, Result = spread });
    }

    /// <summary>The same points by psql and over HTTP, each into a file, in turns.</summary>
    private async Task ExportAsync(IReadOnlyList<long> runs, long points)
    {
        var (psql, file) = (new Psql(database), Path.GetTempFileName());
        var (ours, theirs, ratios) = (new List<double>(), new List<double>(), new List<double>());
        var before = web.Process.ResidentMegabytes();
        var filter = $"id >= {runs.Min()} and id <= {runs.Max()}";
        try
        {
            for (var repetition = 0; repetition < 3; repetition++)
            {
                var time = await psql.RunAsync(
                    $@"\copy (SELECT p.run_id, n.name, p.step, p.epoch, p.wall_ms, p.value FROM metric_points p JOIN metric_names n ON n.id = p.metric_id WHERE p.run_id BETWEEN {runs.Min()} AND {runs.Max()}) to '{file}' csv header");
                theirs.Add(points / time.TotalSeconds);
                var clock = Stopwatch.StartNew();
                await using (var target = File.Create(file))
                {
                    await using var content = await web.Client.GetStreamAsync(new Uri($"/api/v1/metrics.csv?filter={Uri.EscapeDataString(filter)}", UriKind.Relative));
                    await content.CopyToAsync(target);
                }
                ours.Add(points / clock.Elapsed.TotalSeconds);
                ratios.Add(ours[^1] / theirs[^1]);
            }
            var lines = File.ReadLines(file).LongCount();
            if (lines != points + 1) throw new InvalidOperationException($"The file has {lines} lines instead of {points + 1}.");
        }
        finally
        {
            File.Delete(file);
        }
        Tell($"Export of {points:N0} points as CSV over HTTP, points/s", "", "", ours);
        Tell(@"The same by psql's \copy, unsorted, points/s", "", "", theirs);
        Tell("The export's share of psql", "", "≥ 0.6", ratios);
        Tell("Memory that the web process took more for it", "MB", "", [web.Process.ResidentMegabytes() - before]);
    }

    /// <summary>Makes one run into very many that differ in batch, seed, state and results, with the latest values of three metrics.</summary>
    private async Task MultiplyAsync(long run)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            $$"""
              INSERT INTO metric_names (name) VALUES ('validation/accuracy'), ('validation/loss'), ('grad_norm') ON CONFLICT DO NOTHING;
              INSERT INTO runs SELECT (jsonb_populate_record(r, jsonb_build_object(
                'id', nextval(pg_get_serial_sequence('runs', 'id')), 'seed', 1000 + n, 'batch', 128 << (n % 6), 'created_at', now() - n * interval '1 minute', 'state', 'Cancelled'))).*
              FROM runs r, generate_series(1, {{AllRuns}}) AS n WHERE r.id = {{run}};
              INSERT INTO sweep_runs (sweep_id, run_id, ordinal) SELECT sweep_id, id, 100000 + seed FROM runs WHERE seed > 1000;
              INSERT INTO metric_latest (run_id, metric_id, epoch, points, first_step, step, wall_ms, value, min, max)
              SELECT r.id, n.id, 10, 1, 100, 100, 1000, (r.seed * 7919 % 10007) / 10007.0, 0, 1 FROM runs r, metric_names n
              WHERE r.seed > 1000 AND n.name IN ('validation/accuracy', 'validation/loss', 'grad_norm');
              ANALYZE
              """, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private async Task SearchAsync()
    {
        var runs = services.GetRequiredService<IRunSearch>();
        const string filter = "metrics.`validation/accuracy` > 0.3 and batch >= 256";
        var search = new RunSearch { Filter = filter, Order = new("metrics.validation/accuracy", true), Limit = Found, Metrics = ["validation/accuracy", "validation/loss", "grad_norm"] };
        Tell($"Search of {Found:N0} runs among {AllRuns:N0}, by a metric, with three metrics", "ms", "≤ 60", await TimesAsync(async () =>
        {
            if ((await runs.PageAsync(search, default)).Runs.Count != Found) throw new InvalidOperationException("Too few runs were found.");
        }));
        var body = new { experiment_ids = await IdsAsync(), filter, max_results = Found, order_by = (string[])["metrics.`validation/accuracy` DESC"] };
        Tell("The same over the interface of MLflow", "ms", "≤ 60", await TimesAsync(async () =>
        {
            using var content = System.Net.Http.Json.JsonContent.Create(body);
            using var answer = await web.Client.PostAsync(new Uri("/api/2.0/mlflow/runs/search", UriKind.Relative), content);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
        }));
    }

    private async Task<string[]> IdsAsync()
    {
        await using var command = _source.CreateCommand("SELECT DISTINCT sweep_id::text FROM runs WHERE seed > 1000");
        return [(string)(await command.ExecuteScalarAsync())!];
    }

    private static async Task<List<double>> TimesAsync(Func<Task> work)
    {
        var times = new List<double>();
        for (var i = -3; i < Repetitions; i++)
        {
            var clock = Stopwatch.StartNew();
            await work();
            if (i >= 0) times.Add(clock.Elapsed.TotalMilliseconds);
        }
        return times;
    }

    private async Task PurgeAsync(long run)
    {
        await using (var connection = await _source.OpenConnectionAsync())
        await using (var fill = new NpgsqlCommand(
            $"""
             SET synchronous_commit = off;
             DELETE FROM metric_points WHERE run_id = {run};
             INSERT INTO metric_names (name) SELECT 'purged/' || n FROM generate_series(1, {PurgedMetrics}) AS n;
             INSERT INTO metric_points SELECT {run}, n.id, s, s / 469.0, 20 * s, sin(s) FROM metric_names n, generate_series(1, {PurgedSteps}) AS s WHERE n.name LIKE 'purged/%';
             SELECT summarise_series(ARRAY[{run}]);
             UPDATE runs SET state = 'Cancelled' WHERE id = {run};
             CHECKPOINT
             """, connection) { CommandTimeout = 0 }) await fill.ExecuteNonQueryAsync();
        await services.GetRequiredService<IRuns>().DeleteAsync(run, default);
        await services.GetRequiredService<IRecycleBin>().PurgeRunAsync(run, default);
        var (before, clock) = (Environment.WorkingSet, Stopwatch.StartNew());
        await services.GetRequiredService<IPurge>().WorkAsync(default);
        Tell($"Purge of a run of {PurgedMetrics * PurgedSteps:N0} points", "s", "≤ 5", [clock.Elapsed.TotalSeconds]);
        Tell("Memory that the process took more for it", "MB", "< 100", [Math.Max(0, Environment.WorkingSet - before) / 1048576.0]);
    }
}
