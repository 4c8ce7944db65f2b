using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Views;
using Tracker.Web.Webhooks;

namespace Tracker.Web.Components.Settings;

/// <summary>The form of a webhook; what was typed stays after a fault.</summary>
public sealed partial class WebhookForm
{
    private string _name = "";
    private string _url = "";
    private string _sweep = "";
    private string _network = "";
    private string _dataset = "";
    private HashSet<string> _events = [WebhookEvents.SweepFinished, WebhookEvents.SweepFailed];
    private string? _notice;
    private IReadOnlyList<SpecError> _faults = [];

    /// <summary>The webhook to change; none adds one.</summary>
    [Parameter, EditorRequired]
    public required Webhook? Hook { get; set; }

    [Parameter, EditorRequired]
    public required EventCallback<WebhookWithSecret> OnSaved { get; set; }

    [Parameter, EditorRequired]
    public required EventCallback OnLeft { get; set; }

    [Inject]
    public required WebhookDesk Desk { get; set; }

    protected override void OnInitialized()
    {
        if (Hook?.Settings is not { } present) return;
        (_name, _url, _network, _dataset) = (present.Name, present.Url, present.Network ?? "", present.Dataset ?? "");
        _sweep = FormattableString.Invariant($"{present.SweepId}");
        _events = [.. present.Events];
    }

    private string? Fault(string field) => _faults.FirstOrDefault(f => f.Path == field)?.Message;

    private void Toggle(string kind)
    {
        if (!_events.Remove(kind)) _events.Add(kind);
    }

    private async Task SaveAsync()
    {
        (_faults, _notice) = ([], null);
        var sweep = QueryValues.Long(_sweep);
        if (sweep is null && _sweep.Trim().Length > 0)
        {
            _faults = [new("sweepId", $"Expected the number of a sweep, found '{_sweep}'.")];
            return;
        }
        var wanted = new WebhookSettings(_name, _url, [.. WebhookEvents.All.Where(_events.Contains)], sweep, _network, _dataset, Hook?.Settings.Active ?? true);
        try
        {
            var saved = Hook is null ? await Desk.AddAsync(wanted, null, CancellationToken.None) : await Desk.ChangeAsync(Hook.Id, present => wanted with { Active = present.Active }, null, CancellationToken.None);
            if (saved is null) _notice = "This webhook was deleted.";
            else await OnSaved.InvokeAsync(saved);
        }
        catch (SpecificationException e)
        {
            _faults = e.Errors;
        }
        catch (Exception e) when (TransientErrors.IsTransient(e))
        {
            _notice = "The database does not answer, so nothing was done. Try again in a moment.";
        }
        catch (InvalidOperationException e)
        {
            _notice = e.Message;
        }
    }
}
