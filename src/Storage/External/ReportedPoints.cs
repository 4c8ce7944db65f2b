using System.Runtime.InteropServices;
using Tracker.Storage.Database;

namespace Tracker.Storage.External;

/// <summary>The points of a report as they are written: by metric and step, the latest of each step, and apart from them those that came before it.</summary>
internal sealed class ReportedPoints
{
    /// <summary>Steps and milliseconds beyond this are no numbers to a browser, and their differences none to Postgres.</summary>
    private const long Farthest = 1L << 53;

    private readonly List<Row> _latest = [];
    private readonly List<Row> _earlier = [];

    private readonly record struct Row(short Metric, long Step, long Time, double Value);

    /// <summary>Nothing was measured.</summary>
    public static ReportedPoints None { get; } = new();

    /// <summary>Points of metrics whose ids are known.</summary>
    /// <exception cref="LogRefusedException">A step or a time lies too far away.</exception>
    public static ReportedPoints Of(IReadOnlyList<LoggedMetric> metrics, IReadOnlyDictionary<string, short> ids)
    {
        var points = new ReportedPoints { WithAccuracy = ids.Keys.Any(AccuracyNames.IsOne), Count = metrics.Count };
        var places = new Dictionary<(short Metric, long Step), int>(metrics.Count);
        foreach (var metric in metrics)
        {
            Check(metric);
            points.Add(places, new(ids[TextValues.Clean(metric.Key)], metric.Step, metric.Timestamp, metric.Value));
        }
        // The order of the primary key: those of one series lie together.
        points._latest.Sort((a, b) => a.Metric != b.Metric ? a.Metric.CompareTo(b.Metric) : a.Step.CompareTo(b.Step));
        return points;
    }

    /// <summary>How many were reported.</summary>
    public int Count { get; private init; }

    /// <summary>Whether any of them tells how accurate the run is.</summary>
    private bool WithAccuracy { get; init; }

    /// <summary>The parameters of <c>log_points</c>.</summary>
    public (string Name, object? Value)[] Parameters(long runId) =>
    [
        ("run", runId), ("metrics", Column(_latest, p => p.Metric)), ("steps", Column(_latest, p => p.Step)), ("times", Column(_latest, p => p.Time)),
        ("values", Column(_latest, p => p.Value)), ("earlierMetrics", Column(_earlier, p => p.Metric)), ("earlierSteps", Column(_earlier, p => p.Step)),
        ("earlierTimes", Column(_earlier, p => p.Time)), ("earlierValues", Column(_earlier, p => p.Value)),
        ("accuracies", WithAccuracy ? AccuracyNames.InOrder : null),
    ];

    private void Add(Dictionary<(short, long), int> places, Row point)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, (point.Metric, point.Step), out var met);
        if (!met)
        {
            place = _latest.Count;
            _latest.Add(point);
            return;
        }
        var other = _latest[place];
        if (other.Time == point.Time && other.Value.Equals(point.Value)) return;
        var later = IsLater(point, other);
        _earlier.Add(later ? other : point);
        if (later) _latest[place] = point;
    }

    /// <summary>By time, then value; NaN counts as 0 and comes before it, so that no two are alike.</summary>
    private static bool IsLater(Row a, Row b) =>
        (a.Time, Comparable(a.Value), !double.IsNaN(a.Value)).CompareTo((b.Time, Comparable(b.Value), !double.IsNaN(b.Value))) > 0;

    private static double Comparable(double value) => double.IsNaN(value) ? 0 : value;

    private static T[] Column<T>(List<Row> rows, Func<Row, T> of) => [.. rows.Select(of)];

    private static void Check(in LoggedMetric metric)
    {
        if (metric.Step is < -Farthest or > Farthest)
            throw new LogRefusedException($"Metric '{metric.Key}' has the step {metric.Step}. Steps lie between -2^53 and 2^53.");
        if (metric.Timestamp is < -Farthest or > Farthest)
            throw new LogRefusedException($"Metric '{metric.Key}' has the timestamp {metric.Timestamp}. Timestamps are milliseconds since 1970, between -2^53 and 2^53.");
    }
}
