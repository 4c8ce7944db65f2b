using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Components.Charts;
using Tracker.Web.Components.Parts;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class Sweep
{
    private const int PointsPerCurve = 300;
    private const int MostRunsCharted = 200;

    private static readonly IReadOnlyList<(HeatMapMode, string)> s_modes = [(HeatMapMode.State, "State"), (HeatMapMode.Accuracy, "Accuracy")];

    private readonly HashSet<StateLook> _states = [];
    private LineChart? _chart;
    private ChartData _data = null!;
    private IReadOnlyList<string> _seeds = [];
    private IReadOnlyList<HeatMapRow> _rows = [];
    private IReadOnlyList<RunView> _listed = [];
    private int _left;
    private SharedTime _time = new([], show: false);
    private SharedTime _drawn = new([], show: false);

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromQuery(Name = "metric")]
    public string? MetricKey { get; set; }

    [SupplyParameterFromQuery(Name = "x")]
    public string? AxisName { get; set; }

    [SupplyParameterFromQuery(Name = "batch")]
    public int? ChosenBatch { get; set; }

    [SupplyParameterFromQuery(Name = "log")]
    public string? LogFlag { get; set; }

    [SupplyParameterFromQuery(Name = "smooth")]
    public double? Smooth { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    public string? Show { get; set; }

    /// <summary>Whether runs that shared a device count where time is shown.</summary>
    [SupplyParameterFromQuery(Name = "shared")]
    public string? SharedFlag { get; set; }

    [Inject]
    public required ISweeps Sweeps { get; set; }

    [Inject]
    public required IRuns Runs { get; set; }

    [Inject]
    public required IMetrics Metrics { get; set; }

    protected override object Key => Id;

    protected override object Options => (MetricKey, AxisName, ChosenBatch, LogFlag, Smooth, Show, SharedFlag);

    private Curve Metric => Curve.Read(MetricKey);

    private CurveAxis Axis => CurveAxes.Read(AxisName, CurveAxis.Step);

    private bool Log => LogFlag is null ? Axis == CurveAxis.Step : LogFlag == "1";

    private double Smoothing => Math.Clamp(Smooth ?? 0, 0, 0.99);

    private HeatMapMode Mode => Show == "accuracy" ? HeatMapMode.Accuracy : HeatMapMode.State;

    private int? Batch => Model is null ? ChosenBatch : Choose(Model.LargeBatches);

    protected override bool Concerns(Change change) => change.SweepId == Id || (change.Kind == ChangeKind.Sweep && change.Id == Id) || change.Kind == ChangeKind.Run && change.SweepId is null;

    protected override async Task<SweepModel?> LoadAsync(CancellationToken cancellationToken)
    {
        if (await Sweeps.FindAsync(Id, cancellationToken) is not { } sweep)
            return null;
        var runs = await Runs.OfSweepAsync(Id, cancellationToken);
        var empty = new SweepModel(sweep, runs, RunGroup.Of(runs), [], Axis);
        var time = new SharedTime(runs, SharedFlag == "1");
        var charted = SweepModel.Charted(empty.Groups, Choose(empty.LargeBatches)).Take(SweepCurves.MostGroups)
            .SelectMany(group => group.Runs).Where(run => run.Attempt > 0 || run.Result is not null).Where(run => Axis != CurveAxis.Time || time.Counts(run)).Take(MostRunsCharted).Select(run => run.Id).ToArray();
        return charted.Length == 0
            ? empty
            : empty with { Series = await Metrics.SeriesAsync(charted, [Metric.Key], PointsPerCurve, Log && Axis == CurveAxis.Step ? MetricAxis.LogStep : Axis.Metric(), cancellationToken) };
    }

    protected override void Loaded(SweepModel model)
    {
        var charted = SweepModel.Charted(model.Groups, Choose(model.LargeBatches)).ToList();
        _time = new(model.Runs.Where(run => run.Result is not null), SharedFlag == "1");
        _drawn = new(charted.Take(SweepCurves.MostGroups).SelectMany(group => group.Runs), SharedFlag == "1");
        _left = Math.Max(0, charted.Count - SweepCurves.MostGroups);
        _data = SweepCurves.Draw(model, charted, Metric, Log, Smoothing);
        Fill(model);
    }

    private int? Choose(IReadOnlyList<int> batches) =>
        ChosenBatch is { } chosen && batches.Contains(chosen) ? chosen : batches.Count > 0 ? batches[^1] : null;

    private void Fill(SweepModel model)
    {
        var seeds = model.Runs.Select(run => run.Spec.Seed).Distinct().Order().ToArray();
        _seeds = [.. seeds.Select(seed => seed.ToString())];
        _rows = [.. model.Groups.Select(group => new HeatMapRow(group.Technique, group.Detail.Length == 0 ? Numbers.Count(group.Batch) : $"{Numbers.Count(group.Batch)}, {group.Detail}",
            [.. seeds.Select(seed => group.Runs.FirstOrDefault(run => run.Spec.Seed == seed) is { } run ? Cell(run) : null)]))];
        _listed = [.. model.Runs.Where(run => _states.Count == 0 || _states.Contains(run.Look()))];
    }

    private HeatMapCell Cell(RunView run) => new(
        run.Look(), run.Share(), run.Result?.SelectedAccuracy, Addresses.Run(run.Id), run.Spec.ShortTitle(),
        Faded: _states.Count > 0 && !_states.Contains(run.Look()));

    private void Toggle(StateLook state)
    {
        if (!_states.Remove(state))
            _states.Add(state);
        if (Model is not null)
            Fill(Model);
    }

    private void Go(string name, string? value) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, value), replace: true);
}
