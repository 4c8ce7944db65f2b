using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Tracker.Tests.Launching;

namespace Tracker.System.Tests.Launcher;

public sealed class LauncherTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly LaunchedTracker _tracker = new();

    public ValueTask DisposeAsync() => _tracker.DisposeAsync();

    [Fact(Timeout = 600_000)]
    public async Task A_second_start_is_refused_a_killed_program_comes_back_and_a_killed_launcher_is_recovered_from()
    {
        await StartAsync();

        var second = await _tracker.UpAsync();
        second.ExitCode.ShouldBe(1);
        second.Output.ShouldContain($"already runs on {_tracker.Data} (http://localhost:{_tracker.Port}");

        var web = ProcessId("web");
        Kill(web);
        await UntilAsync(async () => ProcessId("web") != web && await IsReadyAsync());

        Kill(ProcessId("supervisor"));
        var orphans = new[] { ProcessId("web"), ProcessId("host-1"), ProcessId("postgres") };
        orphans.ShouldAllBe(id => Directory.Exists($"/proc/{id}"));
        await StartAsync();
        orphans.ShouldAllBe(id => !Directory.Exists($"/proc/{id}"));
        (await IsReadyAsync()).ShouldBeTrue();

        var down = await _tracker.DownAsync();
        down.ExitCode.ShouldBe(0, down.Output);
        ProcessesOfTheTracker().ShouldBeEmpty();
    }

    [Fact(Timeout = 600_000)]
    public async Task A_taken_port_is_named_with_the_option_that_chooses_another()
    {
        using var other = new TcpListener(IPAddress.Loopback, _tracker.Port);
        other.Start();

        var outcome = await _tracker.UpAsync();

        outcome.ExitCode.ShouldBe(1);
        outcome.Output.ShouldContain($"port {_tracker.Port} is taken by another program; choose another one with --port");
        ProcessesOfTheTracker().ShouldBeEmpty();
    }

    [Fact(Timeout = 600_000)]
    public async Task A_database_that_cannot_be_reached_ends_the_start_with_its_address()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();

        var outcome = await _tracker.RunAsync(
            ["up", "--detach", "--port", $"{_tracker.Port}"], ("TRACKER_DB", $"Host=127.0.0.1;Port={port};Database=tracker;Username=tracker;Password=x"));

        outcome.ExitCode.ShouldBe(1);
        outcome.Output.ShouldContain($"Postgres at 127.0.0.1:{port}, database 'tracker' cannot be reached");
        ProcessesOfTheTracker().ShouldBeEmpty();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--port 0", "--port must be a whole number from 1 to 65535, not '0'")]
    [InlineData("--slots many", "--slots must be a whole number from 1 to 64, not 'many'")]
    [InlineData("--prot 5080", "unknown option '--prot'")]
    [InlineData("--port", "--port needs a value")]
    public async Task A_wrong_option_is_told_before_anything_starts(string options, string message)
    {
        var outcome = await _tracker.RunAsync(["up", .. options.Split(' ')]);

        outcome.ExitCode.ShouldBe(1);
        outcome.Output.ShouldContain(message);
    }

    [Fact(Timeout = 60_000)]
    public async Task Stopping_what_does_not_run_is_no_fault()
    {
        var outcome = await _tracker.DownAsync();

        outcome.ExitCode.ShouldBe(0);
        outcome.Output.ShouldContain("Nothing runs");
    }

    private async Task StartAsync()
    {
        var outcome = await _tracker.UpAsync();
        outcome.ExitCode.ShouldBe(0, outcome.Output);
    }

    private int ProcessId(string name)
    {
        var file = Path.Combine(_tracker.Data, "run", $"{name}.pid");
        return File.Exists(file) && File.ReadAllText(file).Split(' ') is [var id, _] ? int.Parse(id, CultureInfo.InvariantCulture) : 0;
    }

    private static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    private async Task<bool> IsReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = _tracker.Url, Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using var response = await client.GetAsync(new Uri("readyz", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Processes that have the data directory in their command line or environment, as all of ours do.</summary>
    private List<string> ProcessesOfTheTracker() =>
        [.. Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)).Select(Describe).Where(t => t.Contains(_tracker.Data, StringComparison.Ordinal))];

    private static string Describe(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")) + File.ReadAllText(Path.Combine(process, "environ"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked, or belongs to somebody else.
            return "";
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(s_patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await holds()) await timer.WaitForNextTickAsync(limit.Token);
    }
}
