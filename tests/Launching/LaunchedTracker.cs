using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.Versioning;
using System.Security.Cryptography;

[assembly: SupportedOSPlatform("linux")]

namespace Tracker.Tests.Launching;

/// <summary>What the launcher said and how it ended.</summary>
internal sealed record LauncherOutcome(int ExitCode, string Output);

/// <summary>A product started by the launcher in a data directory of its own; ended and deleted when disposed.</summary>
internal sealed class LaunchedTracker : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(8);

    public static string RepositoryRoot { get; } = typeof(LaunchedTracker).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!;

    public string Data { get; } = MakeDataDirectory();

    public int Port { get; } = FreePort();

    public Uri Url => new($"http://localhost:{Port}/");

    public string Password { get; } = RandomNumberGenerator.GetHexString(20);

    public string Token { get; } = RandomNumberGenerator.GetHexString(32);

    public Task<LauncherOutcome> UpAsync(params string[] options) => RunAsync(["up", "--detach", "--yes", "--port", $"{Port}", .. options]);

    public Task<LauncherOutcome> DownAsync() => RunAsync(["down"]);

    /// <summary>Runs the launcher to its end.</summary>
    public async Task<LauncherOutcome> RunAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Path.Combine(RepositoryRoot, "tracker"), [arguments[0], "--data", Data, .. arguments[1..]])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["TRACKER_ADMIN_PASSWORD"] = Password,
                ["TRACKER_ADMIN_TOKEN"] = Token,
                // Programs of its own: a product that runs beside the tests must not be built anew beneath its processes.
                ["TRACKER_ARTIFACTS"] = Path.Combine(RepositoryRoot, "artifacts", "tests-app"),
            },
        };
        start.Environment.Remove("TRACKER_DB");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(s_limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return new(process.ExitCode, await output + await errors);
    }

    public async ValueTask DisposeAsync()
    {
        await DownAsync();
        Directory.Delete(Data, recursive: true);
    }

    /// <summary>Open to user postgres, so that the cluster lies inside it also when root runs the tests.</summary>
    private static string MakeDataDirectory()
    {
        var folder = Directory.CreateTempSubdirectory("tracker-launched-").FullName;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
