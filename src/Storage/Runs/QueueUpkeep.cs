using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tracker.Storage.Runs;

/// <summary>
/// What every host does for the queue beside training: hands over delayed runs when their wait is over, and repairs at start and every
/// minute what state and job engine disagree about.
/// </summary>
internal sealed partial class QueueUpkeep(RunReconciler reconciler, SchemaGuard schema, TimeProvider clock, ILogger<QueueUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan s_release = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_repair = TimeSpan.FromMinutes(1);
    private bool _failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.WaitAsync(TimeSpan.MaxValue, waiting: null, stoppingToken);
        using var timer = new PeriodicTimer(s_release, clock);
        long? repaired = null;
        do
        {
            try
            {
                if (repaired is null || clock.GetElapsedTime(repaired.Value) >= s_repair)
                {
                    await reconciler.RepairAsync(stoppingToken);
                    repaired = clock.GetTimestamp();
                }
                await reconciler.ReleaseDueAsync(stoppingToken);
                _failing = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!_failing) LogFailure(logger, e);
                _failing = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Warning, "The queue could not be looked after; it is tried again.")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
