using Microsoft.AspNetCore.Identity;

namespace Tracker.Web.Identity;

/// <summary>How an attempt to sign in ended.</summary>
public enum SignInOutcome
{
    Done,
    WrongNameOrPassword,
    LockedOut,
}

/// <summary>Signs people in by name and password.</summary>
public sealed class SignIn(SignInManager<TrackerUser> manager, UserManager<TrackerUser> users, IPasswordHasher<TrackerUser> hasher)
{
    private static readonly TrackerUser s_nobody = new();
    private static string? s_nobodysHash;

    public async Task<SignInOutcome> TryAsync(string name, string password, bool remember)
    {
        if (await users.FindByNameAsync(name) is not { } user)
        {
            // As slow as for a name that exists, so that the time does not tell which names do.
            hasher.VerifyHashedPassword(s_nobody, s_nobodysHash ??= hasher.HashPassword(s_nobody, "nobody's password"), password);
            return SignInOutcome.WrongNameOrPassword;
        }
        var result = await manager.PasswordSignInAsync(user, password, remember, lockoutOnFailure: true);
        return result.Succeeded ? SignInOutcome.Done : result.IsLockedOut ? SignInOutcome.LockedOut : SignInOutcome.WrongNameOrPassword;
    }
}
