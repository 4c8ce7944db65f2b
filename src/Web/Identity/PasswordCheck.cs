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

    /// <summary>There were too many attempts from that address or with that name.</summary>
    TooMany,
}

/// <summary>Decides whether name and password are right, for the sign-in page and for programs that send both, and records each attempt.</summary>
public sealed class PasswordCheck(
    SignInManager<TrackerUser> manager, UserManager<TrackerUser> users, IPasswordHasher<TrackerUser> hasher, SignInLimits limits, IAudit audit)
{
    private static readonly TrackerUser s_nobody = new();
    private static string? s_nobodysHash;

    /// <returns>How it ended, and the user when it ended well.</returns>
    public async Task<(SignInOutcome Outcome, TrackerUser? User)> TryAsync(string name, string password, HttpContext context, ActorVia via, CancellationToken cancellationToken)
    {
        if (!limits.AllowAddress(context) || !limits.AllowName(name)) return (SignInOutcome.TooMany, null);
        var address = ActorMiddleware.AddressOf(context);
        // The database would be asked for the name without its NUL characters, which may be somebody's. Service accounts have no password that could be guessed.
        if (name.Contains('\0') || await users.FindByNameAsync(name) is not { PasswordHash: not null } user)
        {
            // As slow as for a name that exists, so that the time does not tell which names do.
            hasher.VerifyHashedPassword(s_nobody, s_nobodysHash ??= hasher.HashPassword(s_nobody, "nobody's password"), password);
            // Without what was typed: now and then that is a password in the wrong field.
            await RecordAsync("sign-in.failed", null, address, via, cancellationToken);
            return (limits.AllowStranger(name) ? SignInOutcome.WrongNameOrPassword : SignInOutcome.LockedOut, null);
        }
        var wasLocked = await users.IsLockedOutAsync(user);
        var result = await manager.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        var outcome = result.Succeeded ? user.DisabledAt is null ? SignInOutcome.Done : SignInOutcome.Disabled : result.IsLockedOut ? SignInOutcome.LockedOut : SignInOutcome.WrongNameOrPassword;
        await RecordAsync(Action(outcome, wasLocked), user, address, via, cancellationToken);
        return (outcome, outcome == SignInOutcome.Done ? user : null);
    }

    private static string Action(SignInOutcome outcome, bool wasLocked) => outcome switch
    {
        SignInOutcome.Done => "sign-in.ok",
        SignInOutcome.Disabled => "sign-in.disabled",
        SignInOutcome.LockedOut when !wasLocked => "sign-in.locked-out",
        _ => "sign-in.failed",
    };

    private async Task RecordAsync(string action, TrackerUser? user, string? address, ActorVia via, CancellationToken cancellationToken)
    {
        var known = action == "sign-in.ok" && user is not null;
        Actor.Current = new(known ? user!.Id : null, known ? user!.UserName! : "not signed in", via) { Address = address };
        await audit.RecordAsync(new(action, "user", user?.Id, user?.UserName), cancellationToken);
    }
}
