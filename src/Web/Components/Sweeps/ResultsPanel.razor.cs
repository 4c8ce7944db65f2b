using System.Globalization;
using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Parts;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Sweeps;

/// <summary>Final accuracies of a sweep, per technique and batch.</summary>
public sealed partial class ResultsPanel
{
    private DotScale _scale = DotScale.Around([]);
    private SeedStatistics? _reference;
    private RunGroup? _best;
    private string? _part;

    [Parameter, EditorRequired]
    public required IReadOnlyList<RunGroup> Groups { get; set; }

    [Parameter, EditorRequired]
    public required SweepView Sweep { get; set; }

    /// <summary>Which runs count for training time and speed.</summary>
    [Parameter, EditorRequired]
    public required SharedTime Time { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnToggleShared { get; set; }

    private string Heading => (Sweep.Spec.Options.Selection.Kind, Sweep.Spec.Options.ValidationExamples) switch
    {
        (SelectionKind.Final, 0) => "Final validation accuracy",
        (SelectionKind.Best, 0) => "Best validation accuracy",
        (SelectionKind.Final, _) => "Final test accuracy",
        (SelectionKind.Best, _) => "Test accuracy of the best epoch",
        (_, 0) => "Mean validation accuracy of the last epochs",
        _ => "Mean test accuracy of the last epochs",
    };

    [Inject]
    public required Browser Browser { get; set; }

    protected override void OnParametersSet()
    {
        _part = Titles.PartOfData(Sweep.Spec.Dataset, Sweep.Spec.TrainExamples);
        var references = Groups.Where(group => group.Method == Method.SmallBatchOnly).ToList();
        _reference = references.Count == 1 ? references[0].Accuracy : null;
        _best = Groups.Where(group => group.Accuracy is { Count: >= 2 }).MaxBy(group => group.Accuracy!.Mean);
        _scale = DotScale.Around(Groups.Select(group => group.Accuracy).OfType<SeedStatistics>()
            .SelectMany(accuracy => new[] { accuracy.Mean - (accuracy.StandardDeviation ?? 0), accuracy.Mean + (accuracy.StandardDeviation ?? 0) }));
    }

    private static StateLook Waiting(RunGroup group) =>
        group.Runs.Any(run => run.State.IsActive()) ? StateLook.Running : group.Runs.MinBy(run => run.State)!.Look();

    private static string Css(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Spoken(SeedStatistics accuracy) => accuracy.StandardDeviation is { } std
        ? $"{Numbers.Points(accuracy.Mean)} plus or minus {Numbers.Points(std)} percent"
        : $"{Numbers.Points(accuracy.Mean)} percent";

    /// <summary>Coloured only past two standard deviations.</summary>
    private string? DifferenceCss(SeedStatistics accuracy)
    {
        var difference = accuracy.Mean - _reference!.Mean;
        var spread = Math.Max(accuracy.StandardDeviation ?? 0, _reference.StandardDeviation ?? 0);
        return spread == 0 || Math.Abs(difference) <= 2 * spread ? "dim" : difference > 0 ? "above" : "below";
    }

    private string Mean(RunGroup group, Func<RunResult, double> value, Func<double, string> text)
    {
        var values = group.Runs.Where(Time.Counts).Select(run => run.Result).OfType<RunResult>().Select(value).ToArray();
        return values.Length == 0 ? Quantity.None.Digits : text(values.Average());
    }

    private async Task DownloadAsync()
    {
        var lines = Groups.Select(group => string.Join(',', group.Method, group.Batch, $"\"{group.Detail}\"", group.Accuracy?.Count ?? 0, group.Runs.Count,
            Invariant(group.Accuracy?.Mean), Invariant(group.Accuracy?.StandardDeviation), Invariant(group.Accuracy?.Best), RunPlan.For(group.Runs[0].Spec).TotalSteps));
        await Browser.SaveAsync($"sweep-{Sweep.Id}-results.csv", "method,batch,detail,n,runs,mean,std,best,steps\n" + string.Join('\n', lines) + "\n");
    }

    private static string Invariant(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
