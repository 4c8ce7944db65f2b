using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>Signs people in with a browser by name and password, and out.</summary>
public sealed class SignIn(
    SignInManager<TrackerUser> manager, PasswordCheck passwords, AccountsContext accounts, AccountAudit audit, AccountRegister register, IHttpContextAccessor accessor, TimeProvider clock)
{
    public async Task<SignInOutcome> TryAsync(string name, string password, bool remember, CancellationToken cancellationToken)
    {
        var (outcome, user) = await passwords.TryAsync(name, password, accessor.HttpContext!, ActorVia.Session, cancellationToken);
        if (user is not null) await manager.SignInAsync(user, remember);
        return outcome;
    }

    /// <summary>Ends the present session for good: a copy of its cookie opens nothing, and its open pages and requests end at once.</summary>
    public async Task EndAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        if (Actor.Current is { UserId: { } id, Name: var name })
        {
            await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
            if (Guid.TryParse(principal.FindFirstValue(AccountClaims.Session), out var session)) await RememberAsync(id, session, cancellationToken);
            await audit.RecordAsync(new("sign-out", "user", id, name), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            register.Forget(id);
        }
        await manager.SignOutAsync();
    }

    /// <summary>A cookie that is refused is not renewed, so no copy of one outlives what is left of its time.</summary>
    private async Task RememberAsync(long user, Guid session, CancellationToken cancellationToken)
    {
        var over = clock.GetUtcNow() - AccountsSetup.SessionTime;
        await accounts.Database.ExecuteSqlAsync($"INSERT INTO ended_sessions (id, user_id) VALUES ({session}, {user}) ON CONFLICT DO NOTHING", cancellationToken);
        await accounts.Database.ExecuteSqlAsync($"DELETE FROM ended_sessions WHERE user_id = {user} AND ended_at < {over}", cancellationToken);
    }
}
