using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tracker.Jobs.Database;
using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>
/// Runs the job engine's node: takes runs from the start, drains and resumes on a user's wish, and drains at the end. Registered last,
/// so that it stops first and the heartbeat tells until the last run has left.
/// </summary>
internal sealed partial class QueueNode(
    IRunQueueHost queue, IDispatcher dispatcher, HostIdentity host, ActiveRuns runs, SlotFiller slots, DatabaseRetry retry, ILogger<QueueNode> logger) : BackgroundService
{
    private readonly LoopFaults _faults = new(logger, "a wish to drain or to resume is carried out");

    // Only the latest wish counts.
    private readonly Channel<bool> _wishes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Passes on whether the host should drain; returns at once.</summary>
    public void Wish(bool drain) => _wishes.Writer.TryWrite(drain);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (runs.Count > 0) LogEnding(runs.Count);
        await base.StopAsync(cancellationToken);
        try
        {
            await DrainAsync(cancellationToken);
            await queue.StopAsync(cancellationToken);
        }
        catch (Exception e) when (DatabaseFaults.IsTemporary(e))
        {
            LogStoppedAlone(DatabaseFaults.Reason(e));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await retry.ExecuteAsync(queue.StartAsync, stoppingToken);
        var draining = false;
        await foreach (var drain in _wishes.Reader.ReadAllAsync(stoppingToken))
        {
            if (drain == draining) continue;
            try
            {
                await ChangeAsync(drain, stoppingToken);
                draining = drain;
                _faults.Passed();
            }
            // The next heartbeat repeats the wish.
            catch (Exception e) when (DatabaseFaults.IsTemporary(e))
            {
                LogUnchanged(DatabaseFaults.Reason(e));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                _faults.Tell(e, isTransient: false);
            }
        }
    }

    private async Task ChangeAsync(bool drain, CancellationToken cancellationToken)
    {
        if (!drain)
        {
            LogResumed();
            await queue.ResumeAsync(cancellationToken);
            slots.Look();
            return;
        }
        LogDraining(runs.Count);
        await DrainAsync(cancellationToken);
        // A fill that was under way when the drain began may have given this host more.
        await dispatcher.TakeBackAsync(host.Id, cancellationToken);
    }

    /// <summary>What was given to this host and has not begun goes back at once, while the runs that have begun write their checkpoints.</summary>
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        var drained = queue.DrainAsync(cancellationToken);
        try
        {
            await dispatcher.TakeBackAsync(host.Id, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogKept(DatabaseFaults.Reason(e));
        }
        await drained;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining on a user's wish: {Count} runs are put back, no more are taken.")]
    private partial void LogDraining(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Taking runs again.")]
    private partial void LogResumed();

    [LoggerMessage(Level = LogLevel.Information, Message = "Ending: {Count} runs write a checkpoint and are put back in the queue.")]
    private partial void LogEnding(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What has not begun here could not be put back yet ({Reason}).")]
    private partial void LogKept(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The wish could not be carried out ({Reason}); trying again soon.")]
    private partial void LogUnchanged(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The job engine could not sign off ({Reason}); other hosts take over after a few seconds.")]
    private partial void LogStoppedAlone(string reason);
}
