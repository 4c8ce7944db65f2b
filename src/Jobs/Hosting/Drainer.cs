using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tracker.Jobs.Hosting;

/// <summary>Starts the drain the moment the host is asked to end, before any other service stops.</summary>
internal sealed partial class Drainer(IHostApplicationLifetime lifetime, ActiveRuns runs, ILogger<Drainer> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() =>
        {
            if (runs.Count > 0) LogDraining(runs.Count);
            runs.Drain();
        });
        return Task.CompletedTask;
    }

    /// <summary>Waits until the last run has left; the host's own limit ends the wait.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => runs.AllLeftAsync().WaitAsync(cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ending: {Count} runs write a checkpoint and are put back in the queue.")]
    private partial void LogDraining(int count);
}
