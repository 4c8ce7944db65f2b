using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Runs;
using Tracker.Storage.Telemetry;

namespace Tracker.Storage.Scheduling;

/// <inheritdoc cref="IDispatcher" />
internal sealed partial class Dispatcher(
    TrackerDatabase database, IRunQueue queue, HostRecovery recovery, ILogger<Dispatcher> logger) : IDispatcher
{
    public async Task<int> FillAsync(long hostId, CancellationToken cancellationToken)
    {
        // Most looks find nothing: one question then, instead of a transaction that all others wait for.
        if ((await database.QueryAsync("SELECT FROM runs WHERE state = 'Queued' AND NOT assigned LIMIT 1", _ => true, cancellationToken)).Count == 0) return 0;
        var since = Stopwatch.GetTimestamp();
        var assigned = await database.TransactAsync(session => FillAsync(session, hostId), cancellationToken);
        SchedulingMetrics.Dispatched(since);
        return assigned;
    }

    private async Task<int> FillAsync(DbSession session, long hostId)
    {
        await session.ExecuteAsync("SELECT pg_advisory_xact_lock(@lock)", ("lock", AdvisoryLocks.Decision));
        var state = await ClusterReader.StateAsync(session);
        if (state.Hosts.FirstOrDefault(h => h.Id == hostId) is not { } host) return 0;
        var free = host.Devices.Sum(d => d.Slots) - state.Held.Count(h => h.HostId == hostId);
        if (free <= 0) return 0;
        var waiting = await ClusterReader.FirstWaitingAsync(session, free);
        var given = waiting.Count == 0 ? [] : SchedulingPolicy.Fill(state, waiting, hostId);
        return given.Count == 0 ? 0 : await AssignAsync(session, host, given);
    }

    public Task<int> TakeBackAsync(long hostId, CancellationToken cancellationToken) => recovery.TakeBackAsync(hostId, measured: null, whileSilent: false, cancellationToken);

    public async Task<int> RecoverAsync(Func<DateTimeOffset, bool> inContact, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inContact);
        // One statement, whose time is when the server took it up: a server that stood still before gives itself away.
        var looked = await database.QueryAsync(
            $"""
             SELECT t.now, h.id, h.name, h.stopped_at IS NULL FROM (SELECT now() AS now) t LEFT JOIN hosts h ON
               NOT ({ClusterReader.Heard}) AND EXISTS (SELECT FROM runs r WHERE r.host_id = h.id AND r.assigned)
             """,
            r => (Now: r.GetFieldValue<DateTimeOffset>(0), Id: r.GetNullable<long>(1), Name: r.GetOrDefault<string>(2), Vanished: r.GetNullable<bool>(3)),
            cancellationToken, ("lost", HostView.LostAfter));
        if (!inContact(looked[0].Now)) return 0;
        var recovered = 0;
        foreach (var (_, lost, name, vanished) in looked)
        {
            if (lost is not { } id || name is null) continue;
            var count = vanished is true
                ? await recovery.RecoverAsync(id, $"'{name}' fell silent.", vanished: true, Recovery.HostLost, whileSilent: true, cancellationToken)
                : await recovery.RecoverAsync(id, $"Host '{name}' ended.", vanished: false, Recovery.HostLost, whileSilent: true, cancellationToken);
            if (count > 0) LogRecovered(logger, name, count);
            recovered += count;
        }
        return recovered;
    }

    /// <summary>
    /// A run that is locked by a verb just now is passed over; whoever holds it tells the hosts when it is done. Those that are on the
    /// devices already are marked below, so they are waited for, in the order of all locks, before the others, which are not. Not for
    /// long: a process that is frozen while it records such a run must not keep all other hosts from their turn.
    /// </summary>
    private async Task<int> AssignAsync(DbSession session, HostOffer host, IReadOnlyList<Assignment> given)
    {
        await session.ExecuteAsync(
            """
            SET LOCAL lock_timeout = '1s';
            SELECT FROM runs WHERE host_id IN (SELECT hosts_of_machine(@host)) AND assigned AND device_name = ANY(@devices) ORDER BY id FOR NO KEY UPDATE;
            SET LOCAL lock_timeout = 0
            """,
            ("host", host.Id), ("devices", given.Select(g => g.Device).Distinct(StringComparer.Ordinal).ToArray()));
        var free = await session.QueryAsync(
            "SELECT id FROM runs WHERE id = ANY(@ids) AND state = 'Queued' AND NOT assigned ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
            r => r.GetInt64(0), ("ids", given.Select(g => g.RunId).ToArray()));
        var mine = given.Where(g => free.Contains(g.RunId)).ToList();
        var assigned = await session.QueryAsync(
            """
            UPDATE runs r SET assigned = true, assigned_at = now(), host_id = @host, device_name = g.device, not_before = NULL
            FROM unnest(@ids, @devices) AS g(id, device)
            WHERE r.id = g.id
            RETURNING r.id, r.sweep_id, r.priority, r.queue_position
            """,
            r => (SweepId: r.GetInt64(1), Queued: new QueuedRun(r.GetInt64(0), host.Name, r.GetEnum<Priority>(2), r.GetInt64(3))),
            ("host", host.Id), ("ids", mine.Select(g => g.RunId).ToArray()), ("devices", mine.Select(g => g.Device).ToArray()));
        if (assigned.Count == 0) return 0;
        await MarkSharedAsync(session, host.Id, [.. mine.Select(g => g.Device).Distinct(StringComparer.Ordinal)]);
        await queue.EnqueueAsync(session.Connection, session.Transaction, [.. assigned.Select(a => a.Queued)], session.CancellationToken);
        foreach (var (sweepId, run) in assigned) session.Changed(ChangeKind.Run, run.RunId, sweepId);
        return assigned.Count;
    }

    /// <summary>Attempts that are no longer alone on their device, and their runs; attempts that begin later see it for themselves.</summary>
    private static Task<int> MarkSharedAsync(DbSession session, long hostId, string[] devices) => session.ExecuteAsync(
        """
        WITH crowded AS (
          SELECT device_name FROM runs WHERE host_id IN (SELECT hosts_of_machine(@host)) AND assigned AND device_name = ANY(@devices) GROUP BY device_name HAVING count(*) > 1
        ), marked AS (
          UPDATE runs SET shared = true WHERE host_id IN (SELECT hosts_of_machine(@host)) AND state IN ('Starting', 'Running') AND NOT shared AND device_name IN (SELECT device_name FROM crowded)
        )
        UPDATE attempts SET shared = true WHERE host_id IN (SELECT hosts_of_machine(@host)) AND ended_at IS NULL AND NOT shared AND device IN (SELECT device_name FROM crowded)
        """,
        ("host", hostId), ("devices", devices));

    [LoggerMessage(1, LogLevel.Warning, "Host {Host} is gone; {Count} runs that it held wait again.")]
    private static partial void LogRecovered(ILogger logger, string host, int count);
}
