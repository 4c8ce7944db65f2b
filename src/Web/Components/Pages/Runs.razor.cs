using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;
using Tracker.Web.Views;
using Tracker.Web.Views.Grid;

namespace Tracker.Web.Components.Pages;

public sealed partial class Runs
{
    private readonly RunSelection _selection = new();
    private GridQuery _asked = GridQuery.Read(null, null, null);
    private IReadOnlyList<RunField> _fields = [];
    private string? _outcome;
    private bool _anew;

    [SupplyParameterFromQuery(Name = "filter")]
    public string? Filter { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    public string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "columns")]
    public string? Columns { get; set; }

    /// <summary>Just these runs, separated by commas.</summary>
    [SupplyParameterFromQuery(Name = "ids")]
    public string? Ids { get; set; }

    /// <summary>Runs older than this one.</summary>
    [SupplyParameterFromQuery(Name = "before")]
    public string? BeforeText { get; set; }

    private long? Before => QueryValues.Long(BeforeText);

    [Inject]
    public required IRunSearch Search { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override object Key => Addresses.Runs;

    protected override object Options => (_asked.Filter, _asked.Within, _asked.Order, string.Join(',', _asked.Metrics));

    /// <summary>A grid is read, not watched like a curve.</summary>
    protected override TimeSpan Pace => TimeSpan.FromMilliseconds(500);

    private RunListing? List => Model?.List;

    /// <summary>Whether another list than the one shown was asked for and is on its way.</summary>
    private bool Busy => Model is { List: { } list, Fault: null } && !list.Query.Finds(_asked);

    private string Count => List is not { } list ? "" : !list.Query.Restricts ? $"{Numbers.Of(list.Total, "run")} in all" : Numbers.Of(list.Total, "run") + (list.Total == 1 ? " matches" : " match");

    protected override bool Concerns(Change change) =>
        change.Kind == ChangeKind.Sweep || (change.Kind == ChangeKind.Run && Model?.List?.Shows(change.Id) == true);

    protected override Task OnParametersSetAsync()
    {
        var before = _asked;
        _asked = GridQuery.Read(Filter, Sort, Columns, Ids, Before);
        if (_asked.Filter != before.Filter || !Equals(_asked.Within, before.Within))
            _selection.Clear();
        return base.OnParametersSetAsync();
    }

    protected override async Task<RunsModel?> LoadAsync(CancellationToken cancellationToken)
    {
        var asked = _asked;
        var list = Model?.List;
        try
        {
            if (list is null || _anew || !list.Query.Finds(asked))
                list = await RunListing.OpenAsync(Search, Clock, asked, cancellationToken);
            else
                await list.RefreshAsync(cancellationToken);
            _anew = false;
            return new(list, asked, null);
        }
        catch (FilterException fault)
        {
            return new(Model?.List, asked, fault.Part == FilterPart.Order ? new(fault.Message, -1, 0) : new(fault.Message, fault.Position, fault.Length));
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        try
        {
            _fields = await Search.FieldsAsync(CancellationToken.None);
            StateHasChanged();
        }
        catch (Exception exception) when (TransientErrors.IsTransient(exception))
        {
            Warn("The database does not answer, so nothing is completed and only the fixed columns are offered. Reload the page in a moment.");
            StateHasChanged();
        }
    }

    private Task RenewAsync()
    {
        _anew = true;
        return ReloadAsync(CancellationToken.None);
    }

    private Task ActedAsync(string? outcome)
    {
        _outcome = outcome;
        if (outcome is null)
            return Task.CompletedTask;
        // Rows stay where they are, but none that was deleted.
        _anew = _selection.Count == 0;
        return ReloadAsync(CancellationToken.None);
    }

    private void Apply(string filter) => Go(("filter", filter.Trim() is { Length: > 0 } text ? text : null), ("ids", null), ("before", null));

    private void SortBy(RunColumn column) => Go(("sort", GridQuery.Write(_asked.Toggled(column))));

    private void Show(IReadOnlyList<RunColumn> columns) => Go(("columns", RunColumns.Write(columns)));

    private void Go(params IEnumerable<(string Name, object? Value)> parameters) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value)), replace: true);
}
