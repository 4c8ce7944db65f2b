using Microsoft.Extensions.DependencyInjection;
using Quartz.Extensibility;

namespace Tracker.Storage.JobEngine.QuartzAdapter;

/// <inheritdoc cref="IRunQueueHost" />
internal sealed class QuartzRunHost(QuartzScheduler scheduler, [FromKeyedServices(QuartzSetup.SchedulerName)] ISchedulerSignaler signaler) : IRunQueueHost, IDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _draining = new();
    private TaskCompletionSource? _idle;
    private int _executing;

    public async Task StartAsync(CancellationToken cancellationToken) => await (await scheduler.GetAsync(cancellationToken)).Start(cancellationToken);

    public Task NudgeAsync(CancellationToken cancellationToken) => signaler.SignalSchedulingChange(candidateNewNextFireTimeUtc: null, cancellationToken).AsTask();

    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await (await scheduler.GetAsync(cancellationToken)).Standby(cancellationToken);
        await _draining.CancelAsync();
        Task idle;
        lock (_gate)
        {
            if (_executing == 0) return;
            _idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            idle = _idle.Task;
        }
        await idle.WaitAsync(cancellationToken);
    }

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_draining.IsCancellationRequested) return;
            _draining.Dispose();
            _draining = new();
        }
        await StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken);
        await (await scheduler.GetAsync(cancellationToken)).Shutdown(waitForJobsToComplete: true, cancellationToken);
    }

    /// <summary>Notes that a run is being executed, until <see cref="Leave"/>.</summary>
    /// <returns>The token that is set while the host drains.</returns>
    public CancellationToken Enter()
    {
        lock (_gate)
        {
            _executing++;
            return _draining.Token;
        }
    }

    /// <summary>Notes that a run is no longer being executed.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (--_executing > 0) return;
            _idle?.SetResult();
            _idle = null;
        }
    }

    public void Dispose() => _draining.Dispose();
}
