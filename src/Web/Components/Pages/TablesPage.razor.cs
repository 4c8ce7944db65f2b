using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Components.Charts;
using Tracker.Web.Live;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class TablesPage
{
    private const int MostGaps = 12;
    private static readonly IReadOnlyList<(int, string)> s_tables = [(1, "Table 1"), (2, "Table 2, ImageNet")];

    private static readonly IReadOnlyList<(bool, string)> s_rows = [(false, "All rows"), (true, "With runs")];

    private TablesModel? _shown;
    private IReadOnlyList<TableRow> _gaps = [];
    private GapScale _scale = new([]);

    [SupplyParameterFromQuery(Name = "table")]
    public string? AskedText { get; set; }

    private int? Asked => QueryValues.Int(AskedText);

    /// <summary>Only the runs that this sweep shows.</summary>
    [SupplyParameterFromQuery(Name = "sweep")]
    public string? SweepIdText { get; set; }

    private long? SweepId => QueryValues.Long(SweepIdText);

    [SupplyParameterFromQuery(Name = "network")]
    public string? Network { get; set; }

    [SupplyParameterFromQuery(Name = "dataset")]
    public string? Dataset { get; set; }

    /// <summary>"begun" for rows that anything was trained for; all otherwise.</summary>
    [SupplyParameterFromQuery(Name = "rows")]
    public string? RowsAsked { get; set; }

    [Inject]
    public required ITables Tables { get; set; }

    [Inject]
    public required ISweeps Sweeps { get; set; }

    [Inject]
    public required SharedReads Reads { get; set; }

    protected override object Key => SweepId ?? 0;

    protected override object Options => Number;

    // How far runs are may be told more slowly than it changes: a table looks at every run of the paper's settings.
    protected override TimeSpan Pace => TimeSpan.FromSeconds(2);

    private int Number => Asked == 2 ? 2 : 1;

    private bool Begun => RowsAsked == "begun";

    protected override bool Concerns(Change change) => change.Kind is ChangeKind.Run or ChangeKind.Sweep;

    protected override async Task<TablesModel?> LoadAsync(CancellationToken cancellationToken)
    {
        var (number, sweepId) = (Number, SweepId);
        var shown = await Reads.GetAsync(
            ("table", number, sweepId), static change => change.Kind is ChangeKind.Sweep, token => LoadForAllAsync(number, sweepId, token), cancellationToken);
        return sweepId is not null && shown.Sweep is null ? null : shown;
    }

    private async Task<TablesModel> LoadForAllAsync(int number, long? sweepId, CancellationToken cancellationToken)
    {
        var sweep = sweepId is { } id ? await Sweeps.FindAsync(id, cancellationToken) : null;
        return new(await Tables.ReadAsync(number, sweepId, cancellationToken), sweep);
    }

    protected override void OnParametersSet()
    {
        // The filters need no load.
        if (Model is not null)
            Loaded(Model);
    }

    protected override void Loaded(TablesModel model)
    {
        _shown = model.Only(Network, Dataset, Begun);
        _gaps = [.. _shown.Table.Rows.Where(row => TablesModel.OurGap(row).OfType<double>().Skip(1).Any()).Take(MostGaps)];
        _scale = new(_gaps.SelectMany(row => TablesModel.OurGap(row).Concat(_shown.PaperGap(row))));
    }

    private void Go(string name, string? value) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, string.IsNullOrEmpty(value) ? null : value), replace: true);

    private void ShowAll() => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["network"] = null, ["dataset"] = null, ["rows"] = null }), replace: true);
}
