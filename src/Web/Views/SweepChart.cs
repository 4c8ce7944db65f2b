using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Views;

/// <summary>What the chart of a sweep draws: which groups of which runs, and of how many runs the curves are read.</summary>
public sealed class SweepChart
{
    /// <summary>As many curves as have looks of their own.</summary>
    public const int MostCurves = CurveLooks.Most;

    /// <summary>The curves of more runs are not read at once.</summary>
    public const int MostRuns = 200;

    // All curves together: as many as a browser draws at once without a pause.
    private const int MostBuckets = 40_000;
    private const int MostPoints = 400;
    private const int FewestPoints = 80;
    private const int HashLength = 64;
    private const int ShortHash = 12;

    private readonly ChartSettings _settings;

    /// <param name="runs">The runs of the sweep that may be drawn.</param>
    /// <param name="settings">How.</param>
    /// <param name="members">Which group is shown with its members, by <see cref="Token"/>.</param>
    public SweepChart(IReadOnlyList<RunView> runs, ChartSettings settings, string? members)
    {
        _settings = settings;
        var groups = settings.Group.Of([.. runs.Where(run => run.External is null && (run.Attempt > 0 || run.Result is not null))]);
        var shown = groups.Take(MostCurves).ToArray();
        var most = shown.Length == 0 ? 1 : Math.Max(1, MostRuns / shown.Length);
        Groups = [.. shown.Select(group => group.Runs.Count <= most ? group : group with { Runs = [.. group.Runs.Take(most)] })];
        Left = groups.Count - shown.Length;
        Cut = shown.Any(group => group.Runs.Count > most) ? most : null;
        Opened = members is null ? null : Groups.FirstOrDefault(group => Token(group) == members);
    }

    /// <summary>One curve each.</summary>
    public IReadOnlyList<CurveGroup> Groups { get; }

    /// <summary>How many groups are not drawn, because no more can be told apart.</summary>
    public int Left { get; }

    /// <summary>How many runs of a group count at most, where that is not all.</summary>
    public int? Cut { get; }

    /// <summary>The group whose members are drawn as well.</summary>
    public CurveGroup? Opened { get; }

    /// <summary>The runs whose curves are needed.</summary>
    public IReadOnlyList<RunView> Runs => [.. Groups.SelectMany(group => group.Runs)];

    /// <summary>How many buckets of each curve.</summary>
    public int Points => Math.Clamp(MostBuckets / Math.Max(1, Groups.Sum(group => group.Runs.Count)), FewestPoints, MostPoints);

    /// <summary>A group in an address.</summary>
    public static string Token(CurveGroup group) => group.Id.Length == HashLength ? group.Id[..ShortHash] : group.Id;

    /// <summary>The id of a member's curve.</summary>
    public static string MemberId(long run) => $"member-{run}";

    /// <summary>The run of a member's curve, or null when it is no member's.</summary>
    public static long? Member(string id) => id.StartsWith("member-", StringComparison.Ordinal) && long.TryParse(id["member-".Length..], out var run) ? run : null;

    /// <summary>The chart.</summary>
    /// <param name="read">The chosen metric of <see cref="Runs"/>.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="zoom">The stretch that was read, if not all.</param>
    public ChartData Draw(IEnumerable<MetricSeries> read, Curve metric, ChartRange? zoom)
    {
        var all = read.ToArray();
        var series = GroupCurves.Draw(Groups, all, metric, _settings.Smoothing).ToList();
        if (Opened is { Runs.Count: > 1 } opened)
            series.AddRange(Members(opened, all, metric));
        var end = End(series);
        var axis = _settings.X;
        var values = series.SelectMany(one => one.Ys.Concat(one.Low ?? []).Concat(one.High ?? [])).OfType<double>();
        return new ChartData
        {
            Series = series,
            X = AxisScale.Across(axis.Name(), axis.Unit(), _settings.LogX ? Start(series, zoom) : 0, end, _settings.LogX),
            Y = AxisScale.Around(metric.Title, metric.Unit, values, log: _settings.LogY),
            Marks = RateDrops.Of(Groups.Select(group => group.Runs[0].Spec), axis, end),
            MarksBelow = metric.Unit == AxisUnit.Share,
        };
    }

    private IEnumerable<ChartSeries> Members(CurveGroup group, MetricSeries[] all, Curve metric) =>
        from run in @group.Runs
        let found = Array.Find(all, one => one.RunId == run.Id && one.Key == metric.Key)
        where found is { Buckets.Count: > 0 }
        let values = Array.ConvertAll([.. found.Buckets], bucket => (double?)bucket.Last)
        select new ChartSeries
        {
            Id = MemberId(run.Id), Name = run.ShortTitle(), Color = @group.Look.Color, Style = SeriesStyle.Thin, Silent = true, Members = [run.Id],
            Xs = [.. found.Buckets.Select(bucket => bucket.X)], Ys = _settings.Smoothing > 0 ? SeedCurve.Smooth(values, _settings.Smoothing) : values,
        };

    private static double Start(List<ChartSeries> series, ChartRange? zoom) =>
        zoom is not null ? Math.Min(zoom.From, 1) : series.Where(one => one.Xs.Count > 0).Select(one => one.Xs[0]).Where(x => x > 0).DefaultIfEmpty(1).Min();

    // Epochs and steps are known beforehand, so that the axis stands still while runs advance.
    private double End(List<ChartSeries> series) => _settings.X switch
    {
        CurveAxis.Epoch => Groups.Select(group => (double)RunPlan.For(group.Runs[0].Spec).Epochs).DefaultIfEmpty(1).Max(),
        CurveAxis.Step => Groups.Select(group => (double)RunPlan.For(group.Runs[0].Spec).TotalSteps).DefaultIfEmpty(1).Max(),
        CurveAxis.Samples => Groups.Select(group => RunPlan.For(group.Runs[0].Spec).Epochs * (double)group.Runs[0].Spec.TrainingSplit).DefaultIfEmpty(1).Max(),
        _ => series.Where(one => one.Xs.Count > 0).Select(one => one.Xs[^1]).DefaultIfEmpty(60).Max(),
    };
}
