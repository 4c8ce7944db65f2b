using Npgsql;
using NpgsqlTypes;
using Tracker.Domain;

namespace Tracker.Benchmarks.Seed;

/// <summary>Copies the points of the seed, several runs at once.</summary>
/// <param name="source">The database.</param>
/// <param name="longPoints">Points of the training loss of each run with very many.</param>
internal sealed class SeedPoints(NpgsqlDataSource source, int longPoints)
{
    private const int RunsPerCopy = 100;
    private static readonly int s_writers = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Writes about as many points as wanted, thinned evenly where trainings would report more.</summary>
    /// <returns>How many were written.</returns>
    public async Task<long> WriteAsync(IReadOnlyList<(SeedRun Run, SeedFate Fate)> runs, long wanted)
    {
        var metrics = await MetricIdsAsync();
        var began = runs.Where(r => r.Run.Began).ToList();
        var longs = began.Count(r => r.Fate == SeedFate.Long);
        var natural = began.Sum(r => Natural(r.Run));
        var share = Math.Min(1, Math.Max(0, wanted - ((double)longs * longPoints)) / Math.Max(1, natural));
        var written = 0L;
        await Parallel.ForEachAsync(began.Chunk(RunsPerCopy), new ParallelOptions { MaxDegreeOfParallelism = s_writers }, async (some, _) =>
            Interlocked.Add(ref written, await CopyAsync(some, metrics, share)));
        return written;
    }

    private static long Natural(SeedRun run)
    {
        var (steps, evaluations) = SeedCurves.Schedule(run);
        return (long)(run.Share * ((steps.Length * SeedCurves.OfSteps.Length) + (evaluations.Length * SeedCurves.OfEvaluations.Length)));
    }

    private async Task<long> CopyAsync((SeedRun Run, SeedFate Fate)[] runs, IReadOnlyDictionary<string, short> metrics, double share)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using (var quick = new NpgsqlCommand("SET synchronous_commit = off", connection)) await quick.ExecuteNonQueryAsync();
        await using var copy = await connection.BeginBinaryImportAsync("COPY metric_points (run_id, metric_id, step, epoch, wall_ms, value) FROM STDIN (FORMAT BINARY)");
        var written = 0L;
        foreach (var (run, fate) in runs)
        {
            var (steps, evaluations) = SeedCurves.Schedule(run);
            // In the order of the primary key, which is then built at its end.
            foreach (var (metric, id) in metrics.OrderBy(m => m.Value))
            {
                var at = fate == SeedFate.Long && metric == MetricNames.TrainLoss ? Enumerable.Range(1, longPoints).Select(s => (long)s)
                    : SeedCurves.OfEvaluations.Contains(metric) ? Thinned(evaluations, Math.Max(share, 0.5))
                    : Thinned(steps, share);
                foreach (var step in at.TakeWhile(s => s <= run.Step))
                {
                    copy.StartRow();
                    copy.Write(run.Id, NpgsqlDbType.Bigint);
                    copy.Write(id, NpgsqlDbType.Smallint);
                    copy.Write(step, NpgsqlDbType.Bigint);
                    copy.Write((float)step / run.Plan.StepsPerEpoch, NpgsqlDbType.Real);
                    copy.Write((long)(1100.0 * step * run.Spec.Batch / run.SamplesPerSecond), NpgsqlDbType.Bigint);
                    copy.Write(SeedCurves.Value(run, metric, step), NpgsqlDbType.Double);
                    written++;
                }
            }
        }
        await copy.CompleteAsync();
        return written;
    }

    private static IEnumerable<long> Thinned(long[] steps, double share) =>
        steps.Where((_, i) => i == steps.Length - 1 || (long)((i + 1) * share) > (long)(i * share));

    private async Task<IReadOnlyDictionary<string, short>> MetricIdsAsync()
    {
        await using (var add = source.CreateCommand("INSERT INTO metric_names (name) SELECT * FROM unnest($1) ON CONFLICT DO NOTHING"))
        {
            add.Parameters.Add(new() { Value = (string[])[.. SeedCurves.OfSteps, .. SeedCurves.OfEvaluations] });
            await add.ExecuteNonQueryAsync();
        }
        await using var command = source.CreateCommand("SELECT name, id FROM metric_names");
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new Dictionary<string, short>(StringComparer.Ordinal);
        while (await reader.ReadAsync()) ids[reader.GetString(0)] = reader.GetInt16(1);
        return ids;
    }
}
