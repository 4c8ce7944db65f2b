using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Tracker.System.Tests.Support;

/// <summary>A real job host.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private const int SigInt = 2;
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(string connectionString, string dataDirectory, string name, string[] arguments, Dictionary<string, string>? environment = null)
    {
        Name = name;
        var info = new ProcessStartInfo(
            Program, ["host", "--name", name, "--data", dataDirectory, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.Environment["TRACKER_DB"] = connectionString;
        foreach (var (key, value) in environment ?? []) info.Environment[key] = value;
        _process = Process.Start(info)!;
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The executable, of hosts and of trainings.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Tracker.Jobs");

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Everything that it printed.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts a host with one slot and one thread, unless the arguments say otherwise.</summary>
    public static HostProcess Start(string connectionString, string dataDirectory, string name, params string[] arguments) =>
        new(connectionString, dataDirectory, name, arguments);

    /// <summary>Starts a host with more variables.</summary>
    public static HostProcess Start(string connectionString, string dataDirectory, string name, Dictionary<string, string> environment, params string[] arguments) =>
        new(connectionString, dataDirectory, name, arguments, environment);

    /// <summary>Waits until it has registered itself.</summary>
    public async Task<HostProcess> ReadyAsync()
    {
        await Task.WhenAny(_ready.Task, _process.WaitForExitAsync()).WaitAsync(Limits.Start);
        if (!_ready.Task.IsCompleted) throw new InvalidOperationException($"The host ended with {_process.ExitCode}:\n{Output}");
        return this;
    }

    /// <summary>Kills it without warning.</summary>
    public async Task KillAsync()
    {
        Signal(_process.Id, SigKill);
        await _process.WaitForExitAsync().WaitAsync(Limits.Start);
    }

    /// <summary>Stops its clock: not one of its instructions is executed, but its children go on.</summary>
    public void Freeze() => Signal(_process.Id, SigStop);

    /// <summary>Lets it go on after <see cref="Freeze"/>.</summary>
    public void Thaw() => Signal(_process.Id, SigCont);

    /// <summary>Asks it to end, without waiting for that.</summary>
    public void Terminate() => Signal(_process.Id, SigTerm);

    /// <summary>What Ctrl-C does.</summary>
    public void Interrupt() => Signal(_process.Id, SigInt);

    /// <summary>Asks it to end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        Signal(_process.Id, SigTerm);
        return await ExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Limits.Drain);
            return _process.ExitCode;
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"The host did not end within {Limits.Drain.TotalSeconds:0} s; its children: {Children().Count}.\n{Output}", e);
        }
    }

    /// <summary>The training processes that it has started and that live.</summary>
    public IReadOnlyList<int> Children() => [.. Trainings().Select(t => t.Id)];

    /// <summary>The same, with what they train.</summary>
    public IReadOnlyList<TrainingProcess> Trainings() => [.. TrainingProcess.All().Where(p => p.ParentId == _process.Id)];

    /// <summary>Ends it in order, so that nothing of its runs is left to be repaired; one that is frozen or cut off is killed a little later.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(_process.Id, SigTerm);
            await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(Limits.Farewell));
        }
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    /// <summary>Kills any process without warning; one that is gone already is fine.</summary>
    public static void KillNow(int processId) => Signal(processId, SigKill);

    /// <summary>Whether a process lives (and is no zombie).</summary>
    public static bool IsAlive(int processId) => TrainingProcess.ParentOf(processId) is not null;

    private void Keep(string? line)
    {
        if (line is null) return;
        _output.Enqueue(line);
        if (line.Contains(" offers ", StringComparison.Ordinal)) _ready.TrySetResult();
    }

    private static void Signal(int processId, int signal) => _ = Kill(processId, signal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
