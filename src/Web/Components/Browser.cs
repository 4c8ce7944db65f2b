using Microsoft.JSInterop;

namespace Tracker.Web.Components;

/// <summary>The few things that only the browser can do, beside drawing charts.</summary>
public sealed class Browser(IJSRuntime js) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;

    /// <summary>Offers a text as a file.</summary>
    public async ValueTask SaveAsync(string name, string text) => await (await ModuleAsync()).InvokeVoidAsync("save", name, text);

    /// <summary>Puts a text on the clipboard; false when the browser refuses.</summary>
    public async ValueTask<bool> CopyAsync(string text) => await (await ModuleAsync()).InvokeAsync<bool>("copy", text);

    /// <summary>Selects a line (from 1) of a text area and brings it into sight.</summary>
    public async ValueTask SelectLineAsync(string id, int line) => await (await ModuleAsync()).InvokeVoidAsync("selectLine", id, line);

    /// <summary>Keeps a text for this tab, across reloads.</summary>
    public async ValueTask RememberAsync(string key, string text) => await (await ModuleAsync()).InvokeVoidAsync("remember", key, text);

    /// <summary>What was kept under the key, or <see langword="null"/>.</summary>
    public async ValueTask<string?> RecallAsync(string key) => await (await ModuleAsync()).InvokeAsync<string?>("recall", key);

    /// <summary>Drops what was kept under the key.</summary>
    public async ValueTask ForgetAsync(string key) => await (await ModuleAsync()).InvokeVoidAsync("forget", key);

    /// <summary>Tells the target's method <c>Shown</c> from now on whether the page is on screen.</summary>
    public async ValueTask AttendAsync<T>(DotNetObjectReference<T> target) where T : class => await (await ModuleAsync()).InvokeVoidAsync("attend", target);

    /// <summary>Ends <see cref="AttendAsync"/>; does nothing when the browser is gone.</summary>
    public async ValueTask LeaveAsync()
    {
        try
        {
            await (await ModuleAsync()).InvokeVoidAsync("leave");
        }
        catch (Exception gone) when (gone is JSDisconnectedException or TaskCanceledException)
        {
            // The browser is gone, and what it would have told with it.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_module is null)
            return;
        try
        {
            await (await _module).DisposeAsync();
        }
        catch (Exception gone) when (gone is JSDisconnectedException or TaskCanceledException)
        {
            // The browser is gone, and its module with it.
        }
    }

    // What failed while the connection was cut works when it is back.
    private Task<IJSObjectReference> ModuleAsync()
    {
        if (_module is null or { IsFaulted: true } or { IsCanceled: true })
            _module = js.InvokeAsync<IJSObjectReference>("import", "./js/browser.js").AsTask();
        return _module;
    }
}
