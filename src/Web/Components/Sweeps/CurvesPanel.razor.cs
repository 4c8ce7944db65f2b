using Microsoft.AspNetCore.Components;
using Tracker.Web.Components.Charts;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Sweeps;

/// <summary>The curves of a sweep.</summary>
public sealed partial class CurvesPanel
{
    private LineChart? _chart;
    private IReadOnlyList<RunGrouping> _groupings = [];

    [Parameter, EditorRequired]
    public required SweepModel Model { get; set; }

    [Parameter, EditorRequired]
    public required ChartData Data { get; set; }

    [Parameter, EditorRequired]
    public required Curve Metric { get; set; }

    [Parameter, EditorRequired]
    public required ChartSettings Settings { get; set; }

    /// <summary>The large batches that there are.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<int> Batches { get; set; }

    /// <summary>The one that is drawn; null for all.</summary>
    [Parameter, EditorRequired]
    public required int? Batch { get; set; }

    /// <summary>Which runs' times count, where curves are drawn against time.</summary>
    [Parameter, EditorRequired]
    public required SharedTime? Drawn { get; set; }

    [Parameter]
    public EventCallback<string?> OnMetric { get; set; }

    [Parameter]
    public EventCallback<string?> OnBatch { get; set; }

    [Parameter]
    public EventCallback<ChartSettings> OnSettings { get; set; }

    /// <summary>The stretch of the x axis that is zoomed into.</summary>
    [Parameter]
    public ChartRange? Range { get; set; }

    [Parameter]
    public EventCallback<ChartRange?> OnZoom { get; set; }

    [Parameter]
    public EventCallback<string> OnPick { get; set; }

    [Parameter]
    public EventCallback<string?> OnOpen { get; set; }

    [Parameter]
    public EventCallback OnToggleShared { get; set; }

    private string Empty => Model.Runs.All(run => run.Attempt == 0 && run.Result is null)
        ? "Curves begin when the first run does."
        : Model.Chart.Groups.Count == 0 ? "No run of the chosen states and batch has begun." : "The runs shown here have not measured it so far.";

    private string? Limits
    {
        get
        {
            var (left, cut) = (Model.Chart.Left, Model.Chart.Cut);
            var notDrawn = left > 0 ? $"{Numbers.Of(left, "more curve")} not drawn: more than {SweepChart.MostCurves} cannot be told apart. Choose states or a batch, or put more runs together." : "";
            var averaged = cut is { } most ? $"Of each curve the first {Numbers.Of(most, "run")} are drawn." : "";
            return (notDrawn + " " + averaged).Trim() is { Length: > 0 } text ? text : null;
        }
    }

    protected override void OnParametersSet()
    {
        // A field that all runs share would put them all together: it is not offered.
        var fields = GroupField.All.Where(field => Model.Runs.Select(run => field.Of(run).Text).Distinct().Skip(1).Any()).ToArray();
        var technique = Array.Find(fields, field => field.Key == "technique");
        _groupings =
        [
            RunGrouping.Setting, RunGrouping.Each, .. fields.Select(field => RunGrouping.By(field)),
            .. technique is null ? [] : fields.Where(field => field.Key is "batch" or "rate" or "ghost" or "host").Select(field => RunGrouping.By(technique, field)),
        ];
    }

    private Task ChooseBatch(ChangeEventArgs change)
    {
        var chosen = change.Value as string;
        return OnBatch.InvokeAsync(Batches.Count > 0 && chosen == $"{Batches[^1]}" ? null : chosen);
    }
}
