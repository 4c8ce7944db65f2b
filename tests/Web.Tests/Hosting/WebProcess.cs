using System.Diagnostics;

namespace Tracker.Web.Tests.Hosting;

/// <summary>The real web process.</summary>
internal sealed class WebProcess : IAsyncDisposable
{
    private const string ListeningAt = "Now listening on: ";
    private readonly Process _process;
    private readonly List<string> _output = [];
    private Task _rest = Task.CompletedTask;

    private WebProcess(Process process) => _process = process;

    /// <summary>What it printed until it listened.</summary>
    public IReadOnlyList<string> Output => _output;

    public Uri Address { get; private set; } = null!;

    internal static ProcessStartInfo Describe(Dictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Web.Hosting.Settings).Assembly.Location, .. arguments])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var key in start.Environment.Keys.Where(k => k.StartsWith("TRACKER_", StringComparison.Ordinal) || k == "ASPNETCORE_URLS").ToList()) start.Environment.Remove(key);
        foreach (var (key, value) in settings) start.Environment[key] = value;
        return start;
    }

    /// <summary>Starts it on a free port and waits until it listens.</summary>
    internal static async Task<WebProcess> StartAsync(Dictionary<string, string> settings)
    {
        var started = new WebProcess(Process.Start(Describe(settings, "--urls", "http://127.0.0.1:0"))!);
        using var limit = new CancellationTokenSource(TrackerApp.Patience);
        while (await started._process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            started._output.Add(line);
            if (!line.Contains(ListeningAt, StringComparison.Ordinal)) continue;
            started.Address = new(line.Split(ListeningAt)[1].Split('"')[0]);
            started._rest = started._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return started;
        }
        throw new InvalidOperationException($"The process ended: {string.Join('\n', started._output)} {await started._process.StandardError.ReadToEndAsync(limit.Token)}");
    }

    /// <summary>Asks it to end, as the launcher does.</summary>
    /// <returns>Its exit code.</returns>
    internal async Task<int> StopAsync()
    {
        using var limit = new CancellationTokenSource(TrackerApp.Patience);
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _rest;
        _process.Dispose();
    }
}
