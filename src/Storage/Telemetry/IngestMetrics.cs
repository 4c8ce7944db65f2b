using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Tracker.Storage.Telemetry;

/// <summary>Measures how points reach the database. One meter for the process, which costs nothing while nobody listens.</summary>
internal static class IngestMetrics
{
    public const string MeterName = "Tracker.Ingest";

    // From an idle server on the same machine to one that is about to be given up.
    private static readonly InstrumentAdvice<double> s_seconds = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15] };
    private static readonly InstrumentAdvice<long> s_points = new() { HistogramBucketBoundaries = [0, 1, 10, 30, 100, 300, 1000, 3000, 10_000] };

    private static readonly Meter s_meter = new(MeterName);
    private static readonly Counter<long> s_written = s_meter.CreateCounter<long>("tracker.ingest.points", "{point}", "Metric points written.");

    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram(
        "tracker.ingest.flush.duration", "s", "Time from a batch's start to its commit.", tags: null, s_seconds);

    private static readonly Histogram<long> s_size = s_meter.CreateHistogram("tracker.ingest.flush.size", "{point}", "Points in a batch.", tags: null, s_points);

    /// <summary>A batch is committed.</summary>
    /// <param name="points">Points in it.</param>
    /// <param name="since">Timestamp of its start.</param>
    public static void Flushed(int points, long since)
    {
        s_written.Add(points);
        s_size.Record(points);
        s_duration.Record(Stopwatch.GetElapsedTime(since).TotalSeconds);
    }
}
