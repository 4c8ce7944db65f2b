using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Components.Settings;

/// <summary>The form that adds a user; what was typed stays after a fault.</summary>
public sealed partial class NewUserPanel
{
    private string _name = "";
    private string _role = Roles.Member;
    private string _password = "";
    private bool _service;
    private string? _notice;
    private int _added;
    private IReadOnlyList<SpecError> _faults = [];

    [Parameter, EditorRequired]
    public required EventCallback<NewPassword> OnAdded { get; set; }

    [Inject]
    public required IServiceScopeFactory Scopes { get; set; }

    private string? Fault(string field) => _faults.FirstOrDefault(f => f.Path == field)?.Message;

    private async Task AddAsync()
    {
        (_faults, _notice) = ([], null);
        try
        {
            await using var scope = Scopes.CreateAsyncScope();
            var users = scope.ServiceProvider.GetRequiredService<Users>();
            var made = _service
                ? new(await users.AddServiceAsync(_name, _role, CancellationToken.None), null)
                : await users.AddAsync(_name, _role, _password.Length == 0 ? null : _password, CancellationToken.None);
            (_name, _password, _role, _service) = ("", "", Roles.Member, false);
            _added++;
            await OnAdded.InvokeAsync(made);
        }
        catch (SpecificationException e)
        {
            _faults = e.Errors;
        }
        catch (AccessDeniedException e)
        {
            _notice = e.Message;
        }
        catch (Exception e) when (TransientErrors.IsTransient(e))
        {
            _notice = "The database does not answer, so nothing was done. Try again in a moment.";
        }
    }
}
