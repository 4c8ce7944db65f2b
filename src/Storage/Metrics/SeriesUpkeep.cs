using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Metrics;

/// <summary>
/// Keeps <c>metric_latest</c> and <c>metric_rollups</c> in step with the points of a run, in the transaction that adds or deletes them. The caller
/// holds the run's row, so nobody else writes its series.
/// </summary>
internal static class SeriesUpkeep
{
    /// <summary>Widths of the buckets that are kept, as powers of two, ascending: what <c>rollup_levels()</c> answers.</summary>
    public static readonly short[] Levels = [5, 8, 11, 14];

    private const string AddToLatest = """
        WITH former AS (SELECT metric_id, step FROM metric_latest WHERE run_id = @run AND metric_id = ANY(@metrics)), added AS (
        INSERT INTO metric_latest AS l (run_id, metric_id, points, first_step, step, epoch, wall_ms, value, min, max)
        SELECT @run, * FROM unnest(@metrics, @points, @firsts, @steps, @epochs, @times, @values, @lows, @highs)
        ON CONFLICT (run_id, metric_id) DO UPDATE SET
          points = l.points + excluded.points,
          thinned = false,
          first_step = least(l.first_step, excluded.first_step),
          step = greatest(l.step, excluded.step),
          epoch = CASE WHEN excluded.step > l.step THEN excluded.epoch ELSE l.epoch END,
          wall_ms = CASE WHEN excluded.step > l.step THEN excluded.wall_ms ELSE l.wall_ms END,
          value = CASE WHEN excluded.step > l.step THEN excluded.value ELSE l.value END,
          min = least(l.min, excluded.min),
          max = -least(-l.max, -excluded.max)
        RETURNING metric_id, finest, CASE WHEN finest IS NULL THEN finest_level(points, first_step, step) END AS begins, first_step)
        SELECT a.metric_id, a.finest, a.begins, a.first_step, f.step FROM added a LEFT JOIN former f ON f.metric_id = a.metric_id
        """;

    // For greatest(), as for max(), NaN is above all; the least of what is negated leaves it out. Nobody else writes these series, so buckets
    // beyond the former last step cannot be there yet, and need no place to be looked up and held before they are written.
    private const string AddToBuckets = """
        WITH part AS (
          SELECT * FROM unnest(@metrics, @levels, @buckets, @points, @steps, @epochs, @times, @values, @lows, @highs, @beyond)
            AS p(metric_id, level, bucket, points, step, epoch, wall_ms, value, min, max, beyond)
        ), added AS (
          INSERT INTO metric_rollups (run_id, metric_id, level, bucket, points, step, epoch, wall_ms, value, min, max)
          SELECT @run, metric_id, level, bucket, points, step, epoch, wall_ms, value, min, max FROM part WHERE beyond
        )
        INSERT INTO metric_rollups AS r (run_id, metric_id, level, bucket, points, step, epoch, wall_ms, value, min, max)
        SELECT @run, metric_id, level, bucket, points, step, epoch, wall_ms, value, min, max FROM part WHERE NOT beyond
        ON CONFLICT (run_id, metric_id, level, bucket) DO UPDATE SET
          points = r.points + excluded.points,
          step = greatest(r.step, excluded.step),
          epoch = CASE WHEN excluded.step > r.step THEN excluded.epoch ELSE r.epoch END,
          wall_ms = CASE WHEN excluded.step > r.step THEN excluded.wall_ms ELSE r.wall_ms END,
          value = CASE WHEN excluded.step > r.step THEN excluded.value ELSE r.value END,
          min = least(r.min, excluded.min),
          max = -least(-r.max, -excluded.max)
        """;

    /// <summary>A series with the points.</summary>
    /// <param name="MetricId">The metric.</param>
    /// <param name="Finest">The narrowest buckets that are kept, if any.</param>
    /// <param name="Begins">The narrowest to keep from now on, if none were.</param>
    /// <param name="FirstStep">First step of the series.</param>
    /// <param name="Former">Last step before these points came; <see langword="null"/> for a series that is new.</param>
    private sealed record Kept(short MetricId, short? Finest, short? Begins, long FirstStep, long? Former);

