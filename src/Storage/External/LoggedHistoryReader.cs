using Tracker.Storage.Database;

namespace Tracker.Storage.External;

/// <summary>
/// Reads the points of a metric by time, step and value, page by page. No index is in that order, but where no step has an earlier time than one
/// before it, it is that of the steps, by which a page costs a page. That holds for whatever the product trains itself, since its clock only counts
/// training; of a series from outside that is longer than a page it is found out once, and each page tells the next.
/// </summary>
internal sealed class LoggedHistoryReader(TrackerDatabase database)
{
    /// <summary>Before the step and the time of every point, and far enough from the least number to be reckoned with.</summary>
    private const long Before = -(1L << 62);

    /// <summary>What a series is: its points, with the moment from which their times count.</summary>
    private const string Series = """
        FROM (SELECT (extract(epoch FROM coalesce(started_at, created_at)) * 1000)::bigint AS origin FROM runs WHERE id = @run AND NOT purging) b
        CROSS JOIN LATERAL
        """;

    private const string Points = "metric_points WHERE run_id = @run AND metric_id = (SELECT id FROM metric_names WHERE name = @key)";
    private const string Repeats = "metric_repeats WHERE run_id = @run AND metric_id = (SELECT id FROM metric_names WHERE name = @key)";

    private const string ByTime = $"""
        SELECT p.value, p.wall_ms + b.origin, p.step
        {Series} (
          SELECT step, wall_ms, value FROM {Points}
          UNION ALL
          SELECT step, wall_ms, value FROM {Repeats}
        ) p
        WHERE (p.wall_ms, p.step, p.value) > (@time - b.origin, @step, @value)
        ORDER BY p.wall_ms, p.step, p.value LIMIT @limit
        """;

    // A step has one point among the points, which may be the one after which this page begins: therefore one more of them.
    private const string BySteps = $"""
        SELECT p.value, p.wall_ms + b.origin, p.step
        {Series} (
          (SELECT step, wall_ms, value FROM {Points} AND step >= @step ORDER BY step LIMIT @limit + 1)
          UNION ALL
          (SELECT step, wall_ms, value FROM {Repeats} AND (step, wall_ms, value) > (@step, @time - b.origin, @value) ORDER BY step, wall_ms, value LIMIT @limit)
        ) p
        WHERE (p.step, p.wall_ms, p.value) > (@step, @time - b.origin, @value)
        ORDER BY p.step, p.wall_ms, p.value LIMIT @limit
        """;

    private const string InOrder = $"""
        SELECT NOT EXISTS (
          SELECT FROM (
            SELECT wall_ms, lag(wall_ms) OVER (ORDER BY step, wall_ms) AS earlier
            FROM (SELECT step, wall_ms FROM {Points} UNION ALL SELECT step, wall_ms FROM {Repeats}) p
          ) s
          WHERE s.earlier > s.wall_ms)
        """;

    private const string Known = """
        SELECT r.external, coalesce(l.points, 0)
        FROM runs r LEFT JOIN metric_latest l ON l.run_id = r.id AND l.metric_id = (SELECT id FROM metric_names WHERE name = @key)
        WHERE r.id = @run AND NOT r.purging
        """;

    public async Task<LoggedHistory?> ReadAsync(long runId, string key, HistoryPlace? after, int limit, CancellationToken cancellationToken)
    {
        var known = await database.QueryAsync(Known, r => (External: r.GetBoolean(0), Points: r.GetInt64(1)), cancellationToken, ("run", runId), ("key", key));
        if (known is not [var series]) return null;
        bool? inOrder = after?.BySteps ?? (series.External ? series.Points > limit ? await InOrderAsync(runId, key, cancellationToken) : null : true);
        var points = await database.QueryAsync(
            inOrder == true ? BySteps : ByTime, r => new LoggedMetric(key, r.GetDouble(0), r.GetInt64(1), r.GetInt64(2)), cancellationToken,
            ("run", runId), ("key", key), ("time", after?.Point.Timestamp ?? Before), ("step", after?.Point.Step ?? Before),
            ("value", after?.Point.Value ?? double.NegativeInfinity), ("limit", limit));
        if (points.Count < limit) return new(points, null);
        // Few steps may have many points.
        return new(points, new(points[^1], inOrder ?? await InOrderAsync(runId, key, cancellationToken)));
    }

    private async Task<bool> InOrderAsync(long runId, string key, CancellationToken cancellationToken) =>
        (await database.QueryAsync(InOrder, r => r.GetBoolean(0), cancellationToken, ("run", runId), ("key", key)))[0];
}
