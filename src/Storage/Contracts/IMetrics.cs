namespace Tracker.Storage;

/// <summary>What a series is drawn against.</summary>
public enum MetricAxis
{
    /// <summary>Weight updates.</summary>
    Step,

    /// <summary>Weight updates, in buckets that widen with them: for a logarithmic axis, where the first steps take most of the room.</summary>
    LogStep,

    /// <summary>Epochs.</summary>
    Epoch,

    /// <summary>Samples seen.</summary>
    Samples,

    /// <summary>Seconds of training and evaluation.</summary>
    Time,
}

/// <summary>One bucket of a series; for a short series each point is its own bucket.</summary>
/// <param name="X">Position of the last point, in the unit of the axis.</param>
/// <param name="Step">Step of the last point.</param>
/// <param name="Min">Smallest value in the bucket that is a number; NaN when none is.</param>
/// <param name="Max">Largest value in the bucket that is a number; NaN when none is.</param>
/// <param name="Last">Value of the last point.</param>
public readonly record struct MetricBucket(double X, long Step, double Min, double Max, double Last);

/// <summary>One metric of one run.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Key">The metric.</param>
/// <param name="Points">Number of points behind the buckets.</param>
/// <param name="Buckets">By ascending step.</param>
public sealed record MetricSeries(long RunId, string Key, long Points, IReadOnlyList<MetricBucket> Buckets);

/// <summary>Which series to read.</summary>
/// <param name="RunIds">The runs.</param>
/// <param name="Keys">The metrics; none means all.</param>
/// <param name="MaxPoints">
/// Most buckets of each series, those beyond a stretch not counted. There are fewer where narrower ones would be made of very many points of very many series.
/// </param>
/// <param name="Axis">What they are drawn against.</param>
public sealed record SeriesQuery(IReadOnlyList<long> RunIds, IReadOnlyList<string> Keys, int MaxPoints, MetricAxis Axis)
{
    /// <summary>Where the wanted stretch begins, in the unit of the axis; the whole series when <see langword="null"/>. The bucket before it is included.</summary>
    public double? From { get; init; }

    /// <summary>Where it ends; the bucket after it is included.</summary>
    public double? To { get; init; }

    /// <summary>The most buckets of all series together; a query that could give more is refused before anything is read.</summary>
    public long MostBuckets { get; init; } = long.MaxValue;

    /// <summary>Whether runs in the recycle bin have series. One that is being removed has none.</summary>
    public Presence Presence { get; init; } = Presence.All;
}

/// <summary>
/// Reads series in buckets. A bucket is a power of two steps wide, the narrowest that gives no more than asked for, and begins at a multiple of its
/// width: while a series grows only its last bucket changes. On a logarithmic axis widths double with the step.
/// </summary>
public interface IMetrics
{
    /// <summary>Series of runs and metrics; a run without a metric has no series.</summary>
    Task<IReadOnlyList<MetricSeries>> SeriesAsync(SeriesQuery query, CancellationToken cancellationToken);

    /// <summary>Whole series.</summary>
    Task<IReadOnlyList<MetricSeries>> SeriesAsync(
        IReadOnlyList<long> runIds, IReadOnlyList<string> keys, int maxPoints, MetricAxis axis, CancellationToken cancellationToken) =>
        SeriesAsync(new SeriesQuery(runIds, keys, maxPoints, axis), cancellationToken);
}
