using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.JSInterop;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;
using Tracker.Web.Views.Grid;

namespace Tracker.Web.Components.Runs.Grid;

/// <summary>Runs as rows of a table that loads what is looked at.</summary>
public sealed partial class RunGrid : IAsyncDisposable
{
    /// <summary>Rows that are there before the browser has told how many it can show.</summary>
    private const int FirstRows = 36;
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private ElementReference _scroll;
    private IJSObjectReference? _module;
    private Virtualize<int>? _rows;
    private RunListing? _listed;
    private int _told;
    private bool _started;
    private bool _disposed;

    [Parameter, EditorRequired]
    public required RunListing List { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<RunColumn> Columns { get; set; }

    [Parameter, EditorRequired]
    public required RunSelection Selection { get; set; }

    /// <summary>Fields that can be sorted by; none while they are not known.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<RunField> Fields { get; set; }

    /// <summary>Carries out an action and shows its outcome.</summary>
    [Parameter, EditorRequired]
    public required Func<Func<CancellationToken, Task>, Task> Act { get; set; }

    /// <summary>A column's head was pressed.</summary>
    [Parameter]
    public EventCallback<RunColumn> OnSort { get; set; }

    /// <summary>Runs could not be fetched, and why.</summary>
    [Parameter]
    public EventCallback<string> OnTrouble { get; set; }

    /// <summary>Other runs are chosen than before.</summary>
    [Parameter]
    public EventCallback OnChosen { get; set; }

    [Inject]
    public required IJSRuntime Js { get; set; }

    [CascadingParameter]
    public required ViewerTime Viewer { get; set; }

    private string Width => (Columns.Sum(column => column.Width) + 2.5 + 4.5).ToString("0.##", Invariant);

    private bool All => Selection.Count > 0 && Selection.Count >= List.Total;

    private string ChooseAllLabel => Selection.Count > 0 ? "Choose none" : List.Total == 1 ? "Choose the run" : $"Choose all {Numbers.Count(List.Total)} runs";

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        if (_module is null)
            return;
        try
        {
            await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and its module with it.
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        try
        {
            if (firstRender)
            {
                (_listed, _told) = (List, List.Total);
                _module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/run-grid.js");
                if (!_disposed)
                    await _module.InvokeVoidAsync("follow", _scroll);
                return;
            }
            if (!ReferenceEquals(_listed, List) && _module is not null)
            {
                _listed = List;
                await _module.InvokeVoidAsync("toTop", _scroll);
                await AgainAsync();
            }
            else if (_told != List.Total)
            {
                await AgainAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The page was left meanwhile.
            _module = null;
        }
    }

    private static string Css(RunColumn column) => (column == RunColumns.Id ? "rg-id" : column.Number ? "r" : "") + (column.Name == "state" ? "rg-state" : "");

    private bool Sorts(RunColumn column) => column.Sort is not null && (Fields.Count == 0 || column.Metric is not null || Fields.Any(field => field.Name == column.Sort));

    private string SortWord(RunColumn column) => List.Query.Order is { } order && order.Field != column.Sort ? "none" : List.Query.Order.Descending ? "descending" : "ascending";

    private async Task AgainAsync()
    {
        if (_rows is not null)
        {
            await _rows.RefreshDataAsync();
            StateHasChanged();
        }
    }

    // Answers at once with places; a place whose run is not there yet is drawn as waiting, and drawn again when the run has come.
    private ValueTask<ItemsProviderResult<int>> ProvideAsync(ItemsProviderRequest request)
    {
        _told = List.Total;
        var count = Math.Clamp(List.Total - request.StartIndex, 0, request.Count);
        _ = FetchAsync(List, request.StartIndex, count, request.CancellationToken);
        return ValueTask.FromResult(new ItemsProviderResult<int>(Enumerable.Range(request.StartIndex, count), List.Total));
    }

    private async Task FetchAsync(RunListing list, int start, int count, CancellationToken cancellationToken)
    {
        try
        {
            var had = list.Has(start, count);
            await list.ShowAsync(start, count, cancellationToken);
            // Not before the rows that take the place of the first ones are on their way to the browser.
            if (!_started)
                await Task.Yield();
            if (had && _started)
                return;
            _started = true;
            if (!_disposed)
                StateHasChanged();
        }
        catch (OperationCanceledException)
        {
            // Scrolled on: another call asks for what is on screen now.
        }
        catch (Exception exception) when (Trouble(exception) is not null)
        {
            await OnTrouble.InvokeAsync(Trouble(exception));
        }
        catch (Exception exception) when (!_disposed)
        {
            // Nobody waits for this call: the page shows the fault as it shows one of its own.
            await DispatchExceptionAsync(exception);
        }
    }

    private async Task ChooseAsync(int index, MouseEventArgs args)
    {
        if (args.ShiftKey && Selection.Anchor is not null)
        {
            var (start, count) = Selection.RangeTo(index);
            await FindAsync(async () => Selection.Extend(index, await List.IdsAsync(start, count, CancellationToken.None)));
        }
        else if (List.At(index) is { } found)
        {
            Selection.Toggle(index, found.Run.Id);
        }
        await OnChosen.InvokeAsync();
    }

    private async Task ChooseAllAsync()
    {
        if (Selection.Count > 0)
            Selection.Clear();
        else
            await FindAsync(async () => Selection.Become(await List.AllIdsAsync(CancellationToken.None)));
        await OnChosen.InvokeAsync();
    }

    private async Task FindAsync(Func<Task> find)
    {
        try
        {
            await find();
        }
        catch (Exception exception) when (Trouble(exception) is not null)
        {
            await OnTrouble.InvokeAsync(Trouble(exception));
        }
    }

    // A filter that was understood may still take too long for a place far down.
    private static string? Trouble(Exception exception) => exception switch
    {
        FilterException fault => fault.Message,
        _ when TransientErrors.IsTransient(exception) => "The database does not answer. Rows that are missing appear when it does.",
        _ => null,
    };
}
