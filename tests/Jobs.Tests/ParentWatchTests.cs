using System.Diagnostics;
using Tracker.Jobs.Supervision;
using Tracker.Jobs.Tests.Fakes;

namespace Tracker.Jobs.Tests;

/// <summary>Real children, which wait for their order, under a shell in the place of the host.</summary>
public sealed class ParentWatchTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_child_dies_with_its_host_although_its_input_stays_open()
    {
        using var shell = Start("$$", "exec 3<>input");
        var child = await ChildAsync(shell);
        NativeProcess.Signal(shell.Id, NativeProcess.SigKill);

        await EndAsync(child);
    }

    [Fact]
    public async Task A_child_ends_when_its_input_ends_although_its_host_lives()
    {
        using var shell = Start("$$", "exec 3</dev/null");
        await EndAsync(await ChildAsync(shell));
        shell.HasExited.ShouldBeFalse();
        shell.Kill();
    }

    [Fact]
    public async Task A_child_whose_host_died_before_it_could_watch_ends_at_once()
    {
        using var shell = Start("1", "exec 3<>input");
        await EndAsync(await ChildAsync(shell));
        shell.HasExited.ShouldBeFalse();
        shell.Kill();
    }

    /// <summary>The shell starts the child with descriptor 3 as its input, tells the child's id, and stays.</summary>
    private Process Start(string parent, string input)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Tracker.Jobs");
        var script = $"mkfifo input; {input}; '{program}' train --run 1 --attempt 1 --parent {parent} <&3 >/dev/null 2>&1 & echo $!; read -r never <input";
        var info = new ProcessStartInfo("/bin/bash", ["-c", script]) { WorkingDirectory = _directory.Path, RedirectStandardOutput = true, UseShellExecute = false };
        return Process.Start(info)!;
    }

    private static async Task<int> ChildAsync(Process shell) => int.Parse((await shell.StandardOutput.ReadLineAsync().WaitAsync(TestLimits.Wait))!);

    private static async Task EndAsync(int processId)
    {
        using var process = Find(processId);
        if (process is not null) await process.WaitForExitAsync().WaitAsync(TestLimits.Wait);
    }

    private static Process? Find(int processId)
    {
        try
        {
            return Process.GetProcessById(processId);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
