using Microsoft.EntityFrameworkCore;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;
using Tracker.Storage.Runs;

namespace Tracker.Storage.Hosts;

/// <inheritdoc cref="IHosts" />
internal sealed class HostsService(TrackerDatabase database, IDbContextFactory<TrackerDbContext> contexts, TimeProvider clock) : IHosts
{
    public Task<long> RegisterAsync(HostRegistration registration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return database.TransactAsync(async session =>
        {
            var id = await session.FirstAsync(
                """
                INSERT INTO hosts (name, version, process_id, devices) VALUES (@name, @version, @process, @devices::jsonb)
                ON CONFLICT (name) DO UPDATE SET version = excluded.version, process_id = excluded.process_id, devices = excluded.devices,
                  started_at = now(), heartbeat_at = now(), stopped_at = NULL, draining = false
                RETURNING id
                """,
                r => r.GetInt64(0),
                ("name", registration.Name), ("version", registration.Version), ("process", registration.ProcessId), ("devices", Json.Write(registration.Devices)));
            session.Changed(ChangeKind.Host, id);
            return id;
        }, cancellationToken);
    }

    public Task<bool> HeartbeatAsync(long hostId, CancellationToken cancellationToken) => database.TransactAsync(session => session.FirstAsync(
        "UPDATE hosts SET heartbeat_at = now() WHERE id = @host RETURNING draining", r => r.GetBoolean(0), ("host", hostId)), cancellationToken);

    public Task StoppedAsync(long hostId, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        await session.ExecuteAsync("UPDATE hosts SET stopped_at = now(), draining = false WHERE id = @host", ("host", hostId));
        session.Changed(ChangeKind.Host, hostId);
    }, cancellationToken);

    public async Task<IReadOnlyList<HostView>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var hosts = await context.Set<HostRow>().AsNoTracking().OrderBy(h => h.Name).ToListAsync(cancellationToken);
        var active = await context.Set<RunRow>()
            .Where(r => r.State == RunState.Starting || r.State == RunState.Running)
            .OrderBy(r => r.StartedAt).ForView().ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var runs = active.ToLookup(r => r.Run.HostId, r => r.ToView(now));
        return [.. hosts.Select(h => new HostView(
            h.Id, h.Name, StateOf(h, now), h.Version, h.ProcessId, Json.Read<List<HostDevice>>(h.Devices), h.StartedAt, h.HeartbeatAt, [.. runs[h.Id]]))];
    }

    public Task<bool> SetDrainAsync(long hostId, bool drain, CancellationToken cancellationToken) => database.TransactAsync(async session =>
    {
        var found = await session.ExecuteAsync("UPDATE hosts SET draining = @drain WHERE id = @host", ("drain", drain), ("host", hostId)) > 0;
        if (found) session.Changed(ChangeKind.Host, hostId);
        return found;
    }, cancellationToken);

    private static HostState StateOf(HostRow host, DateTimeOffset now) =>
        host.StoppedAt is not null ? HostState.Stopped
        : now - host.HeartbeatAt > HostView.LostAfter ? HostState.Lost
        : host.Draining ? HostState.Draining
        : HostState.Up;
}
