using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Tracker.Domain;

namespace Tracker.Web.Identity;

/// <summary>There were too many wrong passwords; the message says how long to wait.</summary>
public sealed class LockedOutException(TimeSpan wait) : InvalidOperationException("Too many wrong passwords. Try again in 5 minutes.")
{
    /// <summary>The wait in seconds, as <c>Retry-After</c> says it.</summary>
    public string Seconds { get; } = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}

/// <summary>The password and the sessions of who asks, for REST and the settings page alike.</summary>
public sealed class OwnPassword(
    UserManager<TrackerUser> users, SignInManager<TrackerUser> sessions, AccountsContext accounts, AccountAudit audit, AccountRegister register, Access access, SignInLimits limits)
{
    /// <summary>Changes it, and keeps the present session; other sessions end at once.</summary>
    /// <returns>Faults of <c>current</c> and <c>new</c>; none when it is changed.</returns>
    /// <exception cref="LockedOutException">
    /// Whoever has a session or a token of somebody could else find the password out here, past the limits of the sign-in page.
    /// </exception>
    public async Task<IReadOnlyList<SpecError>> ChangeAsync(ClaimsPrincipal principal, string current, string next, CancellationToken cancellationToken)
    {
        await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
        var user = await DemandAsync(cancellationToken);
        if (current == next) return [new("new", "This is the present password. Take another one.")];
        if (!limits.AllowName(user.UserName!) || await users.IsLockedOutAsync(user)) throw new LockedOutException(SignInLimits.LockedFor);
        var hadToChange = user.MustChangePassword;
        user.MustChangePassword = false;
        var result = await users.ChangePasswordAsync(user, current, next);
        if (!result.Succeeded)
        {
            user.MustChangePassword = hadToChange;
            if (result.Errors.Any(IsMismatch)) await CountAsync(user, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return [.. result.Errors.Select(Explain)];
        }
        await users.ResetAccessFailedCountAsync(user);
        await audit.RecordAsync(new("password.change", "user", user.Id, user.UserName), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await KeepPresentAsync(principal, user);
        return [];
    }

    /// <summary>Ends every session of who asks but the present one; tokens stay.</summary>
    public async Task SignOutEverywhereAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
        var user = await DemandAsync(cancellationToken);
        await users.UpdateSecurityStampAsync(user);
        await audit.RecordAsync(new("sign-out.everywhere", "user", user.Id, user.UserName), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await KeepPresentAsync(principal, user);
    }

    private async Task<TrackerUser> DemandAsync(CancellationToken cancellationToken)
    {
        var id = (await access.DemandAsync(Policies.Account, cancellationToken)).UserId!.Value;
        // One after the other: of guesses at the same moment all but one would else not be counted.
        await accounts.Database.ExecuteSqlAsync($"SELECT FROM users WHERE id = {id} FOR NO KEY UPDATE", cancellationToken);
        return await users.FindByIdAsync(id.ToString(CultureInfo.InvariantCulture))
            ?? throw new InvalidOperationException("The account that the request acts for has vanished.");
    }

    private async Task KeepPresentAsync(ClaimsPrincipal principal, TrackerUser user)
    {
        register.Forget(user.Id);
        if (principal.Identity?.AuthenticationType == IdentityConstants.ApplicationScheme) await sessions.RefreshSignInAsync(user);
    }

    /// <summary>A wrong password here locks the account as one on the sign-in page does.</summary>
    private async Task CountAsync(TrackerUser user, CancellationToken cancellationToken)
    {
        await users.AccessFailedAsync(user);
        await audit.RecordAsync(new(await users.IsLockedOutAsync(user) ? "sign-in.locked-out" : "password.refused", "user", user.Id, user.UserName), cancellationToken);
    }

    private static bool IsMismatch(IdentityError error) => error.Code == nameof(IdentityErrorDescriber.PasswordMismatch);

    private static SpecError Explain(IdentityError error) =>
        IsMismatch(error) ? new("current", "This is not the present password.") : new("new", error.Description);
}
