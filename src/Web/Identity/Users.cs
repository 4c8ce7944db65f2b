using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>A user as admins see them.</summary>
/// <param name="Id">Their id.</param>
/// <param name="Name">Their name.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="CreatedAt">Since when there is the account.</param>
/// <param name="LastSeenAt">When they were last heard of, to the minute.</param>
/// <param name="DisabledAt">Since when they may not sign in, if so.</param>
/// <param name="LockedUntil">Until when wrong passwords lock the account, if they do.</param>
/// <param name="Tokens">How many tokens of theirs are valid.</param>
/// <param name="Service">Whether it is a program's account, which has no password.</param>
/// <param name="MustChangePassword">Whether they have to change their password when they sign in.</param>
public sealed record UserInfo(
    long Id, string Name, string Role, DateTimeOffset CreatedAt, DateTimeOffset? LastSeenAt, DateTimeOffset? DisabledAt, DateTimeOffset? LockedUntil, int Tokens,
    bool Service, bool MustChangePassword)
{
    /// <summary>Whether somebody at a provider signs in to the account.</summary>
    public bool Connected { get; init; }
}

/// <summary>A user with a password that was just made: the only time that it is known.</summary>
/// <param name="User">The user.</param>
/// <param name="Password">The password, if it was generated.</param>
public sealed record NewPassword(UserInfo User, string? Password);

/// <summary>Refuses a password for an account that has none.</summary>
public sealed class NoPasswordException(string message) : InvalidOperationException(message);

/// <summary>Refuses what would leave nobody who can administer.</summary>
public sealed class LastAdminException(string message) : InvalidOperationException(message);

/// <summary>
/// Users, for pages and REST; everything here is for admins. Each change is one transaction with its entry in the audit log, and ends
/// what the user may no longer do at once: sessions, tokens and open pages.
/// </summary>
public sealed class Users(AccountsContext accounts, UserManager<TrackerUser> manager, AccountAudit audit, AccountRegister register, Access access, TimeProvider clock)
{
    private const string Noun = "user";