    /// <summary>Adds points that were just copied.</summary>
    public static async Task AddAsync(DbSession session, long runId, IReadOnlyList<MetricPoint> points, IReadOnlyDictionary<string, short> metricIds)
    {
        var series = SeriesPart.Of(points, metricIds);
        List<SeriesPart> whole = [.. series.Values.Select(s => s.Whole)];
        var kept = await session.QueryAsync(
            AddToLatest, r => new Kept(r.GetInt16(0), r.GetNullable<short>(1), r.GetNullable<short>(2), r.GetInt64(3), r.GetNullable<long>(4)),
            [("run", runId), ("firsts", whole.Select(p => p.FirstStep).ToArray()), .. Columns(whole), ("points", whole.Select(p => p.Points).ToArray())]);
        List<(SeriesPart Part, bool Beyond)> buckets =
        [
            .. from of in kept
               where of.Finest is not null
               from part in SeriesPart.Levels(series[of.MetricId].Buckets, of.Finest!.Value)
               select (part, part.Bucket > of.Former >> part.Level),
        ];
        if (buckets.Count > 0) await AddToBucketsAsync(session, runId, [.. buckets.Select(b => b.Part)], [.. buckets.Select(b => b.Beyond)]);
        foreach (var grown in kept.Where(k => k.Begins is not null)) await BeginBucketsAsync(session, runId, grown);
    }

    /// <summary>Deletes the points from a step on, those of evaluations from another one on.</summary>
    public static Task<int> ForgetAsync(DbSession session, long runId, long fromStep, long evaluationsFrom) => session.ExecuteAsync(
        "SELECT forget_points(@run, @from, @evaluations)", ("run", runId), ("from", fromStep), ("evaluations", evaluationsFrom));

    /// <summary>Deletes all points of runs.</summary>
    public static Task<int> ForgetAsync(DbSession session, params long[] runIds) => session.ExecuteAsync(
        """
        DELETE FROM metric_points WHERE run_id = ANY(@runs);
        DELETE FROM metric_repeats WHERE run_id = ANY(@runs);
        DELETE FROM metric_rollups WHERE run_id = ANY(@runs);
        DELETE FROM metric_latest WHERE run_id = ANY(@runs)
        """, ("runs", runIds));

    private static Task<int> AddToBucketsAsync(DbSession session, long runId, List<SeriesPart> buckets, bool[] beyond) => session.ExecuteAsync(
        AddToBuckets,
        [
            ("run", runId), ("levels", buckets.Select(p => p.Level).ToArray()), ("buckets", buckets.Select(p => p.Bucket).ToArray()),
            ("points", buckets.Select(p => (int)p.Points).ToArray()), ("beyond", beyond), .. Columns(buckets),
        ]);

    /// <summary>A series has become long: all of its points so far go into buckets.</summary>
    private static async Task BeginBucketsAsync(DbSession session, long runId, Kept series)
    {
        await session.ExecuteAsync(
            "SELECT roll_up(@run, @metric, @finest, @first)",
            ("run", runId), ("metric", series.MetricId), ("finest", series.Begins), ("first", series.FirstStep));
        await session.ExecuteAsync(
            "UPDATE metric_latest SET finest = @finest WHERE run_id = @run AND metric_id = @metric",
            ("finest", series.Begins), ("run", runId), ("metric", series.MetricId));
    }

    private static IEnumerable<(string Name, object? Value)> Columns(List<SeriesPart> parts) =>
    [
        ("metrics", parts.Select(p => p.MetricId).ToArray()), ("steps", parts.Select(p => p.Last.Step).ToArray()),
        ("epochs", parts.Select(p => (float)p.Last.Epoch).ToArray()), ("times", parts.Select(p => p.Last.WallMs).ToArray()),
        ("values", parts.Select(p => p.Last.Value).ToArray()), ("lows", parts.Select(p => p.Min).ToArray()), ("highs", parts.Select(p => p.Max).ToArray()),
    ];
}
