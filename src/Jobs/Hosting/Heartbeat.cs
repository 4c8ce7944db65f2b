using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tracker.Jobs.Database;
using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>Tells every two seconds that the host lives, and passes on a wish to drain. Outages of Postgres are sat out.</summary>
internal sealed partial class Heartbeat(
    IHosts hosts, HostIdentity host, QueueNode node, TimeProvider clock, ILogger<Heartbeat> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

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
                var wanted = await hosts.HeartbeatAsync(host.Id, limit.Token);
                if (!heard) LogHeard();
                heard = true;
                node.Wish(wanted);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested && (e is OperationCanceledException || DatabaseFaults.IsTemporary(e)))
            {
                if (heard) LogUnheard(DatabaseFaults.Reason(e));
                heard = false;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No heartbeat can be told ({Reason}); runs go on.")]
    private partial void LogUnheard(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Heartbeats reach Postgres again.")]
    private partial void LogHeard();
}
