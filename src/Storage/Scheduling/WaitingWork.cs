using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Scheduling;

/// <summary>What a run that waits or has a device has yet to do, for estimating how long it takes.</summary>
internal readonly record struct WaitingWork(long RunId, string Network, string Dataset, DeviceClass Device, int Batch, double Samples)
{
    /// <summary>What all runs have yet to do that wait or have a device.</summary>
    public static Task<List<WaitingWork>> ReadAsync(DbSession session) => session.QueryAsync(
        "SELECT id, network, dataset, device_class, batch, (total_steps - step)::double precision * batch FROM runs WHERE state = 'Queued' OR assigned",
        r => new WaitingWork(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetEnum<DeviceClass>(3), r.GetInt32(4), r.GetDouble(5)));

    /// <summary>Estimates all, each kind only once; runs of which nothing like them was measured are missing.</summary>
    public static IReadOnlyDictionary<long, DurationEstimate> Estimate(IEnumerable<WaitingWork> works, DurationEstimator estimator)
    {
        const double Unit = 1_000_000;
        var kinds = new Dictionary<(string, string, DeviceClass, int), DurationEstimate?>();
        var estimates = new Dictionary<long, DurationEstimate>();
        foreach (var work in works)
        {
            var kind = (work.Network, work.Dataset, work.Device, work.Batch);
            if (!kinds.TryGetValue(kind, out var rate)) kinds[kind] = rate = estimator.Estimate(work.Network, work.Dataset, work.Device, work.Batch, Unit);
            var units = work.Samples / Unit;
            if (rate is not null) estimates[work.RunId] = new(rate.Seconds * units, rate.Low * units, rate.High * units);
        }
        return estimates;
    }
}
