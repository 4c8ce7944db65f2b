using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>The whole product, started by the launcher in a fresh data directory, and a Chromium.</summary>
public sealed class RunningTracker : IAsyncLifetime
{
    private static readonly string s_root = typeof(RunningTracker).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!;

    private readonly string _data = Directory.CreateTempSubdirectory("tracker-browser-").FullName;
    private readonly int _port = FreePort();
    private IPlaywright? _playwright;

    public string Url => $"http://localhost:{_port}";

    public string Password { get; } = RandomNumberGenerator.GetHexString(20);

    public string Token { get; } = RandomNumberGenerator.GetHexString(32);

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await LaunchAsync("up", "--detach", "--yes", "--port", $"{_port}", "--slots", "2");
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            // Chromium's sandbox does not work for root.
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null) await Browser.DisposeAsync();
        _playwright?.Dispose();
        await LaunchAsync("down");
        Directory.Delete(_data, recursive: true);
    }

    private async Task LaunchAsync(string command, params string[] options)
    {
        var start = new ProcessStartInfo(Path.Combine(s_root, "tracker"), [command, "--data", _data, .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["TRACKER_ADMIN_PASSWORD"] = Password,
                ["TRACKER_ADMIN_TOKEN"] = Token,
                // Programs of its own: a product that runs beside the tests must not be built anew beneath its processes.
                ["TRACKER_ARTIFACTS"] = Path.Combine(s_root, "artifacts", "tests-app"),
            },
        };
        start.Environment.Remove("TRACKER_DB");
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(6));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        var text = await output + await errors;
        process.ExitCode.ShouldBe(0, $"./tracker {command}: {text}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>The tests of this project share one product, one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunningTrackerCollection : ICollectionFixture<RunningTracker>
{
    public const string Name = "running tracker";
}
