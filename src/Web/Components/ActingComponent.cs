using Microsoft.AspNetCore.Components;

namespace Tracker.Web.Components;

/// <summary>Something with buttons that change what a page shows: the page carries the action out and shows its outcome; what destroys is asked before.</summary>
public abstract class ActingComponent : ComponentBase
{
    /// <summary>Carries out an action, says a refusal on the page, and shows the outcome.</summary>
    [Parameter, EditorRequired]
    public required Func<Func<CancellationToken, Task>, Task> Act { get; set; }

    [Inject]
    public required Confirmation Confirmation { get; set; }

    /// <summary>Asks, and acts if the answer is yes.</summary>
    /// <param name="title">The question.</param>
    /// <param name="message">What would happen.</param>
    /// <param name="button">The button that does it, named with what it does.</param>
    /// <param name="action">What it does.</param>
    protected async Task ConfirmAsync(string title, string message, string button, Func<CancellationToken, Task> action)
    {
        if (await Confirmation.AskAsync(title, message, button))
            await Act(action);
    }
}
