using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;
using Tracker.Web.Views;
using Tracker.Web.Views.Grid;

namespace Tracker.Web.Components.Runs.Grid;

/// <summary>What can be done with the chosen runs.</summary>
public sealed partial class SelectionBar : IDisposable
{
    private const int MostCompared = 100;

    /// <summary>Ids that fit into an address as a filter.</summary>
    private const int MostInAddress = 400;

    private static readonly TimeSpan s_told = TimeSpan.FromMilliseconds(250);
    private static readonly GridAction[] s_actions = [GridAction.Pause, GridAction.Resume, GridAction.Retry];

    private GridBatch? _batch;
    private CancellationTokenSource? _ending;
    private string _tag = "";

    [Parameter, EditorRequired]
    public required RunSelection Selection { get; set; }

    [Parameter, EditorRequired]
    public required RunListing List { get; set; }

    /// <summary>Runs were changed, or others are chosen; what is to be said about it, if anything.</summary>
    [Parameter]
    public EventCallback<string?> OnDone { get; set; }

    [Inject]
    public required IRuns Runs { get; set; }

    [Inject]
    public required Confirmation Confirmation { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    private string Tag => _tag.Trim();

    private string? Csv =>
        Selection.Count >= List.Total && List.Query.Within is null ? Addresses.RunsCsv(List.Query.Filter, GridQuery.Write(List.Query.Order))
        : Selection.Count <= MostInAddress ? Addresses.RunsCsv(Filters.OfIds(Selection.Ids), GridQuery.Write(List.Query.Order))
        : null;

    public void Dispose() => _ending?.Cancel();

    private async Task AllAsync()
    {
        var fault = await TryAsync(async () => Selection.Become(await List.AllIdsAsync(CancellationToken.None)));
        await OnDone.InvokeAsync(fault);
    }

    private Task NoneAsync()
    {
        Selection.Clear();
        return OnDone.InvokeAsync(null);
    }

    private async Task CancelAsync()
    {
        var what = Numbers.Of(Selection.Count, "run");
        if (await Confirmation.AskAsync("Cancel the chosen runs?", $"{what} {(Selection.Count == 1 ? "ends" : "end")} now, as far as they are not over. What they recorded is kept, and they can be retried from their checkpoints.", $"Cancel {what}"))
            await GoAsync(GridAction.Cancel);
    }

    private async Task DeleteAsync()
    {
        var what = Numbers.Of(Selection.Count, "run");
        if (!await Confirmation.AskAsync("Delete the chosen runs?", $"{what} {(Selection.Count == 1 ? "goes" : "go")} with curves, logs and checkpoints; those that train stay. They can be restored from the recycle bin.", $"Delete {what}"))
            return;
        await GoAsync(GridAction.Delete);
    }

    private async Task GoAsync(GridAction action)
    {
        if (_ending is not null)
            return;
        using var ending = _ending = new();
        var batch = _batch = new(action, Selection.Count);
        var told = Clock.GetTimestamp();
        var fault = await TryAsync(() => batch.GoAsync(Runs, Selection.Ids, () =>
        {
            if (Clock.GetElapsedTime(told) < s_told)
                return;
            told = Clock.GetTimestamp();
            StateHasChanged();
        }, ending.Token));
        _ending = null;
        if (action == GridAction.Delete && batch.Changed > 0)
            Selection.Clear();
        await OnDone.InvokeAsync($"{action.Outcome(batch)} {fault}".TrimEnd());
    }

    private static async Task<string?> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (Exception exception) when (TransientErrors.IsTransient(exception))
        {
            return "The database does not answer. Try again in a moment.";
        }
        catch (FilterException fault)
        {
            return fault.Message;
        }
    }
}
