using Microsoft.EntityFrameworkCore;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;
using Tracker.Storage.Runs;
using Tracker.Storage.Scheduling;
using Tracker.Storage.Telemetry;

namespace Tracker.Storage.Hosts;

/// <inheritdoc cref="IHosts" />
internal sealed class HostsService(
    TrackerDatabase database, IDbContextFactory<TrackerDbContext> contexts, HostRecovery recovery, OwnHosts own) : IHosts
{
    private const string Noun = "host";

    public async Task<long> RegisterAsync(HostRegistration registration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registration);
        var hostId = await database.TransactAsync(async session =>
        {
            await RefuseTakenAsync(session, registration);
            var id = await session.FirstAsync(
                """
                INSERT INTO hosts (name, version, process_id, devices, labels, machine, machine_id, instance)
                VALUES (@name, @version, @process, @devices::jsonb, @labels, @machine, @machine_id, @instance)
                ON CONFLICT (name) DO UPDATE SET version = excluded.version, process_id = excluded.process_id, devices = excluded.devices,
                  labels = excluded.labels, machine = excluded.machine, machine_id = excluded.machine_id, instance = excluded.instance, started_at = now(), heartbeat_at = now(),
                  stopped_at = NULL, removed_at = NULL
                RETURNING id
                """,
                r => r.GetInt64(0),
                ("name", registration.Name), ("version", registration.Version), ("process", registration.ProcessId), ("devices", Json.Write(registration.Devices)),
                ("labels", registration.Labels.ToArray()), ("machine", registration.Machine), ("machine_id", registration.MachineId), ("instance", registration.Instance));
            session.Changed(ChangeKind.Host, id);
            return id;
        }, cancellationToken);
        own.Add(hostId, registration.Instance);
        // Whoever ends in order leaves nothing behind.
        await recovery.RecoverAsync(hostId, $"'{registration.Name}' was started again without having ended in order.", vanished: true, Recovery.HostRestarted, whileSilent: false, cancellationToken);
        return hostId;
    }

    /// <summary>Under a lock that attempts of this host, which refer to it, do not wait for, and that does not wait for them.</summary>
    public Task<HeartbeatReply> HeartbeatAsync(long hostId, string instance, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var host = await session.FirstAsync(
            """
            WITH before AS (SELECT * FROM hosts WHERE id = @host FOR NO KEY UPDATE),
            beat AS (UPDATE hosts h SET heartbeat_at = now(), removed_at = NULL FROM before b WHERE h.id = b.id AND b.instance = @instance)
            SELECT name, machine, process_id, instance, draining, now() - heartbeat_at, removed_at IS NOT NULL FROM before
            """,
            r => (Name: r.GetString(0), Machine: r.GetString(1), Process: r.GetInt32(2), Instance: r.GetString(3), Drain: r.GetBoolean(4),
                Silence: r.GetFieldValue<TimeSpan>(5), Removed: r.GetBoolean(6)), ("host", hostId), ("instance", instance));
        if (host.Instance != instance) throw new HostReplacedException(host.Name, host.Machine, host.Process);
        if (host.Removed) session.Changed(ChangeKind.Host, hostId);
        return new HeartbeatReply(host.Drain, host.Silence);
    }, cancellationToken);

    /// <summary>What it held is given back while the name is still its own: whoever has the name next may hold runs at once.</summary>
    public async Task StoppedAsync(long hostId, string instance, CancellationToken cancellationToken)
    {
        var mine = await database.QueryAsync(
            "SELECT 1 FROM hosts WHERE id = @host AND instance = @instance", r => r.GetInt32(0), cancellationToken, ("host", hostId), ("instance", instance));
        if (mine.Count == 0) return;
        await recovery.RecoverAsync(hostId, "The host ended.", vanished: false, measured: null, whileSilent: false, cancellationToken);
        await database.TransactAsync(async session =>
        {
            await session.ExecuteAsync(
                "UPDATE hosts SET stopped_at = now() WHERE id = @host AND instance = @instance", ("host", hostId), ("instance", instance));
            session.Changed(ChangeKind.Host, hostId);
        }, cancellationToken);
    }

    public async Task<IReadOnlyList<HostView>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var hosts = await context.Set<HostRow>().AsNoTracking().Where(h => h.RemovedAt == null).OrderBy(h => h.Name)
            .Select(h => new
            {
                Row = h,
                Silent = EF.Functions.Greatest(h.HeartbeatAt, TrackerDbContext.ServerStart()) < DateTimeOffset.UtcNow - HostView.LostAfter,
            })
            .ToListAsync(cancellationToken);
        var active = await context.Set<RunRow>()
            .Where(r => (r.State == RunState.Starting || r.State == RunState.Running) && !r.External)
            .OrderBy(r => r.StartedAt).ForView().ToListAsync(cancellationToken);
        var runs = active.ToLookup(r => r.Run.HostId, r => r.ToView());
        return [.. hosts.Select(h => new HostView(
            h.Row.Id, h.Row.Name, StateOf(h.Row, h.Silent), h.Row.Version, h.Row.ProcessId, Json.Read<List<HostDevice>>(h.Row.Devices), h.Row.StartedAt, h.Row.HeartbeatAt, [.. runs[h.Row.Id]])
        {
            Labels = h.Row.Labels, Machine = h.Row.Machine,
        })];
    }

    public Task<bool> SetDrainAsync(long hostId, bool drain, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var name = await session.FirstAsync("UPDATE hosts SET draining = @drain WHERE id = @host RETURNING name", r => r.GetString(0), ("drain", drain), ("host", hostId));
        if (name is null) return false;
        await session.AuditAsync(new(drain ? "host.drain" : "host.resume", Noun, hostId, name));
        session.Changed(ChangeKind.Host, hostId);
        session.Changed(ChangeKind.Queue, 0);
        return true;
    }, cancellationToken);

    public Task<bool> RemoveAsync(long hostId, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var host = await session.FirstAsync(
            $"SELECT name, {ClusterReader.Heard}, (SELECT count(*) FROM runs WHERE host_id = h.id AND assigned) FROM hosts h WHERE id = @host AND removed_at IS NULL FOR UPDATE",
            r => (Name: r.GetString(0), Heard: r.GetBoolean(1), Runs: r.GetInt64(2)), ("host", hostId), ("lost", HostView.LostAfter));
        if (host.Name is null) return false;
        if (host.Heard) throw new InvalidOperationException($"Host '{host.Name}' is up. End its process first, then remove it.");
        if (host.Runs > 0) throw new InvalidOperationException($"Host '{host.Name}' still holds {host.Runs} {(host.Runs == 1 ? "run" : "runs")}, which go back to the queue within half a minute while another host is up.");
        await session.ExecuteAsync("UPDATE hosts SET removed_at = now() WHERE id = @host", ("host", hostId));
        await session.AuditAsync(new("host.remove", Noun, hostId, host.Name));
        session.Changed(ChangeKind.Host, hostId);
        return true;
    }, cancellationToken);

    /// <summary>Under a lock of the name, so that of two processes that start with a new name one learns of the other.</summary>
    private static async Task RefuseTakenAsync(DbSession session, HostRegistration registration)
    {
        await session.ExecuteAsync("SELECT pg_advisory_xact_lock(@class, hashtext(@name))", ("class", AdvisoryLocks.HostName), ("name", registration.Name));
        var taken = await session.FirstAsync(
            $"SELECT machine, process_id, instance, heartbeat_at FROM hosts WHERE name = @name AND {ClusterReader.Heard} AND instance NOT IN (@instance, @dead)",
            r => new HostNameTakenException(registration.Name, r.GetString(0), r.GetInt32(1), r.GetString(2), r.GetFieldValue<DateTimeOffset>(3)),
            ("name", registration.Name), ("instance", registration.Instance), ("dead", registration.Replaces ?? registration.Instance), ("lost", HostView.LostAfter));
        if (taken is not null) throw taken;
    }

    private static HostState StateOf(HostRow host, bool silent) =>
        host.StoppedAt is not null ? HostState.Stopped
        : silent ? HostState.Lost
        : host.Draining ? HostState.Draining
        : HostState.Up;
}
