using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Components.Charts;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

/// <summary>Chosen runs side by side: curves, results, settings.</summary>
public sealed partial class ComparePage
{
    private readonly Dictionary<string, LineChart?> _drawn = [];
    private IReadOnlyList<CurveGroup> _groups = [];
    private IReadOnlyList<(Curve Metric, ChartData Data)> _charts = [];
    private object? _drawnFrom;
    private volatile HashSet<long> _shown = [];

    /// <summary>Runs by id, separated by commas.</summary>
    [SupplyParameterFromQuery(Name = "runs")]
    public string? RunIds { get; set; }

    /// <summary>An expression that chooses runs, where there are no ids.</summary>
    [SupplyParameterFromQuery(Name = "filter")]
    public string? Filter { get; set; }

    [SupplyParameterFromQuery(Name = "metrics")]
    public string? Metrics { get; set; }

    [SupplyParameterFromQuery(Name = "x")]
    public string? X { get; set; }

    [SupplyParameterFromQuery(Name = "logx")]
    public string? LogX { get; set; }

    [SupplyParameterFromQuery(Name = "logy")]
    public string? LogY { get; set; }

    [SupplyParameterFromQuery(Name = "smooth")]
    public string? SmoothText { get; set; }

    private double? Smooth => QueryValues.Double(SmoothText);

    [SupplyParameterFromQuery(Name = "group")]
    public string? Grouping { get; set; }

    /// <summary>The stretch of the x axis that is zoomed into.</summary>
    [SupplyParameterFromQuery(Name = "zoom")]
    public string? Zoom { get; set; }

    /// <summary>The curve whose runs are listed.</summary>
    [SupplyParameterFromQuery(Name = "open")]
    public string? Opened { get; set; }

    /// <summary>Whether settings that all runs share are shown.</summary>
    [SupplyParameterFromQuery(Name = "all")]
    public string? ShowAll { get; set; }

    [SupplyParameterFromQuery(Name = "sx")]
    public string? ScatterX { get; set; }

    [SupplyParameterFromQuery(Name = "sy")]
    public string? ScatterY { get; set; }

    [SupplyParameterFromQuery(Name = "color")]
    public string? ScatterColor { get; set; }

    [SupplyParameterFromQuery(Name = "slogx")]
    public string? ScatterLogX { get; set; }

    [SupplyParameterFromQuery(Name = "slogy")]
    public string? ScatterLogY { get; set; }

    [SupplyParameterFromQuery(Name = "trend")]
    public string? ScatterTrend { get; set; }

    [Inject]
    public required IRunSearch Search { get; set; }

    [Inject]
    public required IRuns Runs { get; set; }

    [Inject]
    public required IMetrics Source { get; set; }

    private ChartSettings Settings => ChartSettings.Read(X, LogX, LogY, Smooth, Grouping, CompareQuery.Usual);

    private ChartRange? Range => ChartRange.Read(Zoom);

    private CompareQuery Query => new(
        CompareQuery.ReadIds(RunIds), Filter?.Trim() ?? "", CompareQuery.ReadMetrics(Metrics), Settings, Range,
        [.. new[] { ScatterX, ScatterY, ScatterColor }.Select(key => RunQuantity.Read(key, "batch").Metric).OfType<string>().Distinct()]);

    protected override object Key => typeof(ComparePage);

    protected override object Options => (RunIds, Filter, Metrics, X, LogX, LogY, (Smooth, Grouping, Zoom, Opened), (ScatterX, ScatterY, ScatterColor));

    private string Subtitle => Model switch
    {
        null => "Loading.",
        { Runs.Count: 0 } => "Curves, results and settings of chosen runs side by side.",
        { Matching: > CompareQuery.MostRuns } many => $"The first {CompareQuery.MostRuns} of {Numbers.Of(many.Matching, "run")}: narrow the filter to see the others.",
        { Runs.Count: var count } => Numbers.Of(count, "run") + ".",
    };

    protected override bool Concerns(Change change) => change.Kind == ChangeKind.Run && (_shown.Contains(change.Id) || RunIds is null && Filter is not null);

    protected override async Task<CompareModel?> LoadAsync(CancellationToken cancellationToken) => await Query.LoadAsync(Search, Runs, Source, Model, cancellationToken);

    protected override void Loaded(CompareModel model)
    {
        _shown = [.. model.Runs.Select(found => found.Run.Id)];
        _groups = Settings.Group.Of(model.Views);
        var from = (model.SeriesKey, string.Join(',', model.Runs.Select(found => found.Run.Id)), Settings, Opened);
        if (Equals(_drawnFrom, from))
            return;
        _drawnFrom = from;
        _charts = [.. model.Drawn.Select(key => Curve.Read(key, key)).Select(metric => (metric, CompareCharts.Draw(model, _groups, metric, Settings, Range, Opened)))];
    }

    private void Pick(string id)
    {
        if (_groups.FirstOrDefault(group => group.Id == id) is not { } group)
            return;
        if (group.Runs.Count == 1)
            Navigation.NavigateTo(Addresses.Run(group.Runs[0].Id));
        else
            Go("open", Opened == id ? null : id);
    }

    // A stretch is of one axis.
    private void Apply(ChartSettings settings) =>
        Go(new Dictionary<string, object?>(settings.Query(CompareQuery.Usual)) { ["zoom"] = settings.X == Settings.X ? Zoom : null });

    private void ChooseAsync((IReadOnlyList<long> Ids, string Filter) chosen) => Go(new Dictionary<string, object?>
    {
        ["runs"] = chosen.Ids.Count == 0 ? null : string.Join(',', chosen.Ids),
        ["filter"] = chosen.Ids.Count > 0 || chosen.Filter.Length == 0 ? null : chosen.Filter,
        ["open"] = null,
    });

    private static string Drawn(ChartData data) => Numbers.Of(data.Series.Count(series => !series.Silent), "curve");

    private void Go(string name, string? value) => Go(new Dictionary<string, object?> { [name] = value });

    private void Go(IReadOnlyDictionary<string, object?> changes) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(changes), replace: true);
}
