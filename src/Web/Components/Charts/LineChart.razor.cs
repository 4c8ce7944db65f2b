using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Tracker.Web.Components.Charts;

/// <summary>The one chart of the product: an empty box, a small data object, and chart.js, which draws it with ECharts.</summary>
public sealed partial class LineChart : IAsyncDisposable
{
    /// <summary>Past this the legend has a height of its own, a search and an order.</summary>
    private const int MostInPlainLegend = 12;

    private static int s_newest;

    private readonly string _hint = $"chart-hint-{Interlocked.Increment(ref s_newest)}";
    private ElementReference _figure;
    private ElementReference _plot;
    private IJSObjectReference? _module;
    private DotNetObjectReference<LineChart>? _self;
    private ChartData? _sent;
    private ChartData? _told;
    private ChartRange? _range;
    private ChartRange? _zoomed;
    private IReadOnlyList<LegendEntry> _entries = [];
    private IReadOnlyList<string> _notes = [];
    private IReadOnlyDictionary<string, object>? _scrolling;
    private LegendOrder _order;
    private bool _empty;
    private bool _table;
    private bool _creating;
    private bool _created;
    private bool _disposed;

    [Parameter, EditorRequired]
    public required ChartData Data { get; set; }

    /// <summary>What is drawn, for those who cannot see it: "Validation accuracy against epoch".</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>Charts of one group share the crosshair and the zoom; their x axes are the same quantity.</summary>
    [Parameter]
    public string? Group { get; set; }

    [Parameter]
    public string Height { get; set; } = "15rem";

    [Parameter]
    public bool HideLegend { get; set; }

    [Parameter]
    public string? LegendClass { get; set; }

    /// <summary>Without the axis' name, three in a row.</summary>
    [Parameter]
    public bool Small { get; set; }

    /// <summary>What the chart says while it has no points.</summary>
    [Parameter]
    public string Empty { get; set; } = "No points yet.";

    /// <summary>Whether finer points are on their way.</summary>
    [Parameter]
    public bool Loading { get; set; }

    /// <summary>The stretch that the page's address says; the chart follows it when it changes.</summary>
    [Parameter]
    public ChartRange? Range { get; set; }

    /// <summary>A stretch of the x axis was zoomed into, or all of it is shown again: the page may hand over finer points for it.</summary>
    [Parameter]
    public EventCallback<ChartRange?> OnZoom { get; set; }

    /// <summary>A curve was clicked; its id.</summary>
    [Parameter]
    public EventCallback<string> OnPick { get; set; }

    [Inject]
    public required IJSRuntime Js { get; set; }

    private bool Searchable => _entries.Count > MostInPlainLegend;

    /// <summary>Offers the chart as a download.</summary>
    /// <param name="format">png, svg or csv.</param>
    public async Task ExportAsync(string format)
    {
        if (_module is not null)
            await _module.InvokeVoidAsync("download", _plot, format, FileName(Label));
    }

    /// <summary>Shows the values as a table below the chart, or no longer.</summary>
    public void ToggleTable()
    {
        _table = !_table;
        StateHasChanged();
    }

    /// <summary>Called by chart.js.</summary>
    [JSInvokable]
    public Task ZoomedAsync(double? from, double? to)
    {
        _zoomed = from is { } low && to is { } high && low < high ? new(low, high) : null;
        return OnZoom.InvokeAsync(_zoomed);
    }

    /// <summary>Called by chart.js.</summary>
    [JSInvokable]
    public Task PickedAsync(string id) => Data.Series.Any(series => series.Id == id) ? OnPick.InvokeAsync(id) : Task.CompletedTask;

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(_told, Data))
            return;
        _told = Data;
        _entries = ChartLegend.Of(Data);
        _notes = ChartLegend.Notes(Data);
        _empty = !Data.Series.Any(series => series.Xs.Count > 0);
        _scrolling = Searchable ? new Dictionary<string, object> { ["tabindex"] = "0", ["role"] = "region", ["aria-label"] = $"Curves of {Label}" } : null;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        try
        {
            // Also when the connection was cut before the chart was there: then the next render draws it.
            if (!_creating && !_created)
                await CreateAsync();
            else if (_created)
                await UpdateAsync();
        }
        catch (Exception away) when (away is JSDisconnectedException or TaskCanceledException)
        {
            // The page was left while the chart was on its way to it, or its connection was cut: then the next update sends all of it.
            _sent = null;
        }
    }

    private async Task CreateAsync()
    {
        _creating = true;
        try
        {
            var module = _module ?? await Js.InvokeAsync<IJSObjectReference>("import", "./js/chart.js");
            if (_disposed)
            {
                await module.DisposeAsync();
                return;
            }
            _module = module;
            _self ??= DotNetObjectReference.Create(this);
            (_sent, _range, _zoomed) = (Data, Range, Range);
            var (message, numbers) = ChartWire.Difference(null, Data);
            await module.InvokeVoidAsync("create", _figure, _plot, new { Group, Range, Zoom = OnZoom.HasDelegate, Pick = OnPick.HasDelegate }, message, numbers, _self);
            if (_disposed)
                return;
            _created = true;
        }
        finally
        {
            _creating = false;
        }
        // What came meanwhile.
        await UpdateAsync();
    }

    private async Task UpdateAsync()
    {
        var turned = _range != Range && _zoomed != Range;
        _range = Range;
        if (turned)
        {
            _zoomed = Range;
            await _module!.InvokeVoidAsync("range", _plot, Range);
        }
        if (ReferenceEquals(_sent, Data))
            return;
        var (message, numbers) = ChartWire.Difference(_sent, Data);
        _sent = Data;
        if (!message.IsEmpty)
            await _module!.InvokeVoidAsync("update", _plot, message, numbers);
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        try
        {
            if (_module is not null)
            {
                await _module.InvokeVoidAsync("dispose", _plot);
                await _module.DisposeAsync();
            }
        }
        catch (Exception gone) when (gone is JSDisconnectedException or TaskCanceledException)
        {
            // The browser is gone and has freed the chart itself.
            _module = null;
        }
        finally
        {
            _self?.Dispose();
        }
    }

    private static string FileName(string label) => string.Join('-', label.ToLowerInvariant().Split([' ', '/', '\\', ','], StringSplitOptions.RemoveEmptyEntries));

    private static string? Dash(ChartSeries series) => series.Dash.Count == 0 ? null : string.Join(' ', series.Dash.Select(part => (part / 2).ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
