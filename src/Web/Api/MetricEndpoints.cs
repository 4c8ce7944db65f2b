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

    public static void MapMetrics(this RouteGroupBuilder api)
    {
        var metrics = api.MapGroup("").WithTags("Metrics");
        metrics.MapGet("/metrics", OfRunsAsync).Invalid();
        metrics.MapGet("/runs/{id:long}/metrics", OfRunAsync).Invalid().Missing();
    }

    /// <summary>Read series of several runs</summary>
    /// <remarks>Bucketed when longer than maxPoints, with each bucket's smallest and largest value kept.</remarks>
    /// <param name="runs">Ids of runs, separated by commas; at most 200.</param>
    /// <param name="keys">Metrics, separated by commas, such as train/loss,validation/accuracy; all when left out.</param>
    /// <param name="maxPoints">1 to 20,000 points in each series.</param>
    /// <param name="x">What x counts: step, epoch, samples, or time in seconds.</param>
    public static async Task<Ok<MetricsResource>> OfRunsAsync(
        string runs, IMetrics metrics, CancellationToken cancellationToken, string? keys = null, int maxPoints = DefaultPoints, string x = "step")
    {
        var ids = Split(runs).Select(t => long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : -1).Distinct().ToList();
        new Checks()
            .Require(nameof(runs), ids.Count > 0 && !ids.Contains(-1), "Expected ids of runs, separated by commas.")
            .Require(nameof(runs), ids.Count <= MaxRuns, $"Expected at most {MaxRuns} runs, found {ids.Count}.")
            .Throw();
        return TypedResults.Ok(await ReadAsync(ids, keys, maxPoints, x, metrics, cancellationToken));
    }

    /// <summary>Read series of a run</summary>
    /// <remarks>Bucketed when longer than maxPoints, with each bucket's smallest and largest value kept.</remarks>
    /// <param name="keys">Metrics, separated by commas, such as train/loss,validation/accuracy; all when left out.</param>
    /// <param name="maxPoints">1 to 20,000 points in each series.</param>
    /// <param name="x">What x counts: step, epoch, samples, or time in seconds.</param>
    public static async Task<Results<Ok<MetricsResource>, ProblemHttpResult>> OfRunAsync(
        long id, IRuns runs, IMetrics metrics, CancellationToken cancellationToken, string? keys = null, int maxPoints = DefaultPoints, string x = "step") =>
        await runs.FindAsync(id, cancellationToken) is null
            ? Problem.NotFound("run", id)
            : TypedResults.Ok(await ReadAsync([id], keys, maxPoints, x, metrics, cancellationToken));

    private static async Task<MetricsResource> ReadAsync(
        IReadOnlyList<long> ids, string? keys, int maxPoints, string x, IMetrics metrics, CancellationToken cancellationToken)
    {
        var isAxis = Words.TryParse<MetricAxis>(x, out var axis);
        new Checks()
            .Range(nameof(maxPoints), maxPoints, 1, MaxPoints)
            .Require(nameof(x), isAxis, $"Expected one of step, logStep, epoch, samples, time, found '{x}'.")
            .Throw();
        return MetricsResource.From(axis!.Value, await metrics.SeriesAsync(ids, [.. Split(keys ?? "").Distinct(StringComparer.Ordinal)], maxPoints, axis.Value, cancellationToken));
    }

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
