using System.Diagnostics;
using System.Globalization;

namespace Tracker.Benchmarks;

/// <summary>A program of the product that serves until it is told to end.</summary>
internal sealed class MeasuredServer : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private static readonly double s_ticksPerSecond = 100;
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _output = new();

    private MeasuredServer(ProcessStartInfo start, string readySign)
    {
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        void Keep(string? line)
        {
            if (line is null) return;
            lock (_output) _output.Enqueue(line);
            if (line.Contains(readySign, StringComparison.Ordinal)) _ready.TrySetResult();
        }
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts a program and waits until it prints that it is ready.</summary>
    public static async Task<MeasuredServer> StartAsync(string program, string readySign, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(program)),
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var server = new MeasuredServer(start, readySign);
        try
        {
            await Task.WhenAny(server._ready.Task, server._process.WaitForExitAsync()).WaitAsync(s_startLimit);
            if (server._ready.Task.IsCompleted) return server;
            lock (server._output) throw new InvalidOperationException($"{program} ended while starting: {string.Join('\n', server._output)}");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The share of a core that it uses over a while, in percent.</summary>
    public async Task<double> CpuPercentAsync(TimeSpan time)
    {
        var (before, clock) = (CpuTicks(), Stopwatch.StartNew());
        await Task.Delay(time);
        return 100 * (CpuTicks() - before) / s_ticksPerSecond / clock.Elapsed.TotalSeconds;
    }

    /// <summary>The time that processors have given it so far.</summary>
    public TimeSpan Processors => TimeSpan.FromSeconds(CpuTicks() / s_ticksPerSecond);

    /// <summary>Memory that it holds now.</summary>
    public double ResidentMegabytes()
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Fields 14 and 15, user and system, in ticks of which Linux tells a program 100 a second on every machine.</summary>
    private long CpuTicks()
    {
        var fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }
}
