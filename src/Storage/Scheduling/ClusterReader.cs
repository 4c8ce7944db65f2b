using Npgsql;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;

namespace Tracker.Storage.Scheduling;

/// <summary>Reads what the decision who goes next depends on.</summary>
internal static class ClusterReader
{
    /// <summary>A host that is heard of. While the server was down nobody could be, so silence counts from its start at the earliest.</summary>
    public const string Heard = "stopped_at IS NULL AND removed_at IS NULL AND greatest(heartbeat_at, pg_postmaster_start_time()) > now() - @lost";

    /// <summary>What is left of a waiting run; the index of waiting runs is in this order.</summary>
    private const string SecondsLeft = "expected_seconds * (1 - step::double precision / total_steps)";

    private const string WaitingColumns =
        $"id, sweep_id, coalesce(owner_id, 0), priority, device_class, queue_position, {SecondsLeft}, timing, memory_bytes, labels, not_before";

    /// <summary>Hosts, held runs, limits and usage, as of the transaction.</summary>
    public static async Task<ClusterState> StateAsync(DbSession session) => new(
        (await session.FirstAsync("SELECT now()", r => r.GetFieldValue<DateTimeOffset>(0))),
        await HostsAsync(session), await HeldAsync(session), await LimitsAsync(session), await UsageAsync(session));

    /// <summary>
    /// Of each sweep and class of urgency the longest runs that are due, as many as a host could take at once: what a run asks of a device
    /// is stated by its sweep, so of those that go first all fit or none does.
    /// </summary>
    public static Task<List<WaitingRun>> FirstWaitingAsync(DbSession session, int ofEach) => session.QueryAsync(
        $"""
         SELECT w.*
         FROM (SELECT DISTINCT sweep_id, priority FROM runs WHERE state = 'Queued' AND NOT assigned) s
         CROSS JOIN LATERAL (
           SELECT {WaitingColumns}
           FROM runs
           WHERE sweep_id = s.sweep_id AND priority = s.priority AND state = 'Queued' AND NOT assigned AND (not_before IS NULL OR not_before <= now())
           ORDER BY {SecondsLeft} DESC, queue_position
           LIMIT @most
         ) w
         """,
        ReadWaiting, ("most", ofEach));

    /// <summary>All waiting runs.</summary>
    public static Task<List<WaitingRun>> AllWaitingAsync(DbSession session) =>
        session.QueryAsync($"SELECT {WaitingColumns} FROM runs WHERE state = 'Queued' AND NOT assigned", ReadWaiting);

    private static WaitingRun ReadWaiting(NpgsqlDataReader r) => new(
        r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetEnum<Priority>(3), r.GetEnum<DeviceClass>(4), r.GetInt64(5), r.GetDouble(6),
        r.GetBoolean(7), r.GetNullable<long>(8) ?? 0, r.GetFieldValue<string[]>(9), r.GetNullable<DateTimeOffset>(10));

    private static Task<List<HostOffer>> HostsAsync(DbSession session) => session.QueryAsync(
        $"SELECT id, name, labels, devices, machine_id FROM hosts WHERE NOT draining AND {Heard} ORDER BY id",
        r => new HostOffer(r.GetInt64(0), r.GetString(1), r.GetFieldValue<string[]>(2),
            [.. Json.Read<List<HostDevice>>(r.GetString(3)).Where(d => d.Slots > 0).Select(d => new DeviceOffer(d.Name, d.Class, d.Model, d.Slots, d.MemoryBytes))])
        {
            Machine = r.GetString(4),
        },
        ("lost", HostView.LostAfter));

    /// <summary>Seconds left by the run's own report where there is one, else by what was expected of it.</summary>
    private static Task<List<HeldRun>> HeldAsync(DbSession session) => session.QueryAsync(
        """
        SELECT id, sweep_id, coalesce(owner_id, 0), host_id, device_name, timing,
          coalesce((progress->>'etaSeconds')::double precision, expected_seconds * (1 - step::double precision / total_steps)),
          CASE WHEN state = 'Queued' THEN 0 ELSE greatest(extract(epoch FROM now() - state_since), 0) END::double precision, memory_bytes
        FROM runs WHERE assigned
        """,
        r => new HeldRun(
            r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetString(4), r.GetBoolean(5), r.GetDouble(6) + r.GetDouble(7), r.GetDouble(7),
            r.GetNullable<long>(8) ?? 0));

    private static async Task<IReadOnlyDictionary<long, int>> LimitsAsync(DbSession session) => (await session.QueryAsync(
        "SELECT id, max_parallel FROM sweeps WHERE max_parallel IS NOT NULL AND id IN (SELECT sweep_id FROM runs WHERE state = 'Queued' AND NOT assigned)",
        r => (Id: r.GetInt64(0), Most: r.GetInt32(1)))).ToDictionary(l => l.Id, l => l.Most);

    private static async Task<IReadOnlyDictionary<long, double>> UsageAsync(DbSession session) => (await session.QueryAsync(
        "SELECT owner_id, seconds * power(0.5, greatest(extract(epoch FROM now() - as_of), 0) / @half)::double precision FROM device_usage",
        r => (Owner: r.GetInt64(0), Seconds: r.GetDouble(1)), ("half", DeviceTime.HalfLife.TotalSeconds))).ToDictionary(u => u.Owner, u => u.Seconds);
}
