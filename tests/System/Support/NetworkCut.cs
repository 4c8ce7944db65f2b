using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Tracker.System.Tests.Support;

/// <summary>
/// A stretch of network between a host and Postgres that can be cut: then nothing gets through in either direction and nobody is told,
/// not even of a connection that one side closes. What was under way arrives when it is healed, as TCP would deliver it.
/// </summary>
internal sealed class NetworkCut : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _postgres;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NetworkCut(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        _postgres = new(IPAddress.Parse(given.Host!), given.Port);
        _open.SetResult();
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>The way to Postgres that can be cut.</summary>
    public string ConnectionString { get; }

    /// <summary>Lays the stretch in front of a server on a loopback address.</summary>
    public static NetworkCut Before(string connectionString) => new(connectionString);

    /// <summary>Lets nothing through from now on.</summary>
    public void Cut() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets everything through again, what waits first.</summary>
    public void Heal() => _open.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        await _accepting;
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_over.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        using var far = new TcpClient();
        using (near)
        {
            try
            {
                await _open.Task.WaitAsync(_over.Token);
                await far.ConnectAsync(_postgres, _over.Token);
                await Task.WhenAll(CarryAsync(near.Client, far.Client), CarryAsync(far.Client, near.Client));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Postgres is stopped, one side was killed, or the test is over: both sides are closed.
            }
        }
    }

    private async Task CarryAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        int length;
        do
        {
            length = await from.ReceiveAsync(buffer, _over.Token);
            await _open.Task.WaitAsync(_over.Token);
            for (var sent = 0; sent < length;) sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), _over.Token);
        }
        while (length > 0);
        to.Shutdown(SocketShutdown.Send);
    }
}
