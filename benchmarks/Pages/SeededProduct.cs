using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Tracker.Benchmarks.Pages;

/// <summary>The web process over a seeded database.</summary>
internal sealed class SeededProduct : IAsyncDisposable
{
    public const string UserName = "admin";
    private readonly MeasuredServer _server;
    private readonly string _data;

    private SeededProduct(MeasuredServer server, string data, string url, string password, string token) =>
        (_server, _data, Url, Password, Token) = (server, data, url, password, token);

    public string Url { get; }

    public string Password { get; }

    /// <summary>A token of the admin's.</summary>
    public string Token { get; }

    /// <summary>Starts the web program. On a database that has an admin already, TRACKER_ADMIN_PASSWORD has to be theirs.</summary>
    public static async Task<SeededProduct> StartAsync(string database, string web)
    {
        var (data, port) = (Directory.CreateTempSubdirectory("tracker-pages-").FullName, FreePort());
        var password = Environment.GetEnvironmentVariable("TRACKER_ADMIN_PASSWORD") is { Length: > 0 } given ? given : RandomNumberGenerator.GetHexString(20);
        var token = RandomNumberGenerator.GetHexString(32);
        var environment = new Dictionary<string, string> { ["TRACKER_DB"] = database, ["TRACKER_DATA"] = data, ["TRACKER_ADMIN_PASSWORD"] = password, ["TRACKER_ADMIN_TOKEN"] = token };
        var server = await MeasuredServer.StartAsync(web, "Now listening", environment, "--urls", $"http://localhost:{port}");
        return new(server, data, $"http://localhost:{port}", password, token);
    }

    public Task<double> CpuPercentAsync(TimeSpan time) => _server.CpuPercentAsync(time);

    public double ResidentMegabytes() => _server.ResidentMegabytes();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
