using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Live;

/// <summary>The one listener of the web process: turns notifications of the database into events, and comes back after every loss of the connection.</summary>
public sealed partial class ChangeListener(IChanges changes, LiveHub hub, LiveStatus status, AccountRegister accounts, TimeProvider clock, ILogger<ChangeListener> logger) : BackgroundService
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // A connection that cannot be made fails faster than this; one that holds so long is listening.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = FirstWait;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(() => wait = FirstWait, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (status.Lost())
                    ConnectionLost(exception.Message);
            }
            await Task.Delay(wait, clock, stoppingToken);
            wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestWait.Ticks));
        }
    }

    private async Task ListenAsync(Action listening, CancellationToken stoppingToken)
    {
        await using var notifications = changes.ListenAsync(stoppingToken).GetAsyncEnumerator(stoppingToken);
        var next = notifications.MoveNextAsync().AsTask();
        await Task.WhenAny(next, Task.Delay(Settled, clock, stoppingToken));
        if (!next.IsFaulted)
        {
            listening();
            if (status.Found())
                Listening();
            accounts.ForgetAll();
            // What happened while nobody listened is not told: everyone loads anew.
            hub.PublishAll();
        }
        while (await next)
        {
            if (notifications.Current.Kind == ChangeKind.Account) accounts.Forget(notifications.Current.Id);
            else hub.Publish(notifications.Current);
            next = notifications.MoveNextAsync().AsTask();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening to the database's notifications.")]
    private partial void Listening();

    [LoggerMessage(Level = LogLevel.Warning, Message = "No notifications from the database, trying again: {Reason}")]
    private partial void ConnectionLost(string reason);
}
