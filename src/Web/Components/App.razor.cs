using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace Tracker.Web.Components;

public sealed partial class App
{
    [CascadingParameter]
    public required HttpContext Context { get; set; }

    /// <summary>The browser's time zone, which shell.js leaves in a cookie. It reaches the circuit as a root parameter.</summary>
    private string? TimeZone => Context.Request.Cookies["tz"];

    private IComponentRenderMode? PageMode => Context.AcceptsInteractiveRouting() ? RenderMode.InteractiveServer : null;
}
