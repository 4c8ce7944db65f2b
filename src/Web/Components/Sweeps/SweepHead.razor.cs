using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Sweeps;

/// <summary>Name, notes, state and verbs of a sweep.</summary>
public sealed partial class SweepHead
{
    private string? _space;

    [Parameter, EditorRequired]
    public required SweepView Sweep { get; set; }

    [Inject]
    public required ISweeps Sweeps { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required IRetention Retention { get; set; }

    [Inject]
    public required Browser Browser { get; set; }

    private long Id => Sweep.Id;

    private RunCounts Counts => Sweep.Counts;

    private int Retriable => Counts.Failed + Counts.Cancelled;

    private long? Memory => Sweep.Spec.Placement.DeviceMemoryGb is { } gigabytes ? (long)(gigabytes * 1e9) : null;

    private bool Open => Counts.Finished < Counts.Total;

    private string What
    {
        get
        {
            var spec = Sweep.Spec;
            var large = string.Join(" and ", spec.LargeBatch.Select(batch => Numbers.Count(batch)));
            var batches = spec.LargeBatch.Count == 0 ? $"batch {Numbers.Count(spec.SmallBatch)}" : $"batch {large} against {Numbers.Count(spec.SmallBatch)}";
            var part = Titles.PartOfData(spec.Dataset, spec.TrainExamples);
            return $"{Titles.Network(spec.Network)} on {Titles.Dataset(spec.Dataset)}{(part is null ? "" : $", {part}")}, {batches}, {Numbers.Of(spec.Seeds.Count, "seed")}, {Numbers.Of(spec.Epochs, "epoch")}";
        }
    }

    private Task StopAsync() => ConfirmAsync(
        "Stop after the running runs?", $"{Numbers.Of(Counts.Running + Counts.Starting, "run")} {(Counts.Running + Counts.Starting == 1 ? "finishes" : "finish")}; {Numbers.Of(Counts.Queued + Counts.Paused, "waiting run")} {(Counts.Queued + Counts.Paused == 1 ? "is" : "are")} cancelled. Cancelled runs can be retried.",
        $"Cancel {Counts.Queued + Counts.Paused} waiting", token => Sweeps.StopAsync(Id, token));

    private Task CancelAsync()
    {
        var open = Counts.Total - Counts.Finished;
        return ConfirmAsync(
            "Cancel the sweep?", $"{Numbers.Of(open, "run")} {(open == 1 ? "ends" : "end")} now. What was recorded is kept, and they can be retried from their checkpoints.",
            $"Cancel {Numbers.Of(open, "run")}", token => Sweeps.CancelAsync(Id, token));
    }

    private async Task DeleteAsync()
    {
        SweepDeletion? what = null;
        await Act(async token => what = await Sweeps.DeletionAsync(Id, token));
        if (what is null)
            return;
        await ConfirmAsync("Delete the sweep?", DeletionText.Of(Sweep.Name, what), what.Runs == 0 ? "Delete the sweep" : $"Delete {Numbers.Of(what.Runs, "run")}", async token =>
        {
            if (await Sweeps.DeleteAsync(Id, token))
                Navigation.NavigateTo(Addresses.Sweeps);
        });
    }

    private Task MeasureAsync() => Act(async token => _space = await Retention.SpaceAsync(Id, token) is { } space ? SpaceText.Of(space) : null);

    private Task DownloadAsync() => Browser.SaveAsync($"sweep-{Id}.json", Sweep.Spec.ToJson(indented: true) + "\n").AsTask();
}
