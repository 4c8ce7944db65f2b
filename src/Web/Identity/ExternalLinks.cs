using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Tracker.Web.Identity;

/// <summary>With which persons at a provider accounts are connected.</summary>
public sealed class ExternalLinks(
    AccountsContext accounts, UserManager<TrackerUser> users, SignInManager<TrackerUser> sessions, AccountAudit audit, AccountRegister register, Access access)
{
    /// <summary>Whether somebody at a provider signs in to that account.</summary>
    public Task<bool> AnyAsync(long userId, CancellationToken cancellationToken) => accounts.UserLogins.AnyAsync(l => l.UserId == userId, cancellationToken);

    /// <summary>Disconnects who acts and keeps the present session; other sessions, which may have begun at the provider, end.</summary>
    public async Task<ExternalOutcome> DisconnectOwnAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        var actor = await access.DemandAsync(Policies.Account, cancellationToken);
        if (await DisconnectAsync(actor.UserId!.Value, mustHavePassword: true, cancellationToken) is not { } user) return ExternalOutcome.NoPassword;
        if (principal.Identity?.AuthenticationType == IdentityConstants.ApplicationScheme) await sessions.RefreshSignInAsync(user);
        return ExternalOutcome.Disconnected;
    }

    /// <summary>Disconnects a user and ends their sessions; for admins.</summary>
    public async Task DisconnectAsync(long userId, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Administer, cancellationToken);
        await DisconnectAsync(userId, mustHavePassword: false, cancellationToken);
    }

    private async Task<TrackerUser?> DisconnectAsync(long userId, bool mustHavePassword, CancellationToken cancellationToken)
    {
        await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
        var user = await users.FindByIdAsync(userId.ToString(CultureInfo.InvariantCulture));
        if (user is null || (mustHavePassword && user.PasswordHash is null)) return null;
        var removed = await accounts.UserLogins.Where(l => l.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        if (removed > 0)
        {
            var result = await users.UpdateSecurityStampAsync(user);
            if (!result.Succeeded) throw new InvalidOperationException($"The account cannot be written: {result}");
            await audit.RecordAsync(new("sign-in.unlink", "user", user.Id, user.UserName), cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        register.Forget(userId);
        return user;
    }
}
