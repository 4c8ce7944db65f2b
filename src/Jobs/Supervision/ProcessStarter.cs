using System.Collections.Concurrent;
using System.Diagnostics;

namespace Tracker.Jobs.Supervision;

/// <summary>
/// Starts all children from one thread that lives as long as the host: the kernel sends the parent-death signal when the thread that
/// forked ends, and threads of the pool end whenever the pool thinks fit.
/// </summary>
internal sealed class ProcessStarter : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> _orders = [];
    private readonly Thread _thread;

    public ProcessStarter()
    {
        _thread = new Thread(Serve) { IsBackground = true, Name = "child starter" };
        _thread.Start();
    }

    /// <summary>Starts a process.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The file cannot be executed.</exception>
    public Task<Process> StartAsync(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _orders.Add((info, started));
        return started.Task;
    }

    /// <summary>Ends the thread; the children must have ended before.</summary>
    public void Dispose()
    {
        _orders.CompleteAdding();
        _thread.Join();
        _orders.Dispose();
    }

    private void Serve()
    {
        foreach (var (info, started) in _orders.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(info) ?? throw new InvalidOperationException($"'{info.FileName}' was not started."));
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        }
    }
}
