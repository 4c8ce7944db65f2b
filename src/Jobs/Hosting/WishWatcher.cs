using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tracker.Domain;
using Tracker.Jobs.Database;
using Tracker.Jobs.Supervision;
using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>
/// Carries out users' wishes for the runs held here, and passes on that something may start. A notification makes it look at once; it also looks every few seconds, since
/// notifications are lost while the connection is. Outages are the heartbeat's to tell.
/// </summary>
internal sealed class WishWatcher(
    IAttempts attempts, IChanges changes, HostIdentity host, ActiveRuns runs, SlotFiller slots, TimeProvider clock, ILogger<WishWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(3);
    private readonly LoopFaults _listening = new(logger, "notifications are listened to");
    private readonly LoopFaults _looking = new(logger, "users' wishes are read");
    private readonly Channel<bool> _look = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = clock.CreateTimer(_ => _look.Writer.TryWrite(true), state: null, s_period, s_period);
        await Task.WhenAll(ListenAsync(stoppingToken), LookAsync(stoppingToken));
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in changes.ListenAsync(stoppingToken))
                {
                    _listening.Passed();
                    if (change.Kind == ChangeKind.Wish) _look.Writer.TryWrite(true);
                    if (change.Kind == ChangeKind.Queue) slots.Look();
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                _listening.Tell(e, DatabaseFaults.IsTemporary(e));
            }
            await Task.Delay(s_period, clock, stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _look.Reader.ReadAsync(stoppingToken);
            if (runs.Count == 0) continue;
            try
            {
                foreach (var (runId, wish) in await attempts.WishesAsync(host.Id, stoppingToken)) runs.Stop(runId, ReasonOf(wish));
                _looking.Passed();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                _looking.Tell(e, DatabaseFaults.IsTemporary(e));
            }
        }
    }

    private static StopReason ReasonOf(RunWish wish) => wish switch
    {
        RunWish.Pause => StopReason.Pause,
        RunWish.Cancel => StopReason.Cancel,
        _ => StopReason.None,
    };
}
