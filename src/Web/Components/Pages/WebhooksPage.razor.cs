using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Tracker.Storage;
using Tracker.Web.Views;
using Tracker.Web.Webhooks;

namespace Tracker.Web.Components.Pages;

public sealed partial class WebhooksPage
{
    private Webhook? _editing;
    private WebhookWithSecret? _made;
    private WebhookReader _reader;
    private string? _me;
    private long? _testing;
    private int _forms;

    /// <summary>The webhook whose deliveries are shown.</summary>
    [SupplyParameterFromQuery(Name = "hook")]
    public string? Hook { get; set; }

    [Inject]
    public required WebhookDesk Desk { get; set; }

    [Inject]
    public required Confirmation Confirmation { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override object Key => "webhooks";

    protected override object? Options => Hook;

    protected override bool Concerns(Change change) => change.Kind == ChangeKind.Webhook;

    protected override async Task OnInitializedAsync()
    {
        var user = (await Authentication).User;
        (_reader, _me) = (WebhookReader.Of(user), user.Identity?.Name);
    }

    protected override async Task<WebhooksModel?> LoadAsync(CancellationToken cancellationToken)
    {
        var hooks = await Desk.ListAsync(_reader, cancellationToken);
        var chosen = QueryValues.Long(Hook) is { } id ? hooks.FirstOrDefault(h => h.Id == id) : null;
        var sent = chosen is null ? null : await Desk.DeliveriesAsync(chosen.Id, _reader, WebhooksModel.MostDeliveries, null, cancellationToken);
        return new(hooks, chosen, sent ?? []);
    }

    private void Edit(Webhook hook) => (_editing, _forms) = (hook, _forms + 1);

    private void LeaveForm() => (_editing, _forms) = (null, _forms + 1);

    private async Task SavedAsync(WebhookWithSecret saved)
    {
        if (saved.Secret is not null) _made = saved;
        LeaveForm();
        await ReloadAsync(CancellationToken.None);
    }

    private async Task TestAsync(Webhook hook)
    {
        _testing = hook.Id;
        await ActAsync(token => Desk.TestAsync(hook.Id, token));
        _testing = null;
        // What became of it is the first entry there.
        Navigation.NavigateTo(Addresses.WebhookLog(hook.Id));
    }

    private async Task RotateAsync(Webhook hook)
    {
        if (await Confirmation.AskAsync(
            $"Make a new secret for {hook.Settings.Name}?", "The old one is no longer used, at once. The receiver refuses what is sent until it has the new one; what it refuses is sent again later.", "Make a new secret"))
            await ActAsync(async token => _made = await Desk.ChangeAsync(hook.Id, s => s, WebhookSecrets.Make(), token));
    }

    private Task ActivateAsync(Webhook hook, bool active) => ActAsync(token => Desk.ChangeAsync(hook.Id, s => s with { Active = active }, null, token));

    private async Task DeleteAsync(Webhook hook)
    {
        if (!await Confirmation.AskAsync($"Delete {hook.Settings.Name}?", "It goes with everything that waits for it, and with the record of what was sent.", $"Delete {hook.Settings.Name}")) return;
        if (_editing?.Id == hook.Id) LeaveForm();
        if (_made?.Webhook.Id == hook.Id) _made = null;
        await ActAsync(token => Desk.DeleteAsync(hook.Id, token));
    }

    private Task RetryAsync(Webhook hook, Delivery delivery) => ActAsync(token => Desk.RetryAsync(hook.Id, delivery.Id, token));
}
