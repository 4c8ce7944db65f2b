using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tracker.Storage.External;
using Tracker.Storage.Scheduling;

namespace Tracker.Storage.Runs;

/// <summary>
/// What every host does for the queue beside training: every few seconds it takes back what vanished hosts held and brings expected
/// durations up to date, and at start and every minute it repairs what state and job engine disagree about and gives up runs from outside
/// that nobody reports on any more. Each by itself, so that none
/// waits for another that is slow or fails.
/// </summary>
internal sealed partial class QueueUpkeep(
    RunReconciler reconciler, IDispatcher dispatcher, RunRates rates, LostReports reports, SchemaGuard schema, TimeProvider clock, ILogger<QueueUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_repair = TimeSpan.FromMinutes(1);
    private readonly ServerContact _contact = new();
    private readonly long _started = clock.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.WaitAsync(TimeSpan.MaxValue, waiting: null, stoppingToken);
        await Task.WhenAll(
            RepeatAsync("Runs of vanished hosts", s_look, token => dispatcher.RecoverAsync(_contact.Note, token), stoppingToken),
            RepeatAsync("Expected durations", s_refresh, rates.RefreshAsync, stoppingToken),
            RepeatAsync("Disagreements of state and job engine", s_repair, reconciler.RepairAsync, stoppingToken),
            RepeatAsync("Runs from outside that are silent", s_repair, GiveUpAsync, stoppingToken));
    }

    /// <summary>Programs that were silent only because nobody was there to report to get the time to be heard of again.</summary>
    private Task GiveUpAsync(CancellationToken cancellationToken) =>
        clock.GetElapsedTime(_started) > ExternalRun.SilentAfter ? reports.GiveUpAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>What failed is tried again soon, and is told again only when it fails otherwise.</summary>
    private async Task RepeatAsync(string what, TimeSpan period, Func<CancellationToken, Task> look, CancellationToken cancellationToken)
    {
        string? told = null;
        while (true)
        {
            var pause = period;
            try
            {
                await look(cancellationToken);
                told = null;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                var reason = e.GetBaseException().Message.ReplaceLineEndings(" ");
                if (reason != told) Log(what, reason, e);
                told = reason;
                pause = s_look;
            }
            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    private void Log(string what, string reason, Exception exception)
    {
        if (TransientErrors.IsTransient(exception)) LogAway(logger, reason, what);
        else LogFailure(logger, what, exception);
    }

    [LoggerMessage(2, LogLevel.Warning, "The queue cannot be looked after while Postgres is away ({Reason}). {What}: tried again.")]
    private static partial void LogAway(ILogger logger, string reason, string what);

    [LoggerMessage(1, LogLevel.Error, "The queue could not be looked after. {What}: tried again.")]
    private static partial void LogFailure(ILogger logger, string what, Exception exception);
}
