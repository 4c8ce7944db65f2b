using System.Collections.Concurrent;
using Tracker.Storage.Database;

namespace Tracker.Storage.Hosts;

/// <summary>
/// The hosts that this process has registered. One that was frozen may find that another process has its name, and with it its id: until
/// its next heartbeat tells it so, it must neither begin what was given to the other nor judge the other's attempts.
/// </summary>
internal sealed class OwnHosts
{
    private readonly ConcurrentDictionary<long, string> _instances = new();

    /// <summary>Notes that this process is the host.</summary>
    public void Add(long hostId, string instance) => _instances[hostId] = instance;

    /// <summary>Whether the host is still this process, or was never registered by it.</summary>
    public Task<bool> IsOwnAsync(DbSession session, long hostId) => !_instances.TryGetValue(hostId, out var instance)
        ? Task.FromResult(true)
        : session.FirstAsync("SELECT instance = @instance FROM hosts WHERE id = @host", r => r.GetBoolean(0), ("host", hostId), ("instance", instance));
}
