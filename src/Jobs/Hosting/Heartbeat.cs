using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tracker.Jobs.Database;
using Tracker.Storage;

namespace Tracker.Jobs.Hosting;

/// <summary>Tells every two seconds that the host lives, and carries out a wish to drain. Outages of Postgres are sat out.</summary>
internal sealed partial class Heartbeat(
    IHosts hosts, HostIdentity host, IRunQueueNode node, ActiveRuns runs, TimeProvider clock, ILogger<Heartbeat> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, clock);
        var draining = false;
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
                if (wanted != draining) await ChangeAsync(wanted, stoppingToken);
                draining = wanted;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested && (e is OperationCanceledException || DatabaseFaults.IsTemporary(e)))
            {
                if (heard) LogUnheard(DatabaseFaults.Reason(e));
                heard = false;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ChangeAsync(bool drain, CancellationToken cancellationToken)
    {
        if (drain)
        {
            LogDraining(runs.Count);
            await node.PauseAsync(cancellationToken);
            runs.Drain();
        }
        else
        {
            LogResumed();
            runs.EndDrain();
            await node.ResumeAsync(cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No heartbeat can be told ({Reason}); runs go on.")]
    private partial void LogUnheard(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Heartbeats reach Postgres again.")]
    private partial void LogHeard();

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining on a user's wish: {Count} runs are put back, no more are taken.")]
    private partial void LogDraining(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Taking runs again.")]
    private partial void LogResumed();
}
