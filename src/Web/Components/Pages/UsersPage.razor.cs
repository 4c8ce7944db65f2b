using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Tracker.Storage;
using Tracker.Web.Identity;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class UsersPage
{
    private NewPassword? _made;
    private long? _me;
    private long? _tokensOf;
    private int _refused;

    [Inject]
    public required IServiceScopeFactory Scopes { get; set; }

    [Inject]
    public required Confirmation Confirmation { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override object Key => "users";

    // No change of the database tells of accounts; the page looks again every few seconds.
    protected override bool Concerns(Change change) => false;

    protected override async Task<UsersModel?> LoadAsync(CancellationToken cancellationToken) => new(await DoAsync(users => users.ListAsync(cancellationToken)));

    protected override async Task OnInitializedAsync() => _me = AccountClaims.IdOf((await Authentication).User);

    private async Task AddedAsync(NewPassword made)
    {
        _made = made.Password is null ? null : made;
        if (made.User.Service) _tokensOf = made.User.Id;
        await ReloadAsync(CancellationToken.None);
    }

    private async Task ChangeAsync(UserInfo user, string? role)
    {
        await ActAsync(token => DoAsync(users => users.ChangeAsync(user.Id, role, null, token)));
        // Otherwise the list would go on showing what was chosen and refused.
        if (Notice is not null) _refused++;
    }

    private async Task DisableAsync(UserInfo user)
    {
        if (await Confirmation.AskAsync(
            $"Disable {user.Name}?", "They are signed out everywhere and their tokens are refused, at once. Their sweeps go on. You can enable them again.", $"Disable {user.Name}"))
            await ActAsync(token => DoAsync(users => users.ChangeAsync(user.Id, null, true, token)));
    }

    private async Task ResetAsync(UserInfo user)
    {
        if (await Confirmation.AskAsync(
            $"Reset the password of {user.Name}?", "They get a new one, which is shown to you once, and are signed out everywhere and disconnected from a provider. Their tokens stay.", "Reset the password"))
            await ActAsync(async token => _made = await DoAsync(users => users.ResetPasswordAsync(user.Id, null, token)));
    }

    private async Task DisconnectAsync(UserInfo user)
    {
        if (!await Confirmation.AskAsync(
            $"Disconnect {user.Name}?", "Nobody at the provider signs in to the account any more, and its sessions end. Who has no password needs one from you.", "Disconnect")) return;
        await ActAsync(async token =>
        {
            await using var scope = Scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ExternalLinks>().DisconnectAsync(user.Id, token);
        });
    }

    private async Task DeleteAsync(UserInfo user)
    {
        if (await Confirmation.AskAsync(
            $"Delete {user.Name}?", $"The account goes for ever, with {Formatting.Numbers.Of(user.Tokens, "token")} and their saved views. Their sweeps and runs stay and belong to nobody.", $"Delete {user.Name}"))
            await ActAsync(token => DoAsync(users => users.DeleteAsync(user.Id, token)));
    }

    /// <summary>A page lives longer than a database context should, so each time gets its own.</summary>
    private async Task<T> DoAsync<T>(Func<Users, Task<T>> act)
    {
        await using var scope = Scopes.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<Users>());
    }
}
