using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Sweeps;

/// <summary>Name, state and verbs of a sweep.</summary>
public sealed partial class SweepHead
{
    [Parameter, EditorRequired]
    public required SweepModel Model { get; set; }

    [Parameter, EditorRequired]
    public required Func<Func<CancellationToken, Task>, Task> Act { get; set; }

    [Inject]
    public required ISweeps Sweeps { get; set; }

    [Inject]
    public required Confirmation Confirmation { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required Browser Browser { get; set; }

    private long Id => Model.Sweep.Id;

    private RunCounts Counts => Model.Sweep.Counts;

    private long? Memory => Model.Sweep.Spec.Placement.DeviceMemoryGb is { } gigabytes ? (long)(gigabytes * 1e9) : null;

    private bool Open => Counts.Finished < Counts.Total;

    private string What
    {
        get
        {
            var spec = Model.Sweep.Spec;
            var large = string.Join(" and ", spec.LargeBatch.Select(batch => Numbers.Count(batch)));
            var batches = spec.LargeBatch.Count == 0 ? $"batch {Numbers.Count(spec.SmallBatch)}" : $"batch {large} against {Numbers.Count(spec.SmallBatch)}";
            var part = Titles.PartOfData(spec.Dataset, spec.TrainExamples);
            return $"{Titles.Network(spec.Network)} on {Titles.Dataset(spec.Dataset)}{(part is null ? "" : $", {part}")}, {batches}, {Numbers.Of(spec.Seeds.Count, "seed")}, {Numbers.Of(spec.Epochs, "epoch")}";
        }
    }

    private async Task StopAsync()
    {
        if (await Confirmation.AskAsync("Stop after the running runs?", $"{Numbers.Of(Counts.Running + Counts.Starting, "run")} finish; {Numbers.Of(Counts.Queued + Counts.Paused, "waiting run")} are cancelled. Cancelled runs can be retried.", $"Cancel {Counts.Queued + Counts.Paused} waiting"))
            await Act(token => Sweeps.StopAsync(Id, token));
    }

    private async Task CancelAsync()
    {
        var open = Counts.Total - Counts.Finished;
        if (await Confirmation.AskAsync("Cancel the sweep?", $"{Numbers.Of(open, "run")} end now. What they recorded is kept, and they can be retried from their checkpoints.", $"Cancel {Numbers.Of(open, "run")}"))
            await Act(token => Sweeps.CancelAsync(Id, token));
    }

    private async Task DeleteAsync()
    {
        var own = Counts.Total - Model.Sweep.Reused;
        if (!await Confirmation.AskAsync("Delete the sweep?", $"{Model.Sweep.Name} goes with {Numbers.Of(own, "run")}, their curves, logs and checkpoints. Runs that other sweeps show stay. This cannot be undone.", $"Delete {Numbers.Of(own, "run")}"))
            return;
        var deleted = false;
        await Act(async token => deleted = await Sweeps.DeleteAsync(Id, token));
        if (deleted)
            Navigation.NavigateTo(Addresses.Sweeps);
    }

    private Task DownloadAsync() => Browser.SaveAsync($"sweep-{Id}.json", Model.Sweep.Spec.ToJson(indented: true) + "\n").AsTask();
}
