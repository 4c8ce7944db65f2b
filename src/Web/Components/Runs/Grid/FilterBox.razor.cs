using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Tracker.Storage;
using Tracker.Web.Views;
using Tracker.Web.Views.Grid;

namespace Tracker.Web.Components.Runs.Grid;

/// <summary>Where a filter is typed: completed as one types, applied by Enter, and told where it is at fault.</summary>
public sealed partial class FilterBox : IAsyncDisposable
{
    private ElementReference _input;
    private IJSObjectReference? _module;
    private DotNetObjectReference<FilterBox>? _self;
    private IReadOnlyList<FilterOption> _options = [];
    private int _active = -1;
    private int _asked;
    private string? _given;
    private bool _disposed;

    /// <summary>The filter that was applied last.</summary>
    [Parameter, EditorRequired]
    public required string Text { get; set; }

    /// <summary>Why it could not be understood.</summary>
    [Parameter, EditorRequired]
    public required FilterFault? Fault { get; set; }

    /// <summary>What can be filtered by.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<RunField> Fields { get; set; }

    [Parameter]
    public EventCallback<string> OnApply { get; set; }

    [Inject]
    public required IRunSearch Search { get; set; }

    [Inject]
    public required IJSRuntime Js { get; set; }

    private bool Open => _options.Count > 0;

    // Tab goes on to the next control, unless a completion was gone to or is of a word that was begun.
    private bool TakesTab => Open && (_active >= 0 || _options[0].Begun);

    private FaultMark? Marked => Fault is null ? null : FaultMark.In(Text, Fault);

    /// <summary>The text or the place in it has changed.</summary>
    [JSInvokable]
    public Task Typed(string text, int caret) => SuggestAsync(text, caret);

    /// <summary>The box was left.</summary>
    [JSInvokable]
    public void Left() => Close();

    /// <summary>A key that the list of completions or the filter answers to.</summary>
    [JSInvokable]
    public async Task Pressed(string key, string text, int caret)
    {
        switch (key)
        {
            case "ArrowDown" when !Open:
                await SuggestAsync(text, caret);
                break;
            case "ArrowDown":
                _active = (_active + 1) % _options.Count;
                break;
            case "ArrowUp" when Open:
                _active = _active <= 0 ? _options.Count - 1 : _active - 1;
                break;
            case "Tab" when TakesTab:
                await AcceptAsync(_options[Math.Max(_active, 0)]);
                break;
            case "Enter" when Open && _active >= 0:
                await AcceptAsync(_options[_active]);
                break;
            case "Enter":
                await ApplyAsync(text);
                break;
            case "Escape":
                Close();
                break;
        }
        StateHasChanged();
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        _self?.Dispose();
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
                _given = Text;
                _module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/filter-box.js");
                if (_disposed)
                    return;
                _self = DotNetObjectReference.Create(this);
                await _module.InvokeVoidAsync("attach", _input, _self);
            }
            else if (_given != Text && _module is not null)
            {
                // A chip or a view has changed the filter.
                _given = Text;
                await _module.InvokeVoidAsync("put", _input, Text, Text.Length);
            }
        }
        catch (JSDisconnectedException)
        {
            // The page was left meanwhile.
            _module = null;
        }
    }

    private async Task SuggestAsync(string text, int caret)
    {
        var asked = ++_asked;
        var options = await FilterOptions.AtAsync(text, caret, Fields, Search, CancellationToken.None);
        if (text.Trim().Length == 0 && _module is not null && await _module.InvokeAsync<string[]>("recent") is { Length: > 0 } recent)
            options = [.. recent.Select(filter => FilterOption.Again(text, filter)), .. options];
        // Typed on meanwhile: what was found is for another text.
        if (asked != _asked || _disposed)
            return;
        (_options, _active) = (options, -1);
        StateHasChanged();
    }

    private async Task AcceptAsync(FilterOption option)
    {
        Close();
        // Typed on before the key or the click arrived: then the option is for another text.
        if (_module is null || !await _module.InvokeAsync<bool>("take", _input, option.Before, option.After, option.Caret))
            return;
        if (option.Recent)
            await ApplyAsync(option.After);
        else
            await SuggestAsync(option.After, option.Caret);
    }

    private async Task ApplyAsync(string text)
    {
        Close();
        _given = text.Trim();
        if (_module is not null && _given.Length > 0)
            await _module.InvokeVoidAsync("keep", _given);
        await OnApply.InvokeAsync(text);
    }

    private async Task ClearAsync()
    {
        if (_module is not null)
            await _module.InvokeVoidAsync("put", _input, "", 0);
        await ApplyAsync("");
    }

    private void Close()
    {
        _asked++;
        (_options, _active) = ([], -1);
        if (!_disposed)
            StateHasChanged();
    }
}
