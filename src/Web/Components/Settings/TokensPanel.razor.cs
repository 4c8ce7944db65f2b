using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Components.Settings;

/// <summary>Tokens: made, shown once, revoked. One's own, or for admins those of somebody else.</summary>
public sealed partial class TokensPanel
{
    private static readonly (int Days, string Text)[] s_lifetimes = [(30, "in 30 days"), (90, "in 90 days"), (365, "in a year"), (0, "never")];

    private IReadOnlyList<TokenInfo>? _tokens;
    private NewToken? _made;
    private string? _notice;
    private string _name = "";
    private string _scope = TokenScopes.Read;
    private int _days = 90;

    [Parameter, EditorRequired]
    public required long UserId { get; set; }

    /// <summary>The role that bounds what tokens may do.</summary>
    [Parameter, EditorRequired]
    public required string Role { get; set; }

    /// <summary>The user, where it is not who looks.</summary>
    [Parameter]
    public UserInfo? Of { get; set; }

    /// <summary>Called when the panel is to go.</summary>
    [Parameter]
    public EventCallback OnClose { get; set; }

    [Inject]
    public required IServiceScopeFactory Services { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    [Inject]
    public required Confirmation Confirmation { get; set; }

    private bool MayMake => Of is null or { Service: true };

    private IReadOnlyList<string> Scopes => TokenScopes.Offered(Role);

    protected override Task OnInitializedAsync() => DoAsync(_ => Task.CompletedTask);

    private async Task MakeAsync()
    {
        var name = _name.Trim();
        if (name.Length == 0) return;
        await DoAsync(async tokens =>
        {
            TimeSpan? lifetime = _days > 0 ? TimeSpan.FromDays(_days) : null;
            _made = Of is null
                ? await tokens.CreateAsync(name, _scope, lifetime, CancellationToken.None)
                : await tokens.CreateForAsync(Of.Id, name, _scope, lifetime, CancellationToken.None);
            _name = "";
        });
    }

    private async Task RevokeAsync(TokenInfo token)
    {
        if (!await Confirmation.AskAsync("Revoke the token?", $"Programs that use {token.Name} ({token.Prefix}…) are refused from now on. This cannot be undone.", "Revoke the token")) return;
        await DoAsync(tokens => Of is null ? tokens.RevokeAsync(token.Id, CancellationToken.None) : tokens.RevokeOfAsync(Of.Id, token.Id, CancellationToken.None));
        if (_made?.Info.Id == token.Id) _made = null;
    }

    /// <summary>Does something with the tokens and shows what there is afterwards. A page lives longer than a database context should, so each time gets its own.</summary>
    private async Task DoAsync(Func<ApiTokens, Task> act)
    {
        try
        {
            await using var scope = Services.CreateAsyncScope();
            var tokens = scope.ServiceProvider.GetRequiredService<ApiTokens>();
            await act(tokens);
            _tokens = await tokens.ListAsync(UserId, CancellationToken.None);
            _notice = null;
        }
        catch (SpecificationException e)
        {
            _notice = string.Join(' ', e.Errors.Select(error => error.Message));
        }
        catch (AccessDeniedException e)
        {
            _notice = e.Message;
        }
        catch (Exception e) when (TransientErrors.IsTransient(e))
        {
            _notice = "The database does not answer. Try again in a few seconds.";
        }
    }
}
