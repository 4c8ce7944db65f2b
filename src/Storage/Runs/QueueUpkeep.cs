using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tracker.Storage.Scheduling;

namespace Tracker.Storage.Runs;

/// <summary>
/// What every host does for the queue beside training: every few seconds it takes back what vanished hosts held and brings expected
/// durations up to date, and at start and every minute it repairs what state and job engine disagree about.
/// </summary>
internal sealed partial class QueueUpkeep(
    RunReconciler reconciler, IDispatcher dispatcher, RunRates rates, SchemaGuard schema, TimeProvider clock, ILogger<QueueUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_repair = TimeSpan.FromMinutes(1);
    private bool _failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.WaitAsync(TimeSpan.MaxValue, waiting: null, stoppingToken);
        using var timer = new PeriodicTimer(s_look, clock);
        var inContactSince = clock.GetTimestamp();
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
                if (clock.GetElapsedTime(inContactSince) > HostView.LostAfter) await dispatcher.RecoverAsync(stoppingToken);
                await rates.RefreshAsync(stoppingToken);
                _failing = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!_failing) Log(e);
                _failing = true;
            }
            // Others may have been cut off just as long: they get the time to be heard of again.
            if (_failing) inContactSince = clock.GetTimestamp();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Log(Exception exception)
    {
        if (TransientErrors.IsTransient(exception)) LogAway(logger, exception.GetBaseException().Message.ReplaceLineEndings(" "));
        else LogFailure(logger, exception);
    }

    [LoggerMessage(2, LogLevel.Warning, "The queue cannot be looked after while Postgres is away ({Reason}); it is tried again.")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(1, LogLevel.Warning, "The queue could not be looked after; it is tried again.")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
