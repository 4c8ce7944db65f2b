using Tracker.Storage.Database;

namespace Tracker.Storage.Metrics;

/// <summary>Cuts a series into parts that one transaction can take.</summary>
internal static class SeriesParts
{
    /// <summary>
    /// Last steps of parts with about so many points, in order; the last one is beyond all. The widest buckets count them already, and no part ends
    /// within one; a series without buckets that is this long has its points far apart and is counted.
    /// </summary>
    public static async Task<IReadOnlyList<long>> EndsAsync(
        TrackerDatabase database, long run, short metric, long points, bool bucketed, int rowsAtOnce, CancellationToken cancellationToken)
    {
        if (points <= rowsAtOnce) return [long.MaxValue];
        var counts = await database.QueryAsync(
            bucketed
                ? "SELECT ((bucket + 1) << @level) - 1, points::bigint FROM metric_rollups WHERE run_id = @run AND metric_id = @metric AND level = @level ORDER BY bucket"
                : """
                  SELECT max(step), count(*) FROM (
                    SELECT step, (row_number() OVER (ORDER BY step) - 1) / @most AS part FROM metric_points WHERE run_id = @run AND metric_id = @metric
                  ) p GROUP BY part ORDER BY 1
                  """,
            r => (Last: r.GetInt64(0), Points: r.GetInt64(1)), cancellationToken,
            ("run", run), ("metric", metric), ("level", (int)SeriesUpkeep.Levels[^1]), ("most", (long)rowsAtOnce));
        var ends = new List<long>();
        var together = 0L;
        for (var i = 0; i < counts.Count; i++)
        {
            together += counts[i].Points;
            if (i + 1 < counts.Count && together + counts[i + 1].Points <= rowsAtOnce) continue;
            ends.Add(counts[i].Last);
            together = 0;
        }
        return [.. ends, long.MaxValue];
    }
}
