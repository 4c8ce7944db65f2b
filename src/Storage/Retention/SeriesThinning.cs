using Tracker.Storage.Database;
using Tracker.Storage.Metrics;

namespace Tracker.Storage.Retention;

/// <summary>
/// Thins long series of runs that ended long ago to the least, the greatest and the last point of each of their narrowest buckets: what is drawn
/// from buckets stays the same to the digit. In parts, each with the run locked, so that what is kept about the series is exact after every one.
/// </summary>
internal sealed class SeriesThinning(TrackerDatabase database, int rowsAtOnce = 100_000)
{
    /// <summary>A series that may be thinned, given <c>@days</c>. Evaluations decide results such as the time to a target; points from outside are not ours.</summary>
    internal const string Candidates = $"""
        FROM metric_latest l JOIN runs r ON r.id = l.run_id JOIN metric_names n ON n.id = l.metric_id
        WHERE l.finest IS NOT NULL AND NOT l.thinned AND {RetentionSweep.Over} AND NOT r.external AND r.deleted_at IS NULL
          AND n.name NOT LIKE 'validation/%' AND n.name NOT LIKE 'test/%'
        """;

    // For ordering NaN is above all; of what is negated it is so again, and the least of that is the greatest number. The steps are gathered first:
    // of a table that was not looked at for a while, a join is planned as if it had a handful of rows, and then compares each with each.
    private const string Thin = """
        DELETE FROM metric_points p
        WHERE p.run_id = @run AND p.metric_id = @metric AND p.step = ANY(ARRAY(
          SELECT d.step FROM (
            SELECT step,
              row_number() OVER (PARTITION BY step >> @level ORDER BY value, step) AS low,
              row_number() OVER (PARTITION BY step >> @level ORDER BY -value, step) AS high,
              row_number() OVER (PARTITION BY step >> @level ORDER BY step DESC) AS last
            FROM metric_points WHERE run_id = @run AND metric_id = @metric AND step > @after AND step <= @to
          ) d
          WHERE d.low > 1 AND d.high > 1 AND d.last > 1 AND d.step <> @first))
        """;

    private const string Count = """
        UPDATE metric_rollups r SET points = c.points FROM (
          SELECT k.level, p.step >> k.level AS bucket, count(*)::integer AS points
          FROM metric_points p CROSS JOIN unnest(rollup_levels()) AS k(level)
          WHERE p.run_id = @run AND p.metric_id = @metric AND p.step > @after AND p.step <= @to GROUP BY 1, 2
        ) c
        WHERE r.run_id = @run AND r.metric_id = @metric AND r.level = c.level AND r.bucket = c.bucket AND r.points <> c.points
        """;

    private sealed record Series(long Run, short Metric, int Level, long Points, long First);

    /// <summary>Thins all there are.</summary>
    public async Task GoAsync(int days, Func<DbSession, int, Task> removed, CancellationToken cancellationToken)
    {
        var after = (Run: 0L, Metric: (short)-1);
        while (await NextAsync(days, after, cancellationToken) is { } series)
        {
            var begin = long.MinValue;
            foreach (var end in await SeriesParts.EndsAsync(database, series.Run, series.Metric, series.Points, bucketed: true, rowsAtOnce, cancellationToken))
            {
                var from = begin;
                if (!await database.TransactAsync(session => ThinAsync(session, series, days, from, end, removed), cancellationToken)) break;
                begin = end;
            }
            after = (series.Run, series.Metric);
        }
    }

    private async Task<Series?> NextAsync(int days, (long Run, short Metric) after, CancellationToken cancellationToken) => (await database.QueryAsync(
        $"SELECT l.run_id, l.metric_id, l.finest, l.points, l.first_step {Candidates} AND (l.run_id, l.metric_id) > (@run, @metric) ORDER BY l.run_id, l.metric_id LIMIT 1",
        r => new Series(r.GetInt64(0), r.GetInt16(1), r.GetInt16(2), r.GetInt64(3), r.GetInt64(4)), cancellationToken,
        ("days", days), ("run", after.Run), ("metric", after.Metric))).FirstOrDefault();

    /// <summary>Thins a part, if its run is still over: one may have been queued again a moment ago.</summary>
    private static async Task<bool> ThinAsync(DbSession session, Series series, int days, long after, long to, Func<DbSession, int, Task> removed)
    {
        if (!await session.FirstAsync($"SELECT true FROM runs r WHERE r.id = @run AND {RetentionSweep.Over} FOR NO KEY UPDATE", r => r.GetBoolean(0), ("run", series.Run), ("days", days)))
            return false;
        (string, object?)[] part = [("run", series.Run), ("metric", series.Metric), ("after", after), ("to", to)];
        var gone = await session.ExecuteAsync(Thin, [.. part, ("level", series.Level), ("first", series.First)]);
        if (gone > 0) await session.ExecuteAsync(Count, part);
        await session.ExecuteAsync(
            "UPDATE metric_latest SET points = points - @gone, thinned = @done WHERE run_id = @run AND metric_id = @metric",
            ("gone", (long)gone), ("done", to == long.MaxValue), ("run", series.Run), ("metric", series.Metric));
        await removed(session, gone);
        return true;
    }
}
