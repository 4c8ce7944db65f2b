using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tracker.Domain;
using Tracker.Storage.Database;

namespace Tracker.Storage.Telemetry;

/// <summary>
/// Measures how runs get to devices and away from them. One meter for the process, which costs nothing while nobody listens. What
/// happens in a transaction counts when that is committed.
/// </summary>
internal static class SchedulingMetrics
{
    public const string MeterName = "Tracker.Scheduling";
    private const string DeviceTag = "tracker.device.class";
    private const string PriorityTag = "tracker.priority";
    private const string HostTag = "host.name";

    // From a run that finds a free slot to one behind a week of others.
    private static readonly InstrumentAdvice<double> s_waits = new() { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800, 7200, 28_800, 86_400, 604_800] };
    private static readonly InstrumentAdvice<double> s_seconds = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] };

    private static readonly Meter s_meter = new(MeterName);
    private static readonly Histogram<double> s_wait = s_meter.CreateHistogram("tracker.run.wait", "s", "Time from queued to started.", tags: null, s_waits);
    private static readonly Histogram<double> s_dispatch = s_meter.CreateHistogram("tracker.dispatch.duration", "s", "Time in which a host's free slots are filled.", tags: null, s_seconds);
    private static readonly Counter<long> s_ended = s_meter.CreateCounter<long>("tracker.attempts.ended", "{attempt}", "Attempts that ended.");
    private static readonly Counter<long> s_recoveries = s_meter.CreateCounter<long>("tracker.recoveries", "{run}", "Runs that were recovered.");
    private static readonly Counter<long> s_refused = s_meter.CreateCounter<long>("tracker.fencing.refusals", "{write}", "Writes refused to attempts that are over.");

    private static readonly ObservableGauge<long> s_queue = s_meter.CreateObservableGauge(
        "tracker.queue.length", () => Of(Cluster?.Queue, q => new(q.Runs, Tag(DeviceTag, q.Device), Tag(PriorityTag, q.Priority))), "{run}", "Runs that wait for a device.");

    private static ClusterCounts? s_cluster;

    static SchedulingMetrics()
    {
        s_meter.CreateObservableGauge(
            "tracker.slots.offered", () => Of(Cluster?.Slots, s => new(s.Offered, Tag(HostTag, s.Host), Tag(DeviceTag, s.Device))), "{slot}", "Slots of hosts that take runs.");
        s_meter.CreateObservableGauge(
            "tracker.slots.used", () => Of(Cluster?.Slots, s => new(s.Used, Tag(HostTag, s.Host), Tag(DeviceTag, s.Device))), "{slot}", "Slots that runs hold.");
    }

    /// <summary>Whether somebody listens to what is observed, so that it must be counted.</summary>
    public static bool Observed => s_queue.Enabled;

    /// <summary>What was counted last; <see langword="null"/> when it is not known.</summary>
    public static ClusterCounts? Cluster
    {
        get => Volatile.Read(ref s_cluster);
        set => Volatile.Write(ref s_cluster, value);
    }

    /// <summary>A run begins after a wait.</summary>
    public static void Started(DbSession session, string device, TimeSpan waited) =>
        session.WhenCommitted(() => s_wait.Record(waited.TotalSeconds, Tag(DeviceTag, device.StartsWith("cuda", StringComparison.Ordinal) ? DeviceClass.Cuda : DeviceClass.Cpu)));

    /// <summary>An attempt ends.</summary>
    public static void Ended(DbSession session, AttemptOutcome outcome, FailureKind? failure) => session.WhenCommitted(() =>
    {
        var tags = new TagList { Tag("tracker.attempt.outcome", outcome) };
        if (failure is not null) tags.Add(Tag("tracker.failure.kind", failure));
        s_ended.Add(1, tags);
    });

    /// <summary>Runs are recovered.</summary>
    public static void Recovered(DbSession session, Recovery kind, int count = 1)
    {
        if (count > 0) session.WhenCommitted(() => s_recoveries.Add(count, Tag("tracker.recovery.kind", kind)));
    }

    /// <summary>A write is refused, because its attempt is over.</summary>
    public static void Refused() => s_refused.Add(1);

    /// <summary>A host's free slots are filled.</summary>
    /// <param name="since">Timestamp of the beginning.</param>
    public static void Dispatched(long since) => s_dispatch.Record(Stopwatch.GetElapsedTime(since).TotalSeconds);

    private static IEnumerable<Measurement<long>> Of<T>(IReadOnlyList<T>? counts, Func<T, Measurement<long>> measure) => counts?.Select(measure) ?? [];

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value is string text ? text : value.ToString());
}

/// <summary>Why a run had to be recovered.</summary>
internal enum Recovery
{
    /// <summary>Its host was silent for too long.</summary>
    HostLost,

    /// <summary>Its host was restarted and knows nothing of it.</summary>
    HostRestarted,

    /// <summary>State and job engine disagreed.</summary>
    Repaired,

    /// <summary>A training process was found alive whose attempt was over.</summary>
    Orphaned,
}

/// <summary>Runs of one kind that wait.</summary>
internal sealed record QueueCount(DeviceClass Device, Priority Priority, long Runs);

/// <summary>Slots of one host for one class of device.</summary>
internal sealed record SlotCount(string Host, DeviceClass Device, long Offered, long Used);

/// <summary>How the cluster stands.</summary>
internal sealed record ClusterCounts(IReadOnlyList<QueueCount> Queue, IReadOnlyList<SlotCount> Slots);
