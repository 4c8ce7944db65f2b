using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Tracker.Web.Components.Layout;

/// <summary>A link of the rail.</summary>
public sealed partial class RailLink
{
    [Parameter, EditorRequired]
    public required string Href { get; set; }

    [Parameter, EditorRequired]
    public required string Icon { get; set; }

    [Parameter]
    public string? Title { get; set; }

    /// <summary>Only this very address counts as being there, not those below it.</summary>
    [Parameter]
    public bool Exact { get; set; }

    /// <summary>An address below this one that has a link of its own.</summary>
    [Parameter]
    public string? Except { get; set; }

    /// <summary>The letter that goes here after g; the list of keys is made from these.</summary>
    [Parameter]
    public string? Go { get; set; }

    [Parameter]
    public bool External { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    private bool Current
    {
        get
        {
            var path = Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0].TrimEnd('/');
            return path != Except && (path == Href || (!Exact && path.StartsWith(Href + "/", StringComparison.Ordinal)));
        }
    }

    protected override void OnInitialized() => Navigation.LocationChanged += Moved;

    public void Dispose() => Navigation.LocationChanged -= Moved;

    private void Moved(object? sender, LocationChangedEventArgs args) => _ = InvokeAsync(StateHasChanged);
}
