using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Series of metrics over REST.</summary>
public static class MetricEndpoints
{
    private const int DefaultPoints = 1000;
    private const int MaxPoints = 20_000;
    private const int MaxRuns = 200;

    /// <summary>About 40 MB of JSON, and four times that in memory.</summary>
    private const int MaxPointsTogether = 1_000_000;

    public static void MapMetrics(this RouteGroupBuilder api)
    {
        var metrics = api.MapGroup("").WithTags("Metrics").Costs(Cost.Reading);
        metrics.MapGet("/metrics", OfRunsAsync).Invalid();
        metrics.MapGet("/runs/{id:long}/metrics", OfRunAsync).Invalid().Missing();
    }

    /// <summary>Read series of several runs</summary>
    /// <remarks>
    /// Bucketed when longer than maxPoints, with each bucket's smallest and largest value kept. Buckets are a power of two steps wide and begin at
    /// multiples of it, so while a run goes on only its last bucket changes. At most 1,000,000 points in one answer: /metrics.csv has any number.
    /// </remarks>
    /// <param name="runs">Ids of runs, separated by commas; at most 200. There are no series of runs that do not exist or lie in the recycle bin.</param>
    /// <param name="keys">Metrics, separated by commas, such as train/loss,validation/accuracy; all when left out.</param>
    /// <param name="maxPoints">1 to 20,000 points in each series.</param>
    /// <param name="x">What x counts: step, epoch, samples, or time in seconds.</param>
    /// <param name="from">Where the stretch begins, in the unit of x; the bucket before it comes too. The whole series when left out.</param>
    /// <param name="to">Where the stretch ends, in the unit of x; the bucket after it comes too.</param>
    public static async Task<Ok<MetricsResource>> OfRunsAsync(
        string runs, IMetrics metrics, CancellationToken cancellationToken, string? keys = null, int maxPoints = DefaultPoints, string x = "step",
        double? from = null, double? to = null)
    {
        var ids = Split(runs).Select(t => long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : -1).Distinct().ToList();
        new Checks()
            .Require(nameof(runs), ids.Count > 0 && !ids.Contains(-1), "Expected ids of runs, separated by commas.")
            .Require(nameof(runs), ids.Count <= MaxRuns, $"Expected at most {MaxRuns} runs, found {ids.Count}.")
            .Throw();
        return TypedResults.Ok(await ReadAsync(ids, keys, maxPoints, x, from, to, metrics, cancellationToken));
    }

    /// <summary>Read series of a run</summary>
    /// <remarks>
    /// Bucketed when longer than maxPoints, with each bucket's smallest and largest value kept. Buckets are a power of two steps wide and begin at
    /// multiples of it, so while a run goes on only its last bucket changes. At most 1,000,000 points in one answer: /metrics.csv has any number.
    /// </remarks>
    /// <param name="keys">Metrics, separated by commas, such as train/loss,validation/accuracy; all when left out.</param>
    /// <param name="maxPoints">1 to 20,000 points in each series.</param>
    /// <param name="x">What x counts: step, epoch, samples, or time in seconds.</param>
    /// <param name="from">Where the stretch begins, in the unit of x; the bucket before it comes too. The whole series when left out.</param>
    /// <param name="to">Where the stretch ends, in the unit of x; the bucket after it comes too.</param>
    public static async Task<Results<Ok<MetricsResource>, ProblemHttpResult>> OfRunAsync(
        long id, IRuns runs, IMetrics metrics, CancellationToken cancellationToken, string? keys = null, int maxPoints = DefaultPoints, string x = "step",
        double? from = null, double? to = null) =>
        await runs.FindAsync(id, cancellationToken) is null
            ? Problem.NotFound("run", id)
            : TypedResults.Ok(await ReadAsync([id], keys, maxPoints, x, from, to, metrics, cancellationToken));

    private static async Task<MetricsResource> ReadAsync(
        IReadOnlyList<long> ids, string? keys, int maxPoints, string x, double? from, double? to, IMetrics metrics, CancellationToken cancellationToken)
    {
        var isAxis = Words.TryParse<MetricAxis>(x, out var axis);
        new Checks()
            .Range(nameof(maxPoints), maxPoints, 1, MaxPoints)
            .Require(nameof(x), isAxis, $"Expected one of step, logStep, epoch, samples, time, found '{x}'.")
            .Require(nameof(from), from is null || double.IsFinite(from.Value), "Expected a finite number.")
            .Require(nameof(to), to is null || double.IsFinite(to.Value), "Expected a finite number.")
            .Require(nameof(to), !(from > to), $"Expected no less than from, {from}, found {to}.")
            .Throw();
        var query = new SeriesQuery(ids, [.. Split(keys ?? "").Distinct(StringComparer.Ordinal)], maxPoints, axis!.Value)
        {
            From = from, To = to, Presence = Presence.Active, MostBuckets = MaxPointsTogether,
        };
        return MetricsResource.From(axis.Value, await metrics.SeriesAsync(query, cancellationToken));
    }

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
