using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Web.Components.Pages;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Runs;

/// <summary>What a run wrote, and what happened to it.</summary>
public sealed partial class LogPanel
{
    private const string All = "info";

    private IReadOnlyList<(string, string)> _levels = [];
    private bool _reading;

    [Parameter, EditorRequired]
    public required RunModel Model { get; set; }

    /// <summary>Whether events are shown instead of lines.</summary>
    [Parameter, EditorRequired]
    public required bool Events { get; set; }

    /// <summary>Whether new lines are shown as they are written.</summary>
    [Parameter, EditorRequired]
    public required bool Following { get; set; }

    [Parameter]
    public EventCallback<string?> OnLevel { get; set; }

    [Parameter]
    public EventCallback<string?> OnFind { get; set; }

    [Parameter]
    public EventCallback<bool> OnFollow { get; set; }

    [Parameter]
    public EventCallback OnEarlier { get; set; }

    [CascadingParameter]
    public required ViewerTime Viewer { get; set; }

    private string Shown => Events ? Run.EventsLevel : Model.Log.AtLeast.ToString().ToLowerInvariant();

    private string Nothing => Model.Log switch
    {
        { Text.Length: > 0 } log => $"No line has “{log.Text}” in it.",
        { AtLeast: EventLevel.Error } => "No errors.",
        { AtLeast: EventLevel.Warning } => "No warnings.",
        _ when Model.Run.Attempt == 0 => "Nothing logged: the run has not started.",
        _ => "Nothing logged yet.",
    };

    protected override void OnParametersSet() =>
        _levels = [(All, "All"), ("warning", "Warnings"), ("error", "Errors"), (Run.EventsLevel, $"Events {Model.Events.Count}")];

    private async Task EarlierAsync()
    {
        _reading = true;
        await OnEarlier.InvokeAsync();
        _reading = false;
    }

    /// <summary>What was searched for stands out.</summary>
    private RenderFragment Marked(string text) => builder =>
    {
        var (at, find) = (0, Model.Log.Text);
        while (find.Length > 0 && text.IndexOf(find, at, StringComparison.OrdinalIgnoreCase) is >= 0 and var found)
        {
            builder.AddContent(0, text[at..found]);
            builder.OpenElement(1, "mark");
            builder.AddContent(2, text.Substring(found, find.Length));
            builder.CloseElement();
            at = found + find.Length;
        }
        builder.AddContent(3, text[at..]);
    };

    private static string Css(EventLevel level) => level switch
    {
        EventLevel.Warning => "warn",
        EventLevel.Error => "err",
        _ => "info",
    };

    private static string Word(EventLevel level) => level switch
    {
        EventLevel.Warning => "warn",
        EventLevel.Error => "error",
        _ => "info",
    };
}
