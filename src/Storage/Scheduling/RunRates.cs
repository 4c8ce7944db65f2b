using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Scheduling;

/// <summary>How fast runs went, and what follows for those that wait.</summary>
internal sealed class RunRates(TrackerDatabase database)
{
    /// <summary>After so many runs each new one weighs the same, so that the mean follows a machine that becomes faster or slower.</summary>
    private const int Memory = 50;

    /// <summary>Samples over which a rate is asked for; estimates are proportional to them.</summary>
    private const double Unit = 1_000_000;

    /// <summary>An attempt that began later says more of its start than of its training.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(10);

    private DateTimeOffset? _refreshed;

    /// <summary>Adds a run that has just succeeded. What a process on the CPU held is the device's memory; on a GPU it is not.</summary>
    public static Task AddAsync(DbSession session, long runId) => session.ExecuteAsync(
        """
        INSERT INTO run_rates AS m (network, dataset, device_class, device_model, batch, runs, mean_log, square_log, peak_memory)
        SELECT r.network, r.dataset, r.device_class, coalesce(d.model, 'unknown'), r.batch, 1, ln(run_rate(r)), 0,
          CASE WHEN r.device_class = 'Cpu' THEN (r.result->>'peakMemoryBytes')::bigint END
        FROM runs r LEFT JOIN LATERAL (
          SELECT e->>'model' AS model FROM hosts h CROSS JOIN jsonb_array_elements(h.devices) AS e WHERE h.id = r.host_id AND e->>'name' = r.device_name LIMIT 1
        ) d ON true
        WHERE r.id = @run AND run_rate(r) > 0
        ON CONFLICT (network, dataset, device_class, device_model, batch) DO UPDATE SET
          runs = least(m.runs + 1, @memory),
          mean_log = m.mean_log + (excluded.mean_log - m.mean_log) / least(m.runs + 1, @memory),
          square_log = m.square_log * (least(m.runs + 1, @memory) - 1) / m.runs
            + power(excluded.mean_log - m.mean_log, 2) * (1 - 1.0 / least(m.runs + 1, @memory)),
          peak_memory = greatest(m.peak_memory, excluded.peak_memory)
        """,
        ("run", runId), ("memory", Memory));

    /// <summary>
    /// An estimator over finished runs, and over the attempts that go on of kinds of which none has finished; these tell as much as one
    /// run, since they share machine and moment. Where a network was measured on the
    /// models of devices that are present, other models do not count.
    /// </summary>
    public async Task<DurationEstimator> ReadAsync(CancellationToken cancellationToken)
    {
        var rates = await database.QueryAsync(
            """
            SELECT network, dataset, device_class, device_model, batch, runs, mean_log, square_log, peak_memory FROM run_rates
            UNION ALL
            SELECT network, dataset, device_class, model, batch, 1, avg(ln(rate)), 0, NULL
            FROM (
              SELECT r.network, r.dataset, r.device_class, r.batch, coalesce(d.model, 'unknown') AS model,
                (r.step - a.first_step)::double precision * r.batch / extract(epoch FROM now() - a.started_at)::double precision AS rate
              FROM runs r
              JOIN attempts a ON a.run_id = r.id AND a.attempt = r.attempt AND a.started_at < now() - @soon
              LEFT JOIN LATERAL (
                SELECT e->>'model' AS model FROM hosts h CROSS JOIN jsonb_array_elements(h.devices) AS e WHERE h.id = r.host_id AND e->>'name' = r.device_name LIMIT 1
              ) d ON true
              WHERE r.state = 'Running' AND r.step > a.first_step
            ) running
            WHERE NOT EXISTS (
              SELECT FROM run_rates m
              WHERE m.network = running.network AND m.dataset = running.dataset AND m.device_class = running.device_class AND m.batch = running.batch)
            GROUP BY network, dataset, device_class, model, batch
            """,
            r => new MeasuredRate(
                r.GetString(0), r.GetString(1), r.GetEnum<DeviceClass>(2), r.GetString(3), r.GetInt32(4), r.GetInt32(5), r.GetDouble(6), r.GetDouble(7),
                r.GetNullable<long>(8)), cancellationToken, ("soon", s_soon));
        var present = (await database.QueryAsync(
            $"SELECT DISTINCT e->>'class', e->>'model' FROM hosts h CROSS JOIN jsonb_array_elements(h.devices) AS e WHERE {ClusterReader.Heard}",
            r => (r.GetEnum<DeviceClass>(0), r.GetString(1)), cancellationToken, ("lost", HostView.LostAfter))).ToHashSet();
        bool IsPresent(MeasuredRate rate) => present.Contains((rate.Device, rate.Model));
        return new([.. rates.GroupBy(r => (r.Network, r.Device)).SelectMany(like => like.Any(IsPresent) ? like.Where(IsPresent) : like)]);
    }

    /// <summary>Brings the expected durations of waiting runs up to date, when runs have finished since the last time.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        // When a run from outside ended its program says, and be it the year 9999; it also tells nothing of this server's devices.
        var finished = (await database.QueryAsync("SELECT max(finished_at) FROM runs WHERE NOT external", r => r.GetNullable<DateTimeOffset>(0), cancellationToken))[0];
        if (finished is null || finished == _refreshed) return;
        var kinds = await database.QueryAsync(
            "SELECT DISTINCT network, dataset, device_class, batch FROM runs WHERE state = 'Queued' AND NOT assigned",
            r => (Network: r.GetString(0), Dataset: r.GetString(1), Device: r.GetEnum<DeviceClass>(2), Batch: r.GetInt32(3)), cancellationToken);
        var estimator = kinds.Count > 0 ? await ReadAsync(cancellationToken) : null;
        var known = kinds
            .Select(k => (Kind: k, Seconds: estimator!.Estimate(k.Network, k.Dataset, k.Device, k.Batch, Unit)?.Seconds))
            .Where(k => k.Seconds is not null).ToList();
        if (known.Count > 0)
        {
            await database.TransactAsync(async session =>
            {
                var changed = await session.ExecuteAsync(
                    """
                    WITH wrong AS (
                      SELECT r.id, r.total_steps::double precision * r.batch * k.seconds AS seconds
                      FROM runs r JOIN unnest(@networks, @datasets, @devices, @batches, @seconds) AS k(network, dataset, device, batch, seconds)
                        ON r.network = k.network AND r.dataset = k.dataset AND r.device_class = k.device AND r.batch = k.batch
                      WHERE r.state = 'Queued' AND NOT r.assigned
                        AND abs(r.expected_seconds - r.total_steps::double precision * r.batch * k.seconds) > 0.05 * r.expected_seconds
                      ORDER BY r.id
                      FOR NO KEY UPDATE OF r SKIP LOCKED
                    )
                    UPDATE runs r SET expected_seconds = wrong.seconds FROM wrong WHERE r.id = wrong.id
                    """,
                    ("networks", known.Select(k => k.Kind.Network).ToArray()), ("datasets", known.Select(k => k.Kind.Dataset).ToArray()),
                    ("devices", known.Select(k => k.Kind.Device.ToString()).ToArray()), ("batches", known.Select(k => k.Kind.Batch).ToArray()),
                    ("seconds", known.Select(k => k.Seconds!.Value / Unit).ToArray()));
                // Hosts that looked in between passed over the runs that were locked here.
                if (changed > 0) session.Changed(ChangeKind.Queue, 0);
            }, cancellationToken);
        }
        _refreshed = finished;
    }
}
