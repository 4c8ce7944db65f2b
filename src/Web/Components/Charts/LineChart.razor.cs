using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Tracker.Web.Formatting;

namespace Tracker.Web.Components.Charts;

/// <summary>The one chart of the product: an empty box, a small data object, and chart.js, which draws it with ECharts.</summary>
public sealed partial class LineChart : IAsyncDisposable
{
    private ElementReference _figure;
    private ElementReference _plot;
    private IJSObjectReference? _module;
    private ChartData? _drawn;
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

    /// <summary>A stretch of the x axis was zoomed into, or all of it is shown again: the page may hand over finer points for it.</summary>
    [Parameter]
    public EventCallback<ChartRange?> OnZoom { get; set; }

    /// <summary>A curve was clicked; its id.</summary>
    [Parameter]
    public EventCallback<string> OnPick { get; set; }

    [Inject]
    public required IJSRuntime Js { get; set; }

    /// <summary>Offers the chart as a download.</summary>
    /// <param name="format">png, svg or csv.</param>
    public async Task ExportAsync(string format)
    {
        if (_module is not null)
            await _module.InvokeVoidAsync("download", _plot, format, FileName(Label));
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        try
        {
            if (firstRender)
            {
                _module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/chart.js");
                if (_disposed)
                    return;
                _drawn = Data;
                await _module.InvokeVoidAsync("create", _figure, _plot, Data, Group);
            }
            else if (_module is not null && !ReferenceEquals(_drawn, Data))
            {
                _drawn = Data;
                await _module.InvokeVoidAsync("update", _plot, Data);
            }
        }
        catch (JSDisconnectedException)
        {
            // The page was left while the chart was on its way to it.
            _drawn = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        if (_module is null)
            return;
        try
        {
            await _module.InvokeVoidAsync("dispose", _plot);
            await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone and has freed the chart itself.
            _module = null;
        }
    }

    private static string FileName(string label) => string.Join('-', label.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string? Dash(ChartSeries series) => series.Dash.Count == 0 ? null : string.Join(' ', series.Dash.Select(part => part / 2));

    private string Final(ChartSeries series)
    {
        for (var i = series.Ys.Count - 1; i >= 0; i--)
        {
            if (series.Ys[i] is not { } last)
                continue;
            var text = Text(last);
            return series.Low?[i] is { } low && series.High?[i] is { } high && high > low ? $"{text} ± {Text((high - low) / 2)}" : text;
        }
        return Quantity.None.Digits;
    }

    private string Text(double value) => Data.Y.Unit switch
    {
        AxisUnit.Share => Numbers.Points(value),
        AxisUnit.Count => Numbers.Count((long)value),
        AxisUnit.Seconds => Durations.Text(TimeSpan.FromSeconds(value)),
        _ => Numbers.Significant(value),
    };
}
