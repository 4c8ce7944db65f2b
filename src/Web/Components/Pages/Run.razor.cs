using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Charts;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class Run
{
    private const int PointsPerCurve = 400;
    // More than a run reports, so that the line is fitted to the same points as the trainer fits it to.
    private const int DistancePoints = 1000;
    private const int LogLines = 400;
    private const int EventsShown = 100;

    private RunCharts _charts = null!;
    private LineChart? _accuracy;
    private LineChart? _distance;

    [Parameter]
    public long Id { get; set; }

    [SupplyParameterFromQuery(Name = "x")]
    public string? AxisName { get; set; }

    /// <summary>The run whose configuration is shown beside this one's.</summary>
    [SupplyParameterFromQuery(Name = "against")]
    public long? Against { get; set; }

    [Inject]
    public required IRuns Runs { get; set; }

    [Inject]
    public required IMetrics Metrics { get; set; }

    [Inject]
    public required IQueue Queue { get; set; }

    protected override object Key => Id;

    protected override object Options => (AxisName, Against);

    // A run's page loads more than others do.
    protected override TimeSpan Pace => TimeSpan.FromMilliseconds(500);

    private CurveAxis Axis => CurveAxes.Read(AxisName, CurveAxis.Epoch);

    protected override bool Concerns(Change change) => change.Kind is ChangeKind.Run or ChangeKind.Log && change.Id == Id;

    protected override async Task<RunModel?> LoadAsync(CancellationToken cancellationToken)
    {
        if (await Runs.FindAsync(Id, cancellationToken) is not { } run)
            return null;
        var series = await Metrics.SeriesAsync([Id], RunModel.Charted, PointsPerCurve, Axis.Metric(), cancellationToken);
        var distance = await Metrics.SeriesAsync([Id], [MetricNames.WeightDistance], DistancePoints, MetricAxis.LogStep, cancellationToken);
        var log = await Runs.LogAsync(Id, 0, 0, LogLines, cancellationToken);
        return new(
            run, RunPlan.For(run.Spec),
            await Runs.AttemptsAsync(Id, cancellationToken),
            await Runs.EventsAsync(Id, EventsShown, cancellationToken),
            [.. log.Reverse()],
            series.ToDictionary(one => one.Key), Axis,
            distance.Count > 0 ? distance[0] : null,
            Model?.Siblings ?? await Runs.OfSweepAsync(run.SweepId, cancellationToken),
            run.State == RunState.Queued ? await Queue.PlaceAsync(Id, cancellationToken) : null);
    }

    protected override void Loaded(RunModel model) => _charts = new(model);

    private void Go(string name, string? value) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, value), replace: true);
}
