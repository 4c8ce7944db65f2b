using Tracker.Storage.Database;
using Tracker.Storage.Metrics;

namespace Tracker.Storage.Recycling;

/// <summary>Files of a run cannot be removed now.</summary>
internal sealed class RunFilesException(long run, Exception reason) : Exception($"Files of run {run} cannot be removed: {reason.Message}", reason);

/// <summary>
/// Removes one run that is marked for it: its points by ranges of their key, so that each statement stays within one partition and one stretch of
/// it, then all else, and its row last. Whatever is left after a cut is found again by what is kept about the series.
/// </summary>
internal sealed class RunPurge(TrackerDatabase database, IEnumerable<IRunFiles> files, long run, long sweep, int rowsAtOnce)
{
    /// <summary>Each takes a processor of Postgres: more would leave none to those who work meanwhile.</summary>
    private const int SeriesAtOnce = 2;

    private sealed record Series(short Metric, long Points, bool Bucketed);

    /// <summary>Removes it.</summary>
    public async Task GoAsync(CancellationToken cancellationToken)
    {
        var series = await database.QueryAsync(
            "SELECT metric_id, points, finest IS NOT NULL FROM metric_latest WHERE run_id = @run ORDER BY metric_id",
            r => new Series(r.GetInt16(0), r.GetInt64(1), r.GetBoolean(2)), cancellationToken, ("run", run));
        if (series.Sum(s => s.Points) > rowsAtOnce)
        {
            await Parallel.ForEachAsync(
                series, new ParallelOptions { MaxDegreeOfParallelism = SeriesAtOnce, CancellationToken = cancellationToken }, async (one, cancelled) => await RemoveAsync(one, cancelled));
        }
        else
        {
            await StepAsync(session => SeriesUpkeep.ForgetAsync(session, run), cancellationToken);
        }
        foreach (var table in new[] { "metric_repeats", "run_logs", "events" }) await RemoveAllAsync(table, "run_id = @run", cancellationToken);
        await RemoveFilesAsync(cancellationToken);
        await EndAsync(cancellationToken);
    }

    private async Task RemoveFilesAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var kept in files) await kept.DeleteAsync(sweep, run, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFilesException(run, e);
        }
    }

    private async Task RemoveAsync(Series series, CancellationToken cancellationToken)
    {
        // Where the last part ended: without it each part would pass over the entries of all former ones, which are still in the index.
        var first = long.MinValue;
        foreach (var last in await SeriesParts.EndsAsync(database, run, series.Metric, series.Points, series.Bucketed, rowsAtOnce, cancellationToken))
        {
            await StepAsync(
                session => session.ExecuteAsync(
                    "DELETE FROM metric_points WHERE run_id = @run AND metric_id = @metric AND step BETWEEN @first AND @last",
                    ("run", run), ("metric", series.Metric), ("first", first), ("last", last)),
                cancellationToken);
            first = last;
        }
        await RemoveAllAsync("metric_rollups", $"run_id = @run AND metric_id = {series.Metric}", cancellationToken);
        await StepAsync(
            session => session.ExecuteAsync("DELETE FROM metric_latest WHERE run_id = @run AND metric_id = @metric", ("run", run), ("metric", series.Metric)), cancellationToken);
    }

    private async Task RemoveAllAsync(string table, string condition, CancellationToken cancellationToken)
    {
        var removed = rowsAtOnce;
        while (removed == rowsAtOnce)
        {
            await StepAsync(
                async session => removed = await session.ExecuteAsync(
                    $"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE {condition} LIMIT @most))", ("run", run), ("most", rowsAtOnce)),
                cancellationToken);
        }
    }

    private Task EndAsync(CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        await session.ExecuteAsync(
            """
            INSERT INTO discarded_checkpoints (run_id) SELECT id FROM runs WHERE id = @run AND purging AND NOT external
            ON CONFLICT (run_id) DO UPDATE SET at = excluded.at;
            DELETE FROM runs WHERE id = @run AND purging
            """, ("run", run));
        session.Changed(ChangeKind.Run, run, sweep);
    }, cancellationToken);

    /// <summary>A part that need not be on the disk at once: after a crash of the server it is done again.</summary>
    private Task StepAsync(Func<DbSession, Task> work, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        await session.ExecuteAsync("SET LOCAL synchronous_commit = off");
        await work(session);
    }, cancellationToken);
}
