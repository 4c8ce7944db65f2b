using Radzen;

namespace Tracker.Web.Components;

/// <summary>Asks before something is destroyed; the button names what.</summary>
public sealed class Confirmation(DialogService dialogs)
{
    public async Task<bool> AskAsync(string title, string message, string action) =>
        await dialogs.Confirm(message, title, new ConfirmOptions
        {
            OkButtonText = action,
            CancelButtonText = "Keep",
            CssClass = "confirm-danger",
            CloseDialogOnEsc = true,
            CloseDialogOnOverlayClick = true,
        }) == true;
}
