using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Tracker.Tests.Postgres;

/// <summary>
/// A private PostgreSQL server in a temporary folder on a free loopback port, without fsync. A shell watches over it: it stops the
/// server and removes the folder when this process ends, however it ends, because then its standard input closes.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly string _folder;
    private readonly int _port;
    private Process _shell;

    private PostgresCluster(string folder, int port)
    {
        _folder = folder;
        _port = port;
        _shell = Launch();
    }

    /// <summary>Connects to the server's maintenance database as superuser.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres";

    /// <summary>Makes and starts a server.</summary>
    public static async Task<PostgresCluster> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("tracker-pg-").FullName;
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", "postgres", folder);
        await RunAsPostgresAsync($"\"{Tool("initdb")}\" -D \"{folder}/data\" -U postgres -A trust -E UTF8 --locale C.UTF-8 --no-sync");
        var cluster = new PostgresCluster(folder, FreePort());
        await cluster.WaitAsync();
        return cluster;
    }

    /// <summary>Stops the server as an administrator would (sessions are ended), keeping its data.</summary>
    public async Task StopAsync()
    {
        await RunAsPostgresAsync($"\"{Tool("pg_ctl")}\" stop -D \"{_folder}/data\" -m fast -w");
        await _shell.WaitForExitAsync();
    }

    /// <summary>
    /// Kills the server and all its sessions at once, as a crash does, keeping its data. What was committed is kept too: only fsync is off,
    /// which matters when the machine crashes.
    /// </summary>
    public async Task KillAsync()
    {
        var server = int.Parse((await File.ReadAllLinesAsync($"{_folder}/data/postmaster.pid"))[0], CultureInfo.InvariantCulture);
        int[] all = [server, .. ChildrenOf(server)];
        foreach (var process in all) Kill(process);
        await _shell.WaitForExitAsync();
        // A new server refuses to start as long as one of them lives and holds the memory that they shared.
        while (all.Any(IsAlive)) await Task.Delay(20);
    }

    /// <summary>Starts the server again after <see cref="StopAsync"/> or <see cref="KillAsync"/>, on the same port.</summary>
    public async Task RestartAsync()
    {
        _shell.Dispose();
        _shell = Launch();
        await WaitAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Kill();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Tells the shell to stop the server, without waiting.</summary>
    internal void Kill() => _shell.StandardInput.Close();

    /// <summary>The shell ends with the server when it is stopped from outside, and keeps the data; else it takes both down.</summary>
    private Process Launch()
    {
        var script = $"""
            "{Tool("postgres")}" -D "{_folder}/data" -p {_port} -k "{_folder}" -c listen_addresses=127.0.0.1 \
              -c fsync=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB \
              >>"{_folder}/log" 2>&1 </dev/null &
            server=$!
            exec 3<&0
            (cat <&3 >/dev/null; touch "{_folder}/over"; kill -QUIT $server 2>/dev/null) &
            watch=$!
            exec 0</dev/null 3<&0
            wait $server
            if [ -e "{_folder}/over" ]; then rm -rf "{_folder}"; else kill $watch 2>/dev/null; fi
            """;
        var start = AsPostgres(script);
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    private static IEnumerable<int> ChildrenOf(int parent) =>
        File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture));

    private static void Kill(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It ended by itself, as servers do when their parent is gone.
        }
    }

    /// <summary>Whether a process lives; a zombie does not.</summary>
    private static bool IsAlive(int processId)
    {
        try
        {
            return !File.ReadAllText($"/proc/{processId}/stat").Split(')')[^1].StartsWith(" Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task WaitAsync()
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
                await using var connection = await source.OpenConnectionAsync();
                return;
            }
            catch (NpgsqlException) when (started.Elapsed < s_patience && !_shell.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    public static string Tool(string name)
    {
        var installed = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin", name)) : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(d => Path.Combine(d, name));
        return installed.Where(File.Exists).Order(StringComparer.Ordinal).LastOrDefault() ?? onPath.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"PostgreSQL's {name} was not found. Install postgresql, or set TRACKER_TEST_DB to a server where tests may create databases.");
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static ProcessStartInfo AsPostgres(string script) =>
        Environment.IsPrivilegedProcess ? new("runuser", ["-u", "postgres", "--", "sh", "-c", script]) { WorkingDirectory = "/" } : new("sh", ["-c", script]);

    private static Task RunAsPostgresAsync(string script) => RunAsync(AsPostgres(script));

    private static Task RunAsync(string file, params string[] arguments) => RunAsync(new ProcessStartInfo(file, arguments));

    private static async Task RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} {start.ArgumentList.LastOrDefault()} ended with {process.ExitCode}: {errors}{await output}");
    }
}
