using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Hosting;

/// <summary>Removes what the rules of retention say, and what broken uploads left, every hour.</summary>
public sealed partial class RetentionJob(
    [FromKeyedServices(Guards.Unguarded)] IRetention retention, ArtifactFiles artifacts, TimeProvider clock, ILogger<RetentionJob> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Actor.Current = Actor.System;
        using var timer = new PeriodicTimer(s_interval, clock);
        Clean();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await ApplyAsync(stoppingToken);
                Clean();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends; what is left goes next time.
        }
    }

    private async Task ApplyAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await retention.ApplyAsync(stoppingToken) is { IsEmpty: false } pass) Removed(pass.Logs, pass.Events, pass.Points, pass.Checkpoints);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failed(e.GetBaseException().Message);
        }
    }

    private void Clean()
    {
        try
        {
            if (artifacts.RemoveAbandoned() is > 0 and var files) Abandoned(files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotCleaned(e.Message);
        }
    }

    [LoggerMessage(30, LogLevel.Information, "Removed {Logs} lines of logs, {Events} events, {Points} points and {Checkpoints} checkpoints of runs that ended long ago")]
    private partial void Removed(long logs, long events, long points, long checkpoints);

    [LoggerMessage(31, LogLevel.Warning, "What the rules of retention say could not be removed; the next try is in an hour: {Reason}")]
    private partial void Failed(string reason);

    [LoggerMessage(32, LogLevel.Information, "Removed {Files} half-written artifacts, to which nothing was added for a day")]
    private partial void Abandoned(int files);

    [LoggerMessage(33, LogLevel.Warning, "Half-written artifacts could not be removed; the next try is in an hour: {Reason}")]
    private partial void NotCleaned(string reason);
}
