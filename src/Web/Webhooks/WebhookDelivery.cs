using System.Collections.Concurrent;
using Tracker.Storage;
using Tracker.Web.Live;

namespace Tracker.Web.Webhooks;

/// <summary>
/// Sends what is due: at once when the database tells of something new, else every few seconds. Several processes share the work, and what
/// one of them had in hand when it died is sent again.
/// </summary>
public sealed partial class WebhookDelivery(
    IWebhookQueue queue, WebhookSender sender, LiveHub hub, TimeProvider clock, ILogger<WebhookDelivery> logger) : BackgroundService
{
    /// <summary>For retries, and for what was not told because the connection was lost.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    /// <summary>Longer than a try can take; then it is taken for lost.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private const int PerWebhook = 4;
    private const int AtOnce = 32;

    /// <summary>The events of runs, and what became of sending them, are of interest for a month.</summary>
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(30);

    private static readonly TimeSpan s_cleaning = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<long, int> _busy = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly LoopFaults _faults = new(logger, "sending webhooks");
    private DateTimeOffset _cleaned;

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Actor.Current = Actor.System;
        using var subscription = hub.Subscribe(change => change.Kind == ChangeKind.Webhook, _ => WakeAsync());
        var sending = new ConcurrentDictionary<Task, byte>();
        try
        {
            while (true)
            {
                foreach (var delivery in await TakeAsync(stoppingToken))
                {
                    _busy.AddOrUpdate(delivery.WebhookId, 1, (_, count) => count + 1);
                    var task = DeliverAsync(delivery, stoppingToken);
                    sending.TryAdd(task, 0);
                    _ = task.ContinueWith(done => sending.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                }
                await _wake.WaitAsync(s_look, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is being sent ends by the same token, and is due again for whoever comes next.
            await Task.WhenAll(sending.Keys);
        }
    }

    private async Task<IReadOnlyList<DueDelivery>> TakeAsync(CancellationToken stoppingToken)
    {
        try
        {
            var now = clock.GetUtcNow();
            if (now - _cleaned > s_cleaning)
            {
                await queue.ForgetAsync(now - s_kept, stoppingToken);
                _cleaned = now;
            }
            var free = AtOnce - _busy.Values.Sum();
            if (free <= 0) return [];
            var taken = await queue.TakeAsync(now, Lease, [.. _busy.Keys], PerWebhook, free, stoppingToken);
            _faults.Passed();
            return taken;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _faults.Tell(e);
            return [];
        }
    }

    private async Task DeliverAsync(DueDelivery delivery, CancellationToken stoppingToken)
    {
        // Off the loop, which goes on taking.
        await Task.Yield();
        try
        {
            var attempt = await sender.SendAsync(delivery, stoppingToken);
            await RecordAsync(delivery, attempt, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Nobody knows what became of it: it is due again when its lease ends.
        }
        catch (Exception e)
        {
            _faults.Tell(e);
        }
        finally
        {
            Release(delivery.WebhookId);
            await WakeAsync();
        }
    }

    private async Task RecordAsync(DueDelivery delivery, DeliveryAttempt attempt, CancellationToken cancellationToken)
    {
        var nextAt = delivery.Kind == WebhookEvents.Test ? null : clock.GetUtcNow() + WebhookRetries.After(delivery.Round, Random.Shared.NextDouble());
        if (await queue.RecordAsync(delivery, attempt, nextAt, WebhookRetries.Patience, cancellationToken)) Paused(delivery.WebhookId, attempt.Error!);
    }

    private void Release(long webhookId)
    {
        while (_busy.TryGetValue(webhookId, out var count))
        {
            if (count > 1 ? _busy.TryUpdate(webhookId, count - 1, count) : _busy.TryRemove(new(webhookId, count))) return;
        }
    }

    private Task WakeAsync()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0) _wake.Release();
        }
        return Task.CompletedTask;
    }

    [LoggerMessage(40, LogLevel.Warning, "Webhook {Webhook} is paused: nothing could be delivered for days. Last: {Reason}")]
    private partial void Paused(long webhook, string reason);
}
