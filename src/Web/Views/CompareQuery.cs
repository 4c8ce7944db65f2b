using System.Globalization;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>What the address of the page Compare asks for.</summary>
/// <param name="Ids">Runs by id.</param>
/// <param name="Filter">An expression that chooses them; used when there are no ids.</param>
/// <param name="Metrics">Metrics that are drawn, one chart each; none for what is usual with the runs.</param>
/// <param name="Settings">Axes, smoothing, grouping.</param>
/// <param name="Range">The stretch of the x axis that is zoomed into.</param>
/// <param name="Latest">Metrics whose latest values are wanted.</param>
public sealed record CompareQuery(
    IReadOnlyList<long> Ids, string Filter, IReadOnlyList<string> Metrics, ChartSettings Settings, ChartRange? Range, IReadOnlyList<string> Latest)
{
    /// <summary>Most runs that are compared.</summary>
    public const int MostRuns = 100;

    private const int PointsOfFew = 800;
    private const int PointsOfMany = 400;
    private const int Few = 10;

    /// <summary>Against steps, each run by itself.</summary>
    public static readonly ChartSettings Usual = ChartSettings.Usual with { Group = RunGrouping.Each };

    public bool IsEmpty => Ids.Count == 0 && Filter.Length == 0;

    /// <summary>Run ids separated by commas or spaces, with # before them or not; what is no id is passed over.</summary>
    public static IReadOnlyList<long> ReadIds(string? text) => [.. (text ?? "")
        .Split([',', ' ', ';', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .Select(part => long.TryParse(part.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0).Distinct()];

    public static IReadOnlyList<string> ReadMetrics(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];

    /// <summary>What is drawn of runs that have these metrics, where nothing is asked for: of those that the product names itself the first, else any.</summary>
    public static string UsualOf(IReadOnlyList<string> metrics) =>
        Curve.All.FirstOrDefault(curve => metrics.Contains(curve.Key))?.Key ?? (metrics is [var first, ..] ? first : MetricNames.ValidationAccuracy);

    /// <summary>Loads what is asked for; series that <paramref name="former"/> has already are taken from it.</summary>
    public async Task<CompareModel> LoadAsync(IRunSearch search, IRuns runs, IMetrics metrics, CompareModel? former, CancellationToken cancellationToken)
    {
        if (IsEmpty)
            return CompareModel.Nothing;
        CompareModel found;
        try
        {
            found = Ids.Count > 0 ? await ByIdAsync(search, cancellationToken) : await ByFilterAsync(search, cancellationToken);
        }
        catch (FilterException fault)
        {
            return new CompareModel { Fault = fault };
        }
        var fields = former?.Metrics is { Count: > 0 } known ? known
            : [.. (await search.FieldsAsync(cancellationToken)).Where(field => field.Name.StartsWith("metrics.", StringComparison.Ordinal)).Select(field => field.Name["metrics.".Length..])];
        // What the product trains has the usual metric sooner or later; of other programs' runs nothing is known.
        var usual = found.Runs.All(one => one.Run.External is not null)
            ? UsualOf(await runs.MetricsAsync([.. found.Runs.Select(one => one.Run.Id)], cancellationToken)) : MetricNames.ValidationAccuracy;
        var asked = Metrics.Count > 0 ? this : this with { Metrics = [usual] };
        var key = asked.Key(found.Runs);
        var series = former is not null && former.SeriesKey == key ? former.Series : await asked.SeriesAsync(found.Runs, metrics, cancellationToken);
        // A stretch does not tell how long the whole is.
        var extent = Range is null || former?.Extent is null ? Extent(series) : former.Extent;
        return found with { Metrics = fields, Usual = usual, Drawn = asked.Metrics, Series = series, SeriesKey = key, Extent = extent };
    }

    private static ChartRange? Extent(IReadOnlyList<MetricSeries> series)
    {
        var (first, last) = (double.PositiveInfinity, 0.0);
        foreach (var buckets in series.Select(one => one.Buckets).Where(buckets => buckets.Count > 0))
        {
            first = Math.Min(first, buckets.Select(bucket => bucket.X).FirstOrDefault(x => x > 0, double.PositiveInfinity));
            last = Math.Max(last, buckets[^1].X);
        }
        return first < last ? new(first, last) : null;
    }

    private async Task<CompareModel> ByIdAsync(IRunSearch search, CancellationToken cancellationToken)
    {
        var wanted = Ids.Take(MostRuns).ToArray();
        var page = await search.PageAsync(
            new RunSearch { Filter = $"id in ({string.Join(", ", wanted.Select(id => id.ToString(CultureInfo.InvariantCulture)))})", Limit = MostRuns, Metrics = Latest }, cancellationToken);
        var byId = page.Runs.ToDictionary(found => found.Run.Id);
        return new CompareModel
        {
            Runs = [.. wanted.Select(id => byId.GetValueOrDefault(id)).OfType<FoundRun>()], Missing = [.. wanted.Where(id => !byId.ContainsKey(id))], Matching = Ids.Count,
        };
    }

    private async Task<CompareModel> ByFilterAsync(IRunSearch search, CancellationToken cancellationToken)
    {
        var page = await search.PageAsync(new RunSearch { Filter = Filter, Limit = MostRuns, Metrics = Latest }, cancellationToken);
        return new CompareModel { Runs = page.Runs, Matching = page.More ? await search.CountAsync(new() { Filter = Filter }, cancellationToken) : page.Runs.Count };
    }

    private Task<IReadOnlyList<MetricSeries>> SeriesAsync(IReadOnlyList<FoundRun> runs, IMetrics metrics, CancellationToken cancellationToken)
    {
        long[] begun = [.. runs.Where(found => found.Run.Attempt > 0 || found.Run.Result is not null || found.Run.External is not null).Select(found => found.Run.Id)];
        return begun.Length == 0 ? Task.FromResult<IReadOnlyList<MetricSeries>>([])
            : metrics.SeriesAsync(new SeriesQuery(begun, Metrics, begun.Length > Few ? PointsOfMany : PointsOfFew, Settings.Axis) { From = Range?.From, To = Range?.To }, cancellationToken);
    }

    // A run that neither moved nor changed its state has no new points.
    private string Key(IReadOnlyList<FoundRun> runs) => string.Join('|',
        [.. Metrics, Settings.Axis.ToString(), Range?.ToString() ?? "", .. runs.Select(found => $"{found.Run.Id}:{found.Run.Attempt}:{found.Run.State}:{found.Run.Progress?.Step}")]);
}
