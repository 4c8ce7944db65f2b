using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tracker.Domain;
using Tracker.Storage.Database;
using Tracker.Storage.Model;
using Tracker.Storage.Scheduling;

namespace Tracker.Storage.Telemetry;

/// <summary>
/// Counts queue and slots of the whole cluster for the observable metrics, while anybody listens to them. They are asked for on a thread
/// that must not wait for the database, so they show what was counted last. One process does this, or the counts would be added up.
/// </summary>
internal sealed class ClusterWatch(TrackerDatabase database, TimeProvider clock, ILogger<ClusterWatch> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(5);
    private readonly LoopFaults _faults = new(logger, "queue and slots are counted");

    /// <summary>Counts now.</summary>
    public async Task<ClusterCounts> CountAsync(CancellationToken cancellationToken) => new(await QueueAsync(cancellationToken), await SlotsAsync(cancellationToken));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, clock);
        do
        {
            if (!SchedulingMetrics.Observed) continue;
            try
            {
                SchedulingMetrics.Cluster = await CountAsync(stoppingToken);
                _faults.Passed();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // A gap in the curves.
                SchedulingMetrics.Cluster = null;
                _faults.Tell(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Every kind, also those of which none waits: a curve that ends would look like one that nobody measures.</summary>
    private async Task<IReadOnlyList<QueueCount>> QueueAsync(CancellationToken cancellationToken)
    {
        var waiting = (await database.QueryAsync(
            "SELECT device_class, priority, count(*) FROM runs WHERE state = 'Queued' AND NOT assigned GROUP BY device_class, priority",
            r => (Device: r.GetEnum<DeviceClass>(0), Priority: r.GetEnum<Priority>(1), Runs: r.GetInt64(2)), cancellationToken))
            .ToDictionary(w => (w.Device, w.Priority), w => w.Runs);
        return
        [
            .. from device in new[] { DeviceClass.Cpu, DeviceClass.Cuda }
               from priority in Enum.GetValues<Priority>()
               select new QueueCount(device, priority, waiting.GetValueOrDefault((device, priority))),
        ];
    }

    private async Task<IReadOnlyList<SlotCount>> SlotsAsync(CancellationToken cancellationToken)
    {
        var hosts = await database.QueryAsync(
            $"SELECT id, name, devices, draining FROM hosts WHERE {ClusterReader.Heard} ORDER BY id",
            r => (Id: r.GetInt64(0), Name: r.GetString(1), Devices: Json.Read<List<HostDevice>>(r.GetString(2)), Draining: r.GetBoolean(3)),
            cancellationToken, ("lost", HostView.LostAfter));
        var used = (await database.QueryAsync(
            "SELECT host_id, device_class, count(*) FROM runs WHERE assigned GROUP BY host_id, device_class",
            r => (Host: r.GetInt64(0), Device: r.GetEnum<DeviceClass>(1), Runs: r.GetInt64(2)), cancellationToken))
            .ToDictionary(u => (u.Host, u.Device), u => u.Runs);
        return
        [
            .. from host in hosts
               from device in host.Devices.GroupBy(d => d.Class, d => d.Slots)
               select new SlotCount(host.Name, device.Key, host.Draining ? 0 : device.Sum(), used.GetValueOrDefault((host.Id, device.Key))),
        ];
    }
}
