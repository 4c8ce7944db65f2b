using System.Globalization;
using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Metrics;

/// <inheritdoc cref="IMetrics" />
internal sealed class MetricsService(TrackerDatabase database) : IMetrics
{
    private const double Farthest = 1L << 53;

    private const string Heads = """
        SELECT l.run_id, l.metric_id, n.name, l.points, l.first_step, l.step, l.finest, s.samples,
          CASE
            WHEN @from::double precision IS NULL THEN NULL
            WHEN @axis = 'step' THEN ceil(@from)::bigint
            ELSE coalesce(step_reaching(l.run_id, l.metric_id, l.first_step, l.step, @axis = 'time', @from / CASE @axis WHEN 'samples' THEN s.samples ELSE 1 END), l.step + 1)
          END,
          CASE
            WHEN @to::double precision IS NULL THEN NULL
            WHEN @axis = 'step' THEN floor(@to)::bigint
            ELSE step_reaching(l.run_id, l.metric_id, l.first_step, l.step, @axis = 'time', @to / CASE @axis WHEN 'samples' THEN s.samples ELSE 1 END)
          END
        FROM metric_latest l
        JOIN metric_names n ON n.id = l.metric_id
        JOIN runs r ON r.id = l.run_id
        CROSS JOIN LATERAL (SELECT r.train_examples - coalesce((r.options->>'validationExamples')::integer, 0) AS samples) s
        WHERE l.run_id = ANY(@runs) AND (@all OR n.name = ANY(@keys)) AND NOT r.purging AND (r.deleted_at IS NULL AND @active OR r.deleted_at IS NOT NULL AND @deleted)
        ORDER BY l.run_id, n.name
        """;

    // Each piece is one range of a primary key, widened by the bucket on either side where that is wanted. Points and buckets that are kept read alike.
    private const string Rows = """
        SELECT q.series, 1::bigint, p.value, p.value, p.step, p.epoch, p.wall_ms, p.value
        FROM unnest(@series, @runs, @metrics, @levels, @firsts, @lasts, @before, @after) AS q(series, run_id, metric_id, level, first, last, before, after)
        CROSS JOIN LATERAL (
          SELECT * FROM metric_points p
          WHERE p.run_id = q.run_id AND p.metric_id = q.metric_id
            AND p.step >= CASE WHEN q.before IS NULL THEN q.first ELSE coalesce((
              SELECT (b.step >> q.before) << q.before FROM metric_points b
              WHERE b.run_id = q.run_id AND b.metric_id = q.metric_id AND b.step < q.first ORDER BY b.step DESC LIMIT 1), q.first) END
            AND p.step <= CASE WHEN q.after IS NULL THEN q.last ELSE coalesce((
              SELECT (((b.step >> q.after) + 1) << q.after) - 1 FROM metric_points b
              WHERE b.run_id = q.run_id AND b.metric_id = q.metric_id AND b.step > q.last ORDER BY b.step LIMIT 1), q.last) END
          ORDER BY p.step
        ) p
        WHERE q.level = 0
        UNION ALL
        SELECT q.series, p.points, p.min, p.max, p.step, p.epoch, p.wall_ms, p.value
        FROM unnest(@series, @runs, @metrics, @levels, @firsts, @lasts, @before, @after) AS q(series, run_id, metric_id, level, first, last, before, after)
        CROSS JOIN LATERAL (
          SELECT * FROM metric_rollups p
          WHERE p.run_id = q.run_id AND p.metric_id = q.metric_id AND p.level = q.level
            AND p.bucket >= CASE WHEN q.before IS NULL THEN q.first ELSE coalesce((
              SELECT (b.bucket >> q.before) << q.before FROM metric_rollups b
              WHERE b.run_id = q.run_id AND b.metric_id = q.metric_id AND b.level = q.level AND b.bucket < q.first ORDER BY b.bucket DESC LIMIT 1), q.first) END
            AND p.bucket <= CASE WHEN q.after IS NULL THEN q.last ELSE coalesce((
              SELECT (((b.bucket >> q.after) + 1) << q.after) - 1 FROM metric_rollups b
              WHERE b.run_id = q.run_id AND b.metric_id = q.metric_id AND b.level = q.level AND b.bucket > q.last ORDER BY b.bucket LIMIT 1), q.last) END
          ORDER BY p.bucket
        ) p
        WHERE q.level > 0
        """;

