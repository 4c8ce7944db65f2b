using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Runs;

/// <summary>Name, state and verbs of a run.</summary>
public sealed partial class RunHead
{
    [Parameter, EditorRequired]
    public required RunView Run { get; set; }

    /// <summary>The run before this one in its sweep.</summary>
    [Parameter, EditorRequired]
    public required RunBrief? Previous { get; set; }

    /// <summary>The run after it.</summary>
    [Parameter, EditorRequired]
    public required RunBrief? Next { get; set; }

    [Inject]
    public required IRuns Runs { get; set; }

    [Inject]
    public required Browser Browser { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    private string What => Run.Spec.DatasetTitle()
        + (Titles.PartOfData(Run.Spec.Dataset, Run.Spec.TrainExamples) is { } part ? $", {part}" : "")
        + (Run.Spec.GhostBatch is { } ghost ? $", ghost batch {Numbers.Count(ghost)}" : "");

    private static string Title(RunBrief brief) => brief.Name ?? $"{Parts.Technique.Of(brief.Method).Name}, batch {Numbers.Count(brief.Batch)}, seed {brief.Seed}";

    private Task RetryAsync(RetryFrom from) => Act(token => Runs.RetryAsync(Run.Id, from, token));

    private Task CancelAsync() => ConfirmAsync(
        "Cancel this run?", $"{Run.FullTitle()} ends now, at {Numbers.WholePercent(Run.Share())} %. What it recorded is kept, and it can be retried from its checkpoint.",
        "Cancel the run", token => Runs.CancelAsync(Run.Id, token));

    private Task DeleteAsync() => ConfirmAsync(
        "Delete this run?", $"{Run.FullTitle()} goes with its curves, log{(Run.Checkpoint is { } checkpoint ? $" and checkpoint ({Numbers.Bytes(checkpoint.Bytes)})" : "")}. It can be restored from the recycle bin.",
        "Delete the run", async token =>
        {
            if (await Runs.DeleteAsync(Run.Id, token))
                Navigation.NavigateTo(Addresses.Sweep(Run.SweepId));
        });

    private Task SaveAsync() => Browser.SaveAsync($"run-{Run.Id}.json", Run.Spec.ToJson(indented: true) + "\n").AsTask();
}
