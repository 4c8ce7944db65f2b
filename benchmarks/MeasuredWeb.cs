using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Tracker.Benchmarks;

/// <summary>The web process on a free port, with a client of its REST interface that is an admin's.</summary>
internal sealed class MeasuredWeb : IAsyncDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);
    private readonly string _data;

    private MeasuredWeb(MeasuredServer process, HttpClient client, string data) => (Process, Client, _data) = (process, client, data);

    public MeasuredServer Process { get; }

    /// <summary>Its base address is that of the server itself.</summary>
    public HttpClient Client { get; }

    public static async Task<MeasuredWeb> StartAsync(string program, string database)
    {
        var (address, token) = ($"http://127.0.0.1:{FreePort()}", RandomNumberGenerator.GetHexString(32));
        var data = Directory.CreateTempSubdirectory("tracker-bench-").FullName;
        var environment = new Dictionary<string, string>
        {
            ["TRACKER_DB"] = database, ["TRACKER_DATA"] = data, ["TRACKER_ADMIN_TOKEN"] = token, ["TRACKER_ADMIN_PASSWORD"] = RandomNumberGenerator.GetHexString(20),
        };
        var process = await MeasuredServer.StartAsync(program, "Now listening", environment, "--urls", address);
        var client = new HttpClient { BaseAddress = new(address), Timeout = s_longest, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        return new(process, client, data);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
