using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Tracker.Browser.Tests;

/// <summary>Stands between a browser and the product, and can be cut like a network cable.</summary>
internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private readonly Uri _target;
    private readonly Task _accepting;
    private volatile bool _cut;

    public CuttableProxy(string target)
    {
        _target = new(target);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>A page of the product by way of the proxy.</summary>
    public string Address(string path) => $"http://{_target.Host}:{((IPEndPoint)_listener.LocalEndpoint).Port}{path}";

    public void Cut()
    {
        _cut = true;
        foreach (var client in _open.Keys) client.Close();
    }

    public void Mend() => _cut = false;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var browser = await _listener.AcceptTcpClientAsync();
                if (_cut) browser.Close();
                else _ = CarryAsync(browser);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // Disposed: nobody else is let through.
        }
    }

    private async Task CarryAsync(TcpClient browser)
    {
        using var product = new TcpClient();
        _open[browser] = _open[product] = true;
        try
        {
            await product.ConnectAsync(_target.Host, _target.Port);
            var (inside, outside) = (product.GetStream(), browser.GetStream());
            await Task.WhenAny(outside.CopyToAsync(inside), inside.CopyToAsync(outside));
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two has hung up, or the cable was cut.
        }
        finally
        {
            _open.TryRemove(browser, out _);
            _open.TryRemove(product, out _);
            browser.Close();
        }
    }
}
