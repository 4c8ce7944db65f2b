using Tracker.Storage;

namespace Tracker.Web.Hosting;

/// <summary>Removes for good what was purged from the recycle bin, and what has been there for long enough.</summary>
public sealed partial class PurgeJob(IPurge purge, TimeProvider clock, ILogger<PurgeJob> logger) : BackgroundService
{
    // What is to go is invisible already: this is only how soon its space is free.
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly LoopFaults _faults = new(logger, "removing what was purged");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Actor.Current = Actor.System;
        using var timer = new PeriodicTimer(s_interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await WorkAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends; what is left goes next time.
        }
    }

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await purge.WorkAsync(stoppingToken) is { } done && done.Runs + done.Sweeps > 0) Purged(done.Runs, done.Sweeps);
            _faults.Passed();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _faults.Tell(e);
        }
    }

    [LoggerMessage(32, LogLevel.Information, "Removed {Runs} runs and {Sweeps} sweeps for good")]
    private partial void Purged(int runs, int sweeps);
}
