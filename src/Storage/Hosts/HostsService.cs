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
    TrackerDatabase database, IDbContextFactory<TrackerDbContext> contexts, HostRecovery recovery, TimeProvider clock) : IHosts
{
    public async Task<long> RegisterAsync(HostRegistration registration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registration);
        var hostId = await database.TransactAsync(async session =>
        {
            var id = await session.FirstAsync(
                """
                INSERT INTO hosts (name, version, process_id, devices, labels) VALUES (@name, @version, @process, @devices::jsonb, @labels)
                ON CONFLICT (name) DO UPDATE SET version = excluded.version, process_id = excluded.process_id, devices = excluded.devices,
                  labels = excluded.labels, started_at = now(), heartbeat_at = now(), stopped_at = NULL, removed_at = NULL, draining = false
                RETURNING id
                """,
                r => r.GetInt64(0),
                ("name", registration.Name), ("version", registration.Version), ("process", registration.ProcessId), ("devices", Json.Write(registration.Devices)),
                ("labels", registration.Labels.ToArray()));
            session.Changed(ChangeKind.Host, id);
            return id;
        }, cancellationToken);
        // Whoever ends in order leaves nothing behind.
        await recovery.RecoverAsync(hostId, $"'{registration.Name}' was started again without having ended in order.", vanished: true, Recovery.HostRestarted, cancellationToken);
        return hostId;
    }

    public Task<bool> HeartbeatAsync(long hostId, CancellationToken cancellationToken) => database.TransactAsync(session => session.FirstAsync(
        "UPDATE hosts SET heartbeat_at = now() WHERE id = @host RETURNING draining", r => r.GetBoolean(0), ("host", hostId)), cancellationToken);

    public async Task StoppedAsync(long hostId, CancellationToken cancellationToken)
    {
        await database.TransactAsync(async session =>
        {
            await session.ExecuteAsync("UPDATE hosts SET stopped_at = now(), draining = false WHERE id = @host", ("host", hostId));
            session.Changed(ChangeKind.Host, hostId);
        }, cancellationToken);
        await recovery.RecoverAsync(hostId, "The host ended.", vanished: false, measured: null, cancellationToken);
    }

    public async Task<IReadOnlyList<HostView>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var hosts = await context.Set<HostRow>().AsNoTracking().Where(h => h.RemovedAt == null).OrderBy(h => h.Name).ToListAsync(cancellationToken);
        var active = await context.Set<RunRow>()
            .Where(r => r.State == RunState.Starting || r.State == RunState.Running)
            .OrderBy(r => r.StartedAt).ForView().ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var server = await database.QueryAsync("SELECT pg_postmaster_start_time()", r => r.GetFieldValue<DateTimeOffset>(0), cancellationToken);
        var runs = active.ToLookup(r => r.Run.HostId, r => r.ToView(now));
        return [.. hosts.Select(h => new HostView(
            h.Id, h.Name, StateOf(h, server[0], now), h.Version, h.ProcessId, Json.Read<List<HostDevice>>(h.Devices), h.StartedAt, h.HeartbeatAt, [.. runs[h.Id]])
        {
            Labels = h.Labels,
        })];
    }

    public Task<bool> SetDrainAsync(long hostId, bool drain, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var found = await session.ExecuteAsync("UPDATE hosts SET draining = @drain WHERE id = @host", ("drain", drain), ("host", hostId)) > 0;
        if (!found) return false;
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
        session.Changed(ChangeKind.Host, hostId);
        return true;
    }, cancellationToken);

    /// <summary>While the server was down nobody could be heard of.</summary>
    private static HostState StateOf(HostRow host, DateTimeOffset server, DateTimeOffset now) =>
        host.StoppedAt is not null ? HostState.Stopped
        : now - (host.HeartbeatAt > server ? host.HeartbeatAt : server) > HostView.LostAfter ? HostState.Lost
        : host.Draining ? HostState.Draining
        : HostState.Up;
}