    public Task<IReadOnlyList<MetricSeries>> SeriesAsync(SeriesQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.MaxPoints, 1, nameof(query));
        if (query.From is double.NaN || query.To is double.NaN) throw new ArgumentOutOfRangeException(nameof(query), "A stretch begins and ends at numbers.");
        return database.ReadAsync<IReadOnlyList<MetricSeries>>(async session =>
        {
            var heads = await HeadsAsync(session, query);
            RequireFew(heads, query);
            var plans = SeriesPlan.Of(heads, query.MaxPoints, query.Axis == MetricAxis.LogStep);
            var rows = heads.Count == 0 ? [] : await RowsAsync(session, plans);
            return [.. plans.Zip(rows, (plan, of) => SeriesMerge.Merge(plan, of, query.Axis)).Where(s => s.Buckets.Count > 0)];
        }, cancellationToken);
    }

    /// <summary>An answer is made in memory: a few that are large would leave none for others.</summary>
    private static void RequireFew(List<SeriesHead> heads, SeriesQuery query)
    {
        var buckets = heads.Sum(h => SeriesPlan.MostBuckets(h, query.MaxPoints));
        if (buckets > query.MostBuckets)
        {
            throw new SpecificationException([new("maxPoints", string.Create(
                CultureInfo.InvariantCulture, $"{heads.Count:N0} series would have {buckets:N0} points, and one answer has at most {query.MostBuckets:N0}. Ask for fewer points of each, fewer runs or fewer metrics."))]);
        }
    }

    private static Task<List<SeriesHead>> HeadsAsync(DbSession session, SeriesQuery query)
    {
        var axis = query.Axis switch
        {
            MetricAxis.Step or MetricAxis.LogStep => "step",
            MetricAxis.Epoch => "epoch",
            MetricAxis.Samples => "samples",
            MetricAxis.Time => "time",
            _ => throw new ArgumentOutOfRangeException(nameof(query), query.Axis, "There is no such axis."),
        };
        return session.QueryAsync(
            Heads,
            r => new SeriesHead(
                r.GetInt64(0), r.GetInt16(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), r.GetNullable<short>(6), r.GetInt32(7),
                r.GetNullable<long>(8), r.GetNullable<long>(9)),
            ("axis", axis), ("from", Limit(query.From)), ("to", Limit(query.To)), ("runs", query.RunIds.Distinct().ToArray()),
            ("all", query.Keys.Count == 0), ("keys", query.Keys.ToArray()),
            ("active", query.Presence != Presence.Deleted), ("deleted", query.Presence != Presence.Active));
    }

    /// <summary>The rows of each plan.</summary>
    private static async Task<List<SeriesRow>[]> RowsAsync(DbSession session, IReadOnlyList<SeriesPlan> plans)
    {
        var pieces = plans.SelectMany((plan, i) => plan.Pieces(i)).ToList();
        var of = pieces.Select(p => plans[p.Series].Head).ToList();
        var rows = plans.Select(_ => new List<SeriesRow>()).ToArray();
        await session.ReadAsync(
            Rows, r => rows[r.GetInt32(0)].Add(Read(r)),
            ("series", pieces.Select(p => p.Series).ToArray()), ("runs", of.Select(h => h.RunId).ToArray()), ("metrics", of.Select(h => h.MetricId).ToArray()),
            ("levels", pieces.Select(p => (short)p.Level).ToArray()), ("firsts", pieces.Select(p => p.First).ToArray()),
            ("lasts", pieces.Select(p => p.Last).ToArray()), ("before", pieces.Select(p => p.Before).ToArray()), ("after", pieces.Select(p => p.After).ToArray()));
        return rows;
    }

    private static SeriesRow Read(NpgsqlDataReader r) => new(
        r.GetInt64(1), r.GetDouble(2), r.GetDouble(3), r.GetInt64(4), r.GetFloat(5), r.GetInt64(6), r.GetDouble(7));

    /// <summary>Within what Postgres can turn into a step; no step lies beyond.</summary>
    private static double? Limit(double? place) => place is { } p ? Math.Clamp(p, -Farthest, Farthest) : null;
}
