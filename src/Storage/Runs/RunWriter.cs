using System.Collections.Concurrent;
using System.Diagnostics;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Metrics;
using Tracker.Storage.Model;
using Tracker.Storage.Telemetry;

namespace Tracker.Storage.Runs;

/// <inheritdoc cref="IRunWriter" />
internal sealed class RunWriter(TrackerDatabase database) : IRunWriter
{
    private readonly ConcurrentDictionary<string, short> _metricIds = new(StringComparer.Ordinal);

    public async Task FlushAsync(long runId, int attempt, RunFlush flush, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(flush);
        var since = Stopwatch.GetTimestamp();
        await LearnMetricsAsync(flush.Points, cancellationToken);
        var applied = await database.WriteAsync(async session =>
        {
            if (!await ClaimAsync(session, runId, attempt, flush)) return false;
            if (flush.Points.Count > 0)
            {
                await PointCopy.WriteAsync(session, runId, flush.Points, _metricIds);
                await SeriesUpkeep.AddAsync(session, runId, flush.Points, _metricIds);
            }
            await RecordEventsAsync(session, runId, attempt, flush.Events);
            return true;
        }, cancellationToken);
        if (applied) IngestMetrics.Flushed(flush.Points.Count, since);
    }

    public Task AppendLogAsync(long runId, int attempt, IReadOnlyList<LogLine> lines, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return database.WriteAsync(async session =>
        {
            var run = await session.FirstAsync<(long SweepId, int Attempt)?>(
                "SELECT sweep_id, attempt FROM runs WHERE id = @run", r => (r.GetInt64(0), r.GetInt32(1)), ("run", runId));
            if (run is null || lines.Count == 0) return;
            if (run.Value.Attempt > attempt) throw new FencedException(runId, attempt);
            await session.ExecuteAsync(
                """
                INSERT INTO run_logs (run_id, attempt, line, at, level, text)
                SELECT @run, @attempt, * FROM unnest(@lines, @times, @levels, @texts)
                ON CONFLICT DO NOTHING
                """,
                ("run", runId), ("attempt", attempt), ("lines", lines.Select(l => l.Line).ToArray()),
                ("times", lines.Select(l => l.At.ToUniversalTime()).ToArray()), ("levels", lines.Select(l => l.Level.ToString()).ToArray()),
                ("texts", lines.Select(l => l.Text.Replace("\0", "", StringComparison.Ordinal)).ToArray()));
            session.Changed(ChangeKind.Log, runId, run.Value.SweepId);
        }, cancellationToken);
    }

    /// <summary>
    /// Takes the flush's number, which only the present attempt can and only once, and updates the run with it. The row stays locked
    /// until the points are in, so that no other attempt can begin in between.
    /// </summary>
    /// <returns>Whether the flush is to be applied; false when it already was.</returns>
    private static async Task<bool> ClaimAsync(DbSession session, long runId, int attempt, RunFlush flush)
    {
        var sweepId = await session.FirstAsync<long?>(
            """
            UPDATE runs SET flush_seq = @sequence,
              progress = coalesce(@progress::jsonb, progress), step = coalesce(@step::bigint, step),
              samples_per_second = coalesce(nullif(@rate::double precision, 0), samples_per_second),
              checkpoint = coalesce(@checkpoint::jsonb, checkpoint),
              crashes = CASE WHEN @checkpoint IS NULL THEN crashes ELSE 0 END,
              host_losses = CASE WHEN @checkpoint IS NULL THEN host_losses ELSE 0 END
            WHERE id = @run AND attempt = @attempt AND state IN ('Starting', 'Running') AND flush_seq < @sequence
            RETURNING sweep_id
            """,
            r => r.GetInt64(0),
            ("sequence", flush.Sequence), ("progress", Json.WriteOrNull(flush.Progress)), ("step", flush.Progress?.Step),
            ("rate", flush.Progress?.SamplesPerSecond), ("checkpoint", Json.WriteOrNull(flush.Checkpoint)), ("run", runId), ("attempt", attempt));
        if (sweepId is { } sweep)
        {
            session.Changed(ChangeKind.Run, runId, sweep);
            return true;
        }
        var applied = await session.FirstAsync<bool>(
            "SELECT true FROM runs WHERE id = @run AND attempt = @attempt AND flush_seq >= @sequence",
            r => r.GetBoolean(0), ("run", runId), ("attempt", attempt), ("sequence", flush.Sequence));
        return applied ? false : throw new FencedException(runId, attempt);
    }

    private static async Task RecordEventsAsync(DbSession session, long runId, int attempt, IReadOnlyList<(EventLevel Level, string Message)> events)
    {
        foreach (var (level, message) in events) await session.RecordAsync(runId, attempt, level, message);
    }

    /// <summary>Ids of metric names, made outside the flush so that a name's lock is not held while points are copied; they are kept for good.</summary>
    private async Task LearnMetricsAsync(IReadOnlyList<MetricPoint> points, CancellationToken cancellationToken)
    {
        var unknown = points.Select(p => p.Name).Where(n => !_metricIds.ContainsKey(n)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length == 0) return;
        var known = await database.QueryAsync(
            """
            WITH added AS (
              INSERT INTO metric_names (name, kept)
              SELECT n, true FROM unnest(@names) AS n WHERE NOT EXISTS (SELECT FROM metric_names m WHERE m.name = n AND m.kept)
              ON CONFLICT (name) DO UPDATE SET kept = true, unused_since = NULL
              RETURNING id, name
            )
            SELECT id, name FROM added UNION SELECT id, name FROM metric_names WHERE name = ANY(@names)
            """,
            r => (Id: r.GetInt16(0), Name: r.GetString(1)), cancellationToken, ("names", unknown));
        foreach (var (id, name) in known) _metricIds[name] = id;
    }
}
