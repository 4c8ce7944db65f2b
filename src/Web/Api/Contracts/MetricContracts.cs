using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Series of metrics.</summary>
/// <param name="X">What x counts: step, epoch, samples, or time in seconds.</param>
/// <param name="Series">One for each run and metric that has points.</param>
public sealed record MetricsResource(MetricAxis X, IReadOnlyList<SeriesResource> Series)
{
    public static MetricsResource From(MetricAxis axis, IReadOnlyList<MetricSeries> series) => new(axis, [.. series.Select(SeriesResource.From)]);
}

/// <summary>
/// One metric of one run, as columns of equal length by ascending step. A long series comes in buckets that keep its smallest,
/// largest and last value; in a short one each point is its own bucket. A value that is no finite number is null.
/// </summary>
/// <param name="RunId">The run.</param>
/// <param name="Key">The metric.</param>
/// <param name="Points">Number of points behind the buckets.</param>
/// <param name="X">Position of the last point of each bucket.</param>
/// <param name="Step">Step of the last point of each bucket.</param>
/// <param name="Min">Smallest value of each bucket.</param>
/// <param name="Max">Largest value of each bucket.</param>
/// <param name="Last">Last value of each bucket.</param>
public sealed record SeriesResource(
    long RunId, string Key, long Points, IReadOnlyList<double> X, IReadOnlyList<long> Step, IReadOnlyList<double?> Min, IReadOnlyList<double?> Max,
    IReadOnlyList<double?> Last)
{
    public static SeriesResource From(MetricSeries s) => new(
        s.RunId, s.Key, s.Points, [.. s.Buckets.Select(b => b.X)], [.. s.Buckets.Select(b => b.Step)], [.. s.Buckets.Select(b => Finite.OrNull(b.Min))],
        [.. s.Buckets.Select(b => Finite.OrNull(b.Max))], [.. s.Buckets.Select(b => Finite.OrNull(b.Last))]);
}
