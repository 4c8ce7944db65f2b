using Microsoft.AspNetCore.Identity;
using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>How an attempt to sign in ended.</summary>
public enum SignInOutcome
{
    Done,
    WrongNameOrPassword,
    LockedOut,

    /// <summary>The password is right, and an admin has disabled the account.</summary>
    Disabled,
}

/// <summary>Signs people in by name and password, and records each attempt.</summary>
public sealed class SignIn(
    SignInManager<TrackerUser> manager, UserManager<TrackerUser> users, IPasswordHasher<TrackerUser> hasher, IAudit audit, IHttpContextAccessor accessor)
{
    private static readonly TrackerUser s_nobody = new();
    private static string? s_nobodysHash;

    public async Task<SignInOutcome> TryAsync(string name, string password, bool remember, CancellationToken cancellationToken)
    {
        // The database would be asked for the name without its NUL characters, which may be somebody's.
        if (name.Contains('\0') || await users.FindByNameAsync(name) is not { } user)
        {
            // As slow as for a name that exists, so that the time does not tell which names do.
            hasher.VerifyHashedPassword(s_nobody, s_nobodysHash ??= hasher.HashPassword(s_nobody, "nobody's password"), password);
            // Without what was typed: now and then that is a password in the wrong field.
            await RecordAsync("sign-in.failed", null, cancellationToken);
            return SignInOutcome.WrongNameOrPassword;
        }
        var wasLocked = await users.IsLockedOutAsync(user);
        var result = await manager.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (result.Succeeded && user.DisabledAt is null)
        {
            await RecordAsync("sign-in.ok", user, cancellationToken);
            await manager.SignInAsync(user, remember);
            return SignInOutcome.Done;
        }
        var outcome = result.Succeeded ? SignInOutcome.Disabled : result.IsLockedOut ? SignInOutcome.LockedOut : SignInOutcome.WrongNameOrPassword;
        await RecordAsync(outcome == SignInOutcome.LockedOut && !wasLocked ? "sign-in.locked-out" : outcome == SignInOutcome.Disabled ? "sign-in.disabled" : "sign-in.failed", user, cancellationToken);
        return outcome;
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (Actor.Current is { UserId: { } id, Name: var name }) await audit.RecordAsync(new("sign-out", "user", id, name), cancellationToken);
        await manager.SignOutAsync();
    }

    private async Task RecordAsync(string action, TrackerUser? user, CancellationToken cancellationToken)
    {
        var known = action == "sign-in.ok" && user is not null;
        Actor.Current = new(known ? user!.Id : null, known ? user!.UserName! : "not signed in", ActorVia.Session) { Address = accessor.HttpContext is { } context ? ActorMiddleware.AddressOf(context) : null };
        await audit.RecordAsync(new(action, "user", user?.Id, user?.UserName), cancellationToken);
    }
}
