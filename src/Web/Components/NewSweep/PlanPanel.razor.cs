using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.NewSweep;

/// <summary>What submitting the form would do: runs, time, schedules, refusals.</summary>
public sealed partial class PlanPanel
{
    private const int MostListed = 12;
    private static readonly IReadOnlyList<(bool, string)> s_axes = [(false, "Step"), (true, "Epoch")];

    private IReadOnlyList<int> _batches = [];
    private RateStrips? _strips;
    private SweepPlan? _drawn;
    private int _batch;
    private (int?, string?) _shown;
    private int _refused;

    /// <summary>The large batch of which the schedules are drawn.</summary>
    [SupplyParameterFromQuery(Name = "batch")]
    public string? ChosenBatchText { get; set; }

    private int? ChosenBatch => QueryValues.Int(ChosenBatchText);

    /// <summary>Along what: "epoch", else steps.</summary>
    [SupplyParameterFromQuery(Name = "x")]
    public string? AxisName { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    /// <summary>The plan of what is in the form; null while there is none.</summary>
    [Parameter, EditorRequired]
    public required SweepPlan? Plan { get; set; }

    /// <summary>How many fields have errors.</summary>
    [Parameter, EditorRequired]
    public required int Faults { get; set; }

    /// <summary>Whether the form has changed since, and another plan is on its way.</summary>
    [Parameter]
    public bool Old { get; set; }

    /// <summary>Whether the sweep is being queued.</summary>
    [Parameter, EditorRequired]
    public required bool Busy { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnSubmit { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnExport { get; set; }

    [CascadingParameter]
    public required ViewerTime Viewer { get; set; }

    private TimeSpan? Length => Plan is { NewRuns.Count: > 0 } && (Plan.Duration?.Seconds ?? Plan.EstimatedSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private DateTimeOffset? Done => Plan is { NewRuns.Count: > 0, Finishes: { } finishes } ? finishes.Expected : null;

    private string Action => (Busy, Faults, Plan) switch
    {
        (true, _, _) => "Queueing…",
        (_, > 0, _) => "Fix the marked fields",
        (_, _, null) => "Planning…",
        (_, _, { NewRuns.Count: 0 }) => $"Show {Numbers.Of(Plan.ReusedRuns.Count, "finished run")}",
        _ => $"Queue {Numbers.Of(Plan.NewRuns.Count, "run")}",
    };

    private IEnumerable<IGrouping<(Method Method, int Batch, long SweepId, string SweepName), ReusedRun>> Reused =>
        Plan!.ReusedRuns.GroupBy(run => (run.Spec.Method, run.Spec.Batch, run.SweepId, run.SweepName));

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(Plan, _drawn) && _shown == (ChosenBatch, AxisName))
            return;
        (_drawn, _shown) = (Plan, (ChosenBatch, AxisName));
        _refused = Plan?.Refused.Sum(refused => refused.Count) ?? 0;
        Draw();
    }

    private bool ByEpoch => AxisName == "epoch";

    private void Show(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, value), replace: true);

    private void Draw()
    {
        var specs = Plan is null ? [] : Plan.NewRuns.Select(run => run.Spec).Concat(Plan.ReusedRuns.Select(run => run.Spec)).ToList();
        _batches = [.. specs.Where(spec => spec.Method.LargeBatch).Select(spec => spec.Batch).Distinct().Order()];
        _batch = ChosenBatch ?? 0;
        if (!_batches.Contains(_batch))
            _batch = _batches.Count > 0 ? _batches[0] : 0;
        var shown = specs.Where(spec => !spec.Method.LargeBatch || spec.Batch == _batch).DistinctBy(spec => spec.Method)
            .OrderBy(spec => spec.Method.TableColumn ?? int.MaxValue).ToList();
        _strips = shown.Count == 0 ? null : new(shown, ByEpoch);
    }

    private double? Seconds(RunSpec spec) => Plan?.NewRuns.FirstOrDefault(run => run.Spec.Method == spec.Method && run.Spec.Batch == spec.Batch)?.EstimatedSeconds;

    private static string Seeds(IEnumerable<int> seeds)
    {
        var sorted = seeds.Distinct().Order().ToArray();
        if (sorted.Length == 1)
            return $"seed {sorted[0]}";
        return sorted[^1] - sorted[0] == sorted.Length - 1 ? $"seeds {sorted[0]} to {sorted[^1]}" : $"seeds {string.Join(", ", sorted)}";
    }
}
