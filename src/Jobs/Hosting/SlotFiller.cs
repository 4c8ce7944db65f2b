using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tracker.Jobs.Database;
using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>
/// Fetches runs for this host's free slots: when one has left, when a notification says that something may start, and every two seconds,
/// since notifications are lost while the connection is and waits after a crash end unannounced.
/// </summary>
internal sealed class SlotFiller(
    IDispatcher dispatcher, IRunQueueHost queue, HostIdentity host, TimeProvider clock, ILogger<SlotFiller> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);
    private readonly LoopFaults _faults = new(logger, "runs are fetched");
    private readonly Channel<bool> _look = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Has the free slots looked at; returns at once.</summary>
    public void Look() => _look.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = clock.CreateTimer(_ => Look(), state: null, TimeSpan.Zero, s_period);
        var unsure = false;
        while (true)
        {
            await _look.Reader.ReadAsync(stoppingToken);
            try
            {
                if (await dispatcher.FillAsync(host.Id, stoppingToken) > 0 || unsure) await queue.NudgeAsync(stoppingToken);
                unsure = false;
                _faults.Passed();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The heartbeat tells outages. What failed may have been committed all the same: then the engine holds runs that it has not looked for.
                unsure = true;
                _faults.Tell(e, DatabaseFaults.IsTemporary(e));
            }
        }
    }
}
