using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tracker.Jobs.Database;
using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>
/// Tells every two seconds that the host lives, and passes on a wish to drain. Outages of Postgres are sat out. After a silence in which
/// others may have taken the runs of this host it has its children looked after; when its name was taken over it ends on the spot.
/// </summary>
internal sealed partial class Heartbeat(
    IHosts hosts, HostIdentity host, QueueNode node, ChildUpkeep children, HostEnd end, TimeProvider clock, ILogger<Heartbeat> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);

    private readonly LoopFaults _faults = new(logger, "the heartbeat is told");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, clock);
        var heard = true;
        do
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                limit.CancelAfter(s_limit);
                var reply = await hosts.HeartbeatAsync(host.Id, host.Instance, limit.Token);
                if (!heard) LogHeard();
                heard = true;
                _faults.Passed();
                node.Wish(reply.Drain);
                if (reply.Silence > HostView.LostAfter)
                {
                    LogSilent(reply.Silence.TotalSeconds);
                    children.Look();
                }
            }
            catch (HostReplacedException e)
            {
                end.Now($"{e.Message} This process ends, and its training processes with it.");
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested && (e is OperationCanceledException || DatabaseFaults.IsTemporary(e)))
            {
                if (heard) LogUnheard(DatabaseFaults.Reason(e));
                heard = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                _faults.Tell(e, isTransient: false);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No heartbeat can be told ({Reason}); runs go on.")]
    private partial void LogUnheard(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Heartbeats reach Postgres again.")]
    private partial void LogHeard();

    [LoggerMessage(Level = LogLevel.Warning, Message = "This host was not heard of for {Seconds:0} s; others may have taken its runs.")]
    private partial void LogSilent(double seconds);
}
