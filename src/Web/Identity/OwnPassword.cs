using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Tracker.Domain;

namespace Tracker.Web.Identity;

/// <summary>The password and the sessions of who asks, for REST and the settings page alike.</summary>
public sealed class OwnPassword(UserManager<TrackerUser> users, SignInManager<TrackerUser> sessions, AccountAudit audit, AccountRegister register, Access access)
{
    /// <summary>Changes it, and keeps the present session; other sessions end at once.</summary>
    /// <returns>Faults of <c>current</c> and <c>new</c>; none when it is changed.</returns>
    public async Task<IReadOnlyList<SpecError>> ChangeAsync(ClaimsPrincipal principal, string current, string next, CancellationToken cancellationToken)
    {
        var user = await DemandAsync(cancellationToken);
        if (current == next) return [new("new", "This is the present password. Take another one.")];
        user.MustChangePassword = false;
        var result = await users.ChangePasswordAsync(user, current, next);
        if (!result.Succeeded) return [.. result.Errors.Select(Explain)];
        await audit.RecordAsync(new("password.change", "user", user.Id, user.UserName), cancellationToken);
        await KeepPresentAsync(principal, user);
        return [];
    }

    /// <summary>Ends every session of who asks but the present one; tokens stay.</summary>
    public async Task SignOutEverywhereAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        var user = await DemandAsync(cancellationToken);
        await users.UpdateSecurityStampAsync(user);
        await audit.RecordAsync(new("sign-out.everywhere", "user", user.Id, user.UserName), cancellationToken);
        await KeepPresentAsync(principal, user);
    }

    private async Task<TrackerUser> DemandAsync(CancellationToken cancellationToken)
    {
        var actor = await access.DemandAsync(Policies.Account, cancellationToken);
        return await users.FindByIdAsync(actor.UserId!.Value.ToString())
            ?? throw new InvalidOperationException("The account that the request acts for has vanished.");
    }

    private async Task KeepPresentAsync(ClaimsPrincipal principal, TrackerUser user)
    {
        register.Forget(user.Id);
        if (principal.Identity?.AuthenticationType == IdentityConstants.ApplicationScheme) await sessions.RefreshSignInAsync(user);
    }

    private static SpecError Explain(IdentityError error) =>
        error.Code == nameof(IdentityErrorDescriber.PasswordMismatch) ? new("current", "This is not the present password.") : new("new", error.Description);
}
