using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Components.Charts;
using Tracker.Web.Components.Parts;
using Tracker.Web.Components.Sweeps;
using Tracker.Web.Live;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class Sweep
{
    private readonly ChangedRuns _changed = new();
    private readonly ChosenRuns _selection = new();
    private ChartData _data = null!;
    private IReadOnlyList<RunView> _listed = [];
    private IReadOnlyList<int> _batches = [];
    private SharedTime _time = new([], show: false);
    private SharedTime _drawn = new([], show: false);

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromQuery(Name = "metric")]
    public string? MetricKey { get; set; }

    [SupplyParameterFromQuery(Name = "x")]
    public string? AxisName { get; set; }

    [SupplyParameterFromQuery(Name = "logx")]
    public string? LogX { get; set; }

    [SupplyParameterFromQuery(Name = "logy")]
    public string? LogY { get; set; }

    [SupplyParameterFromQuery(Name = "smooth")]
    public string? SmoothText { get; set; }

    private double? Smooth => QueryValues.Double(SmoothText);

    [SupplyParameterFromQuery(Name = "group")]
    public string? GroupName { get; set; }

    /// <summary>The large batch that is drawn, or all.</summary>
    [SupplyParameterFromQuery(Name = "batch")]
    public string? BatchText { get; set; }

    /// <summary>The group whose members are drawn.</summary>
    [SupplyParameterFromQuery(Name = "members")]
    public string? Members { get; set; }

    /// <summary>Only runs in these states.</summary>
    [SupplyParameterFromQuery(Name = "state")]
    public string? StateNames { get; set; }

    /// <summary>The stretch of the x axis that is zoomed into.</summary>
    [SupplyParameterFromQuery(Name = "zoom")]
    public string? Zoom { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    public string? CellMode { get; set; }

    /// <summary>Whether runs that shared a device count where time is shown.</summary>
    [SupplyParameterFromQuery(Name = "shared")]
    public string? SharedFlag { get; set; }

    [Inject]
    public required ISweeps Sweeps { get; set; }

    [Inject]
    public required IRuns Runs { get; set; }

    [Inject]
    public required IMetrics Metrics { get; set; }

    [Inject]
    public required SharedReads Reads { get; set; }

    protected override object Key => Id;

    protected override object Options => (MetricKey, Settings, BatchText, Members, StateNames, CellMode, SharedFlag, Zoom);

    private Curve Metric => MetricKey is null ? Curve.All[0] : MetricTitles.Of(MetricKey);

    private ChartSettings Usual => SweepSettings.Usual(AxisName, Metric);

    private ChartSettings Settings => ChartSettings.Read(AxisName, LogX, LogY, Smooth, GroupName, Usual);

    private ChartRange? Range => ChartRange.Read(Zoom);

    private HeatMapMode Mode => CellMode == "accuracy" ? HeatMapMode.Accuracy : HeatMapMode.State;

    private IReadOnlySet<StateLook> States => StateFilter.Read(StateNames);

    protected override bool Concerns(Change change)
    {
        if (change.Kind == ChangeKind.Run && (change.SweepId is null || change.SweepId == Id || Model?.Shows(change.Id) == true))
        {
            _changed.Add(change.Id);
            return true;
        }
        if (change.Kind != ChangeKind.Sweep || change.Id != Id)
            return false;
        _changed.AddAll();
        return true;
    }

    protected override void Missed() => _changed.AddAll();

    protected override async Task<SweepModel?> LoadAsync(CancellationToken cancellationToken)
    {
        var (known, asked, old) = (_changed.Look(), Options, Model);
        var now = Clock.GetUtcNow();
        var whole = old is null || old.IsDue(known, asked, now);
        var moved = whole || known.Runs.Count > 0;
        var sweep = moved ? await Sweeps.FindAsync(Id, cancellationToken) : old!.Sweep;
        if (sweep is null)
            return null;
        // The first look waits for nobody.
        var runs = old is null ? await ReadAsync(sweep, cancellationToken)
            : whole ? await AllAsync(sweep, cancellationToken) : await NewerAsync(old, [.. known.Runs.Where(old.Shows).Order()], cancellationToken);
        var chart = Plan(runs);
        var query = new SeriesQuery([], [Metric.Key], chart.Points, Settings.Axis) { From = Range?.From, To = Range?.To };
        var series = await (old?.Series ?? KeptSeries.None).NextAsync(old is null ? Metrics : new SharedSeries(Metrics, Reads, chart.Runs), query, chart.Runs, cancellationToken);
        var metrics = old is { Metrics.Count: > 0 } && !known.All ? old.Metrics : await Runs.MetricsAsync(SweepModel.Sample(runs), cancellationToken);
        return new(sweep, runs, old is not null && ReferenceEquals(runs, old.Runs) ? old.Groups : RunGroup.Of(runs), metrics)
        {
            Chart = chart, Series = series, Known = known, Asked = asked, Whole = whole ? now : old!.Whole,
        };
    }

    private Task<IReadOnlyList<RunView>> AllAsync(SweepView sweep, CancellationToken cancellationToken) => Reads.GetAsync(
        ("runs of sweep", Id), change => change.Kind is ChangeKind.Run or ChangeKind.Sweep, token => ReadAsync(sweep, token), cancellationToken);

    /// <summary>All runs; of an experiment from outside, which has any number of them, the latest.</summary>
    private async Task<IReadOnlyList<RunView>> ReadAsync(SweepView sweep, CancellationToken cancellationToken) => sweep.External is null
        ? await Runs.OfSweepAsync(Id, cancellationToken)
        : [.. (await Runs.ListAsync(new RunFilter(SweepId: Id), OutsideSweep.MostListed, null, cancellationToken)).Reverse()];

    private async Task<IReadOnlyList<RunView>> NewerAsync(SweepModel old, long[] ids, CancellationToken cancellationToken) =>
        ids.Length == 0 ? old.Runs : old.With(ids, await FindAsync(ids, cancellationToken));

    private Task<IReadOnlyList<RunView>> FindAsync(long[] ids, CancellationToken cancellationToken) => Reads.GetAsync(
        ("runs", string.Join(',', ids)), change => change.Kind == ChangeKind.Run && ids.Contains(change.Id), token => Runs.FindAsync(ids, token), cancellationToken);

    protected override void Loaded(SweepModel model)
    {
        _changed.Shown(model.Known);
        _batches = SweepModel.LargeBatches(model.Runs);
        _time = new(model.Runs.Where(run => run.Result is not null), SharedFlag == "1");
        _drawn = new(Candidates(model.Runs), SharedFlag == "1");
        _data = model.Chart.Draw(model.Series.All, Metric, Range);
        _listed = States.Count == 0 ? model.Runs : [.. model.Runs.Where(run => States.Contains(run.Look()))];
        _selection.Keep(model.Runs.Select(run => run.Id));
    }

    private SweepChart Plan(IReadOnlyList<RunView> runs)
    {
        var candidates = Candidates(runs);
        var time = new SharedTime(candidates, SharedFlag == "1");
        return new([.. candidates.Where(run => Settings.X != CurveAxis.Time || time.Counts(run))], Settings, Members);
    }

    private RunView[] Candidates(IReadOnlyList<RunView> runs)
    {
        var batch = SweepModel.Batch(BatchText, SweepModel.LargeBatches(runs));
        return [.. runs.Where(run => (batch is null || !run.Spec.Method.LargeBatch || run.Spec.Batch == batch) && (States.Count == 0 || States.Contains(run.Look())))];
    }

    private void Pick(string curve)
    {
        if (SweepChart.Member(curve) is { } run)
            Navigation.NavigateTo(Addresses.Run(run));
        else if (Model?.Chart.Groups.FirstOrDefault(group => group.Id == curve) is { } group)
            Open(SweepChart.Token(group));
    }

    private void Open(string? group) => Go("members", group == Members ? null : group);

    private void Toggle(StateLook state) => Go("state", StateFilter.Write(StateFilter.Toggle(States, state)));

    private void Apply(ChartSettings settings)
    {
        // A stretch is of one axis.
        var changes = new Dictionary<string, object?>(SweepSettings.Query(settings, Settings, Metric)) { ["zoom"] = settings.X == Settings.X ? Zoom : null };
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(changes), replace: true);
    }

    private void Go(string name, string? value) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, value), replace: true);
}
