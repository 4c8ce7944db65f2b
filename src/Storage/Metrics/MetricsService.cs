using Tracker.Storage.Database;

namespace Tracker.Storage.Metrics;

/// <inheritdoc cref="IMetrics" />
internal sealed class MetricsService(TrackerDatabase database) : IMetrics
{
    /// <summary>
    /// Buckets of equal width in steps or in their logarithm. Two passes over the points (extent, then buckets) need no sort; a window function over a
    /// million points would. The last value of a bucket is fetched by its key.
    /// </summary>
    private const string Bucketed = """
        WITH extent AS (
          SELECT p.run_id, p.metric_id, count(*) AS points, min(p.step) AS first, max(p.step) AS last
          FROM metric_points p
          WHERE p.run_id = ANY(@runs) AND (@all OR p.metric_id IN (SELECT id FROM metric_names WHERE name = ANY(@keys)))
          GROUP BY p.run_id, p.metric_id
        ), buckets AS (
          SELECT p.run_id, p.metric_id, max(e.points) AS points, max(p.step) AS step, min(p.value) AS low, max(p.value) AS high
          FROM extent e JOIN metric_points p ON p.run_id = e.run_id AND p.metric_id = e.metric_id
          GROUP BY p.run_id, p.metric_id,
            CASE
              WHEN e.points <= @limit THEN p.step
              WHEN @logarithmic THEN floor(@limit * ln((p.step + 1)::double precision / (e.first + 1)) / ln((e.last + 2)::double precision / (e.first + 1)))::bigint
              ELSE (p.step - e.first) * @limit / (e.last - e.first + 1)
            END
        )
        SELECT b.run_id, n.name, b.points, p.step, p.epoch, p.wall_ms, r.train_examples - coalesce((r.options->>'validationExamples')::integer, 0), b.low, b.high, p.value
        FROM buckets b
        JOIN metric_points p ON p.run_id = b.run_id AND p.metric_id = b.metric_id AND p.step = b.step
        JOIN metric_names n ON n.id = b.metric_id
        JOIN runs r ON r.id = b.run_id
        ORDER BY b.run_id, n.name, b.step
        """;

    private sealed record Row(long RunId, string Key, long Points, MetricBucket Bucket);

    public async Task<IReadOnlyList<MetricSeries>> SeriesAsync(SeriesQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var (runIds, keys, maxPoints, axis) = query;
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPoints, 1, nameof(query));
        var rows = await database.QueryAsync(
            Bucketed,
            r => new Row(r.GetInt64(0), r.GetString(1), r.GetInt64(2), new(
                Position(axis, r.GetInt64(3), r.GetFloat(4), r.GetInt64(5), r.GetInt32(6)), r.GetInt64(3), r.GetDouble(7), r.GetDouble(8), r.GetDouble(9))),
            cancellationToken, ("runs", runIds.Distinct().ToArray()), ("all", keys.Count == 0), ("keys", keys.ToArray()), ("limit", maxPoints),
            ("logarithmic", axis == MetricAxis.LogStep));
        return [.. rows.GroupBy(r => (r.RunId, r.Key)).Select(s => new MetricSeries(s.Key.RunId, s.Key.Key, s.First().Points, [.. s.Select(r => r.Bucket)]))];
    }

    private static double Position(MetricAxis axis, long step, float epoch, long wallMs, int samplesPerEpoch) => axis switch
    {
        MetricAxis.Step or MetricAxis.LogStep => step,
        MetricAxis.Epoch => epoch,
        MetricAxis.Samples => Math.Round((double)epoch * samplesPerEpoch),
        MetricAxis.Time => wallMs / 1000.0,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "There is no such axis."),
    };
}
