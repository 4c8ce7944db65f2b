using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Tracker.Web.Components.Charts;

/// <summary>A plot whose data are sent whole, since they change seldom: an empty box and the functions create, update, download and dispose of plot.js.</summary>
/// <typeparam name="TData">What is drawn; immutable.</typeparam>
public abstract class Plot<TData> : ComponentBase, IAsyncDisposable where TData : class
{
    private IJSObjectReference? _module;
    private DotNetObjectReference<Plot<TData>>? _self;
    private TData? _sent;
    private bool _creating;
    private bool _created;
    private bool _disposed;

    [Parameter, EditorRequired]
    public required TData Data { get; set; }

    /// <summary>What is drawn, for those who cannot see it.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public string Height { get; set; } = "20rem";

    [Inject]
    public required IJSRuntime Js { get; set; }

    /// <summary>What plot.js draws: scatter or parallel.</summary>
    protected abstract string Kind { get; }

    /// <summary>The box with everything around it.</summary>
    protected ElementReference Figure { get; set; }

    /// <summary>Offers the plot as a download.</summary>
    /// <param name="format">png, svg or csv.</param>
    public async Task ExportAsync(string format)
    {
        if (_module is not null)
            await _module.InvokeVoidAsync("download", Figure, format, Kind);
    }

    /// <summary>A run was clicked. Called by plot.js.</summary>
    [JSInvokable]
    public virtual Task PickedAsync(long id) => Task.CompletedTask;

    /// <summary>Stretches of axes were chosen, or no longer. Called by plot.js.</summary>
    [JSInvokable]
    public virtual Task BrushedAsync(long[] ids) => Task.CompletedTask;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        try
        {
            // Also when the connection was cut before the plot was there: then the next render draws it.
            if (!_creating && !_created)
                await CreateAsync();
            if (_created && !_disposed && !ReferenceEquals(_sent, Data))
            {
                _sent = Data;
                await _module!.InvokeVoidAsync("update", Figure, _sent);
            }
        }
        catch (Exception away) when (away is JSDisconnectedException or TaskCanceledException)
        {
            // The page was left while the plot was on its way to it, or its connection was cut: then the next update sends all of it.
            _sent = null;
        }
    }

    private async Task CreateAsync()
    {
        _creating = true;
        try
        {
            var module = _module ?? await Js.InvokeAsync<IJSObjectReference>("import", "./js/plot.js");
            if (_disposed)
            {
                await module.DisposeAsync();
                return;
            }
            _module = module;
            _self ??= DotNetObjectReference.Create(this);
            _sent = Data;
            await module.InvokeVoidAsync("create", Figure, Kind, _sent, _self);
            _created = true;
        }
        finally
        {
            _creating = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        GC.SuppressFinalize(this);
        try
        {
            if (_module is not null)
            {
                await _module.InvokeVoidAsync("dispose", Figure);
                await _module.DisposeAsync();
            }
        }
        catch (Exception gone) when (gone is JSDisconnectedException or TaskCanceledException)
        {
            // The browser is gone and has freed the plot itself.
            _module = null;
        }
        finally
        {
            _self?.Dispose();
        }
    }
}
