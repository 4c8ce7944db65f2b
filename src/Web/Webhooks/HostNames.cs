using System.Net;

namespace Tracker.Web.Webhooks;

/// <summary>Finds the addresses of hosts.</summary>
public interface IHostNames
{
    /// <summary>The addresses of a name, or the one that it is.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">There is none.</exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}

/// <summary>Asks the system.</summary>
public sealed class SystemHostNames : IHostNames
{
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) => await Dns.GetHostAddressesAsync(host, cancellationToken);
}
