using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tracker.Web.Webhooks;

/// <summary>The way out for webhooks: to allowed addresses alone, without redirects, proxies, cookies or trace headers.</summary>
public sealed class WebhookConnection : IDisposable
{
    private readonly IHostNames _names;
    private readonly WebhookAddresses _addresses;

    public WebhookConnection(IHostNames names, WebhookAddresses addresses)
    {
        (_names, _addresses) = (names, addresses);
        Client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            ConnectCallback = ConnectAsync,
        })
        {
            // Each try has its own, by its token.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>A try takes no longer, from the first packet to the last one that is read.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    public HttpClient Client { get; }

    public void Dispose() => Client.Dispose();

    /// <summary>
    /// Checks the very addresses that are connected to: a name that resolved to another one when the webhook was made, or a moment ago, helps nobody.
    /// </summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = _addresses.Choose(host, await _names.ResolveAsync(host, cancellationToken));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync([.. addresses], context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