    /// <summary>All users by name.</summary>
    public async Task<IReadOnlyList<UserInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await Infos(accounts.Users.AsNoTracking().OrderBy(u => u.NormalizedUserName), now).ToListAsync(cancellationToken);
    }

    public async Task<UserInfo?> FindAsync(long userId, CancellationToken cancellationToken) =>
        await Infos(accounts.Users.AsNoTracking().Where(u => u.Id == userId), clock.GetUtcNow()).SingleOrDefaultAsync(cancellationToken);

    /// <summary>Adds a user, with a generated password when none is given.</summary>
    /// <exception cref="SpecificationException">Name or password is refused.</exception>
    public async Task<NewPassword> AddAsync(string name, string role, string? password, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Administer, cancellationToken);
        var user = new TrackerUser { UserName = name.Trim(), Role = role, MustChangePassword = password is null };
        var given = password ?? Passwords.Generate();
        await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
        await accounts.TakeNameAsync(manager.NormalizeName(user.UserName)!, cancellationToken);
        Require(await manager.CreateAsync(user, given));
        await audit.RecordAsync(new("user.add", Noun, user.Id, user.UserName, After: new { role }), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new((await FindAsync(user.Id, cancellationToken))!, password is null ? given : null);
    }

    /// <summary>Adds a program's account: it has no password, and tokens that admins make.</summary>
    /// <exception cref="SpecificationException">The name is refused.</exception>
    public async Task<UserInfo> AddServiceAsync(string name, string role, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Administer, cancellationToken);
        var user = new TrackerUser { UserName = name.Trim(), Role = role, Service = true };
        await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
        await accounts.TakeNameAsync(manager.NormalizeName(user.UserName)!, cancellationToken);
        Require(await manager.CreateAsync(user));
        await audit.RecordAsync(new("user.add", Noun, user.Id, user.UserName, After: new { role, service = true }), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (await FindAsync(user.Id, cancellationToken))!;
    }

    /// <summary>Changes role or state; what is <see langword="null"/> stays.</summary>
    /// <exception cref="LastAdminException">It would leave nobody who can administer.</exception>
    public async Task<UserInfo?> ChangeAsync(long userId, string? role, bool? disabled, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Administer, cancellationToken);
        await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
        if (await LockAsync(userId, cancellationToken) is not { } user) return null;
        Precondition.Check(EditTag.OfUser(user.UserName!, user.Role, user.DisabledAt is not null));
        var before = new { user.Role, Disabled = user.DisabledAt is not null };
        var after = new { Role = role ?? before.Role, Disabled = disabled ?? before.Disabled };
        if (!Equals(before, after))
        {
            if (after.Role != Roles.Admin || after.Disabled) await KeepAnAdminAsync(user, after.Disabled ? "disabled" : "given another role", cancellationToken);
            user.Role = after.Role;
            user.DisabledAt = after.Disabled ? user.DisabledAt ?? clock.GetUtcNow() : null;
            // Sessions that were begun before do not come back to life when the user is enabled again.
            if (after.Disabled && !before.Disabled) Require(await manager.UpdateSecurityStampAsync(user));
            else await accounts.SaveChangesAsync(cancellationToken);
            await audit.RecordAsync(new(after.Disabled == before.Disabled ? "user.role" : after.Disabled ? "user.disable" : "user.enable", Noun, user.Id, user.UserName, before, after), cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        register.Forget(userId);
        return await FindAsync(userId, cancellationToken);
    }

    /// <summary>Gives a user another password, a generated one when none is given, and ends their sessions, a lock by wrong passwords and what connects them with a provider.</summary>
    /// <exception cref="SpecificationException">The password is refused.</exception>
    /// <exception cref="NoPasswordException">It is a service account.</exception>
    public async Task<NewPassword?> ResetPasswordAsync(long userId, string? password, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Administer, cancellationToken);
        await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
        if (await LockAsync(userId, cancellationToken) is not { } user) return null;
        if (user.Service) throw new NoPasswordException($"{user.UserName} is a service account: it has tokens and no password.");
        var given = password ?? Passwords.Generate();
        foreach (var validator in manager.PasswordValidators) Require(await validator.ValidateAsync(manager, user, given));
        user.PasswordHash = manager.PasswordHasher.HashPassword(user, given);
        (user.LockoutEnd, user.AccessFailedCount, user.MustChangePassword) = (null, 0, password is null);
        Require(await manager.UpdateSecurityStampAsync(user));
        // Whoever had the account for themselves may have connected a person of theirs.
        var disconnected = await accounts.UserLogins.Where(l => l.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await audit.RecordAsync(new("password.reset", Noun, user.Id, user.UserName), cancellationToken);
        if (disconnected > 0) await audit.RecordAsync(new("sign-in.unlink", Noun, user.Id, user.UserName), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        register.Forget(userId);
        return new((await FindAsync(userId, cancellationToken))!, password is null ? given : null);
    }

    /// <summary>Deletes a user with their tokens; sweeps and runs stay and belong to nobody.</summary>
    /// <returns>False when there is no such user.</returns>
    /// <exception cref="LastAdminException">It would leave nobody who can administer.</exception>
    public async Task<bool> DeleteAsync(long userId, CancellationToken cancellationToken)
    {
        await access.DemandAsync(Policies.Administer, cancellationToken);
        await using var transaction = await accounts.Database.BeginTransactionAsync(cancellationToken);
        // What becomes nobody's, before the user and in the order of all locks: the deletion would take them in any order, against who acts on them.
        await accounts.Database.ExecuteSqlAsync($"SELECT FROM sweeps WHERE owner_id = {userId} ORDER BY id FOR NO KEY UPDATE", cancellationToken);
        await accounts.Database.ExecuteSqlAsync($"SELECT FROM runs WHERE owner_id = {userId} ORDER BY id FOR NO KEY UPDATE", cancellationToken);
        if (await LockAsync(userId, cancellationToken) is not { } user) return false;
        Precondition.Check(EditTag.OfUser(user.UserName!, user.Role, user.DisabledAt is not null));
        await KeepAnAdminAsync(user, "deleted", cancellationToken);
        Require(await manager.DeleteAsync(user));
        await audit.RecordAsync(new("user.delete", Noun, user.Id, user.UserName, Before: new { user.Role }), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        register.Forget(userId);
        return true;
    }

    private async Task<TrackerUser?> LockAsync(long userId, CancellationToken cancellationToken)
    {
        // All admins at once and in one order: two who take the role from each other in the same moment must not both succeed.
        await accounts.Database.ExecuteSqlAsync($"SELECT FROM users WHERE role = 'admin' OR id = {userId} ORDER BY id FOR NO KEY UPDATE", cancellationToken);
        return await accounts.Users.SingleOrDefaultAsync(u => u.Id == userId, cancellationToken);
    }

    private async Task KeepAnAdminAsync(TrackerUser user, string what, CancellationToken cancellationToken)
    {
        if (user is { Role: Roles.Admin, DisabledAt: null, Service: false }
            && !await accounts.Users.AnyAsync(u => u.Id != user.Id && u.Role == Roles.Admin && u.DisabledAt == null && !u.Service, cancellationToken))
            throw new LastAdminException($"{user.UserName} is the last admin and cannot be {what}. Make somebody else an admin first.");
    }

    private IQueryable<UserInfo> Infos(IQueryable<TrackerUser> users, DateTimeOffset now) => users.Select(u => new UserInfo(
        u.Id, u.UserName!, u.Role, u.CreatedAt, u.LastSeenAt, u.DisabledAt, u.LockoutEnd > now ? u.LockoutEnd : null,
        accounts.ApiTokens.Count(t => t.UserId == u.Id && t.RevokedAt == null && (t.ExpiresAt == null || t.ExpiresAt > now)), u.Service, u.MustChangePassword)
    {
        Connected = accounts.UserLogins.Any(l => l.UserId == u.Id),
    });

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new SpecificationException([.. result.Errors.Select(e => new SpecError(e.Code.Contains("Password", StringComparison.Ordinal) ? "password" : "name", e.Description))]);
    }
}
