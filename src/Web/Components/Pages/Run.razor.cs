using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Charts;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class Run
{
    /// <summary>In place of a level of the log: events.</summary>
    public const string EventsLevel = "events";

    private const int PointsPerCurve = 400;
    // More than a run reports, so that the line is fitted to the same points as the trainer fits it to.
    private const int DistancePoints = 1000;
    private const int EventsShown = 100;
    // An experiment from outside has any number of runs.
    private const int SiblingsFromOutside = 1000;
    private const long RunPart = 0;
    private const long LogPart = 1;

    private readonly ChangedRuns _changed = new();
    private RunCharts _charts = null!;
    private IReadOnlyList<CurveSection> _sections = [];
    private LineChart? _accuracy;
    private LineChart? _distance;
    private bool _following = true;
    private ChartSettings _usual = RunModel.UsualSettings;

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromQuery(Name = "x")]
    public string? AxisName { get; set; }

    [SupplyParameterFromQuery(Name = "logx")]
    public string? LogX { get; set; }

    [SupplyParameterFromQuery(Name = "logy")]
    public string? LogY { get; set; }

    [SupplyParameterFromQuery(Name = "smooth")]
    public string? SmoothText { get; set; }

    private double? Smooth => QueryValues.Double(SmoothText);

    /// <summary>The stretch of the x axis that is zoomed into.</summary>
    [SupplyParameterFromQuery(Name = "zoom")]
    public string? Zoom { get; set; }

    /// <summary>The open sections of curves.</summary>
    [SupplyParameterFromQuery(Name = "open")]
    public string? OpenNames { get; set; }

    /// <summary>The run whose configuration is shown beside this one's; 0 for none.</summary>
    [SupplyParameterFromQuery(Name = "against")]
    public string? AgainstText { get; set; }

    private long? Against => QueryValues.Long(AgainstText);

    /// <summary>The lowest level of the log that is shown, or events.</summary>
    [SupplyParameterFromQuery(Name = "log")]
    public string? LogLevel { get; set; }

    /// <summary>What lines of the log must have in them.</summary>
    [SupplyParameterFromQuery(Name = "find")]
    public string? Find { get; set; }

    [Inject]
    public required IRuns Runs { get; set; }

    [Inject]
    public required IMetrics Metrics { get; set; }

    [Inject]
    public required IRecycleBin Bin { get; set; }

    [Inject]
    public required IQueue Queue { get; set; }

    protected override object Key => Id;

    protected override object Options => (Settings, OpenNames, Against, LogLevel, Find, Zoom, _following);

    private ChartSettings Settings => ChartSettings.Read(AxisName, LogX, LogY, Smooth, group: null, _usual) is var read && _usual == RunModel.OutsideSettings
        && !CurveAxes.Outside.Any(offered => offered.Item1 == read.X) ? read with { X = _usual.X } : read;

    private ChartRange? Range => ChartRange.Read(Zoom);

    private EventLevel AtLeast => Enum.TryParse<EventLevel>(LogLevel, ignoreCase: true, out var level) ? level : EventLevel.Info;

    protected override bool Concerns(Change change)
    {
        if (change.Id != Id || change.Kind is not (ChangeKind.Run or ChangeKind.Log))
            return false;
        _changed.Add(change.Kind == ChangeKind.Log ? LogPart : RunPart);
        return change.Kind == ChangeKind.Run || _following;
    }

    protected override void Missed()
    {
        _changed.Add(RunPart);
        _changed.Add(LogPart);
    }

    protected override async Task<RunModel?> LoadAsync(CancellationToken cancellationToken)
    {
        var (known, asked, old) = (_changed.Look(), Options, Model);
        if (old is null)
            _following = true;
        // Without a change that is known of, this is the regular look at everything, or only another view of what is shown.
        var all = old is null || (known.Runs.Count == 0 && Equals(old.Asked, asked));
        var moved = all || known.Runs.Contains(RunPart);
        if ((moved ? await Runs.FindAsync(Id, Presence.All, cancellationToken) : old!.Run) is not { } run)
            return null;
        _usual = run.External is null ? RunModel.UsualSettings : RunModel.OutsideSettings;
        var metrics = moved ? await Runs.MetricsAsync([Id], cancellationToken) : old!.Metrics;
        var siblings = old?.Siblings ?? await Runs.BriefsOfSweepAsync(run.SweepId, Id, run.External is null ? SweepSpec.MaxRuns : SiblingsFromOutside, cancellationToken);
        return new(
            run, old?.Plan ?? run.Plan(),
            moved ? await Runs.AttemptsAsync(Id, cancellationToken) : old!.Attempts,
            moved ? await Runs.EventsAsync(Id, EventsShown, cancellationToken) : old!.Events,
            await LogAsync(old?.Log, all || known.Runs.Contains(LogPart), cancellationToken),
            await (old?.Curves ?? KeptSeries.None).NextAsync(Metrics, Question(run, metrics), [run], cancellationToken),
            await (old?.Distance ?? KeptSeries.None).NextAsync(Metrics, new([], [MetricNames.WeightDistance], DistancePoints, MetricAxis.LogStep), [run], cancellationToken),
            metrics, siblings, await OtherAsync(run, siblings, old?.Other, cancellationToken),
            run.State == RunState.Queued ? await Queue.PlaceAsync(Id, cancellationToken) : null)
        {
            Settings = Settings, Known = known, Asked = asked,
        };
    }

    protected override void Loaded(RunModel model)
    {
        // What the prerendered page carried over was not loaded here.
        _usual = model.Run.External is null ? RunModel.UsualSettings : RunModel.OutsideSettings;
        _changed.Shown(model.Known);
        _sections = CurveSections.Of(model.Run, model.Metrics);
        _charts = new(model);
    }

    private SeriesQuery Question(RunView run, IReadOnlyList<string> metrics)
    {
        var open = CurveSections.Open(OpenNames);
        var sections = CurveSections.Of(run, metrics).Where(section => open.Contains(section.Key)).SelectMany(section => section.Metrics);
        return new([], [.. RunModel.Charted, .. sections], PointsPerCurve, Settings.Axis) { From = Range?.From, To = Range?.To };
    }

    private async Task<LogView> LogAsync(LogView? old, bool changed, CancellationToken cancellationToken)
    {
        if (old is null || old.AtLeast != AtLeast || old.Text != (Find ?? ""))
            return await LogView.ReadAsync(Runs, Id, AtLeast, Find ?? "", cancellationToken);
        return changed && _following ? await old.FollowAsync(Runs, cancellationToken) : old;
    }

    private async Task<RunView?> OtherAsync(RunView run, IReadOnlyList<RunBrief> siblings, RunView? old, CancellationToken cancellationToken)
    {
        if ((Against ?? RunModel.Nearest(run, siblings)) is not { } id || id == Id || id == 0)
            return null;
        return old?.Id == id ? old : await Runs.FindAsync(id, cancellationToken);
    }

    private async Task EarlierAsync()
    {
        if (Model is not { } model)
            return;
        var log = await model.Log.BackAsync(Runs, CancellationToken.None);
        if (ReferenceEquals(Model, model))
            Show(model with { Log = log });
        else if (Model?.Log is { } newer && newer.AtLeast == log.AtLeast && newer.Text == log.Text)
            Show(Model with { Log = log });
    }

    private async Task FollowLogAsync(bool follow)
    {
        _following = follow;
        _changed.Add(LogPart);
        await ReloadAsync(CancellationToken.None);
    }

    private Task RestoreAsync() => ActAsync(token => Bin.RestoreRunAsync(Id, token));

    private void Apply(ChartSettings settings)
    {
        // A stretch is of one axis.
        var changes = new Dictionary<string, object?>(settings.Query(_usual)) { ["zoom"] = settings.X == Settings.X ? Zoom : null };
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(changes), replace: true);
    }

    private void GoTo(ChartRange? range) => Go("zoom", range?.ToString());

    private void Go(string name, string? value) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, value), replace: true);
}
