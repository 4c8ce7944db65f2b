using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Tracker.Domain;

namespace Tracker.Web.Identity;

/// <summary>Changes the password of who asks, for REST and the settings page alike.</summary>
public sealed class OwnPassword(UserManager<TrackerUser> users, SignInManager<TrackerUser> sessions)
{
    /// <summary>Changes it, and keeps the present session; other sessions end within a minute.</summary>
    /// <returns>Faults of <c>current</c> and <c>new</c>; none when it is changed.</returns>
    public async Task<IReadOnlyList<SpecError>> ChangeAsync(ClaimsPrincipal principal, string current, string next)
    {
        var user = await users.FindByIdAsync(principal.FindFirstValue(ClaimTypes.NameIdentifier)!)
            ?? throw new InvalidOperationException("The account that the request acts for has vanished.");
        var result = await users.ChangePasswordAsync(user, current, next);
        if (!result.Succeeded) return [.. result.Errors.Select(Explain)];
        if (principal.Identity?.AuthenticationType == IdentityConstants.ApplicationScheme) await sessions.RefreshSignInAsync(user);
        return [];
    }

    private static SpecError Explain(IdentityError error) =>
        error.Code == nameof(IdentityErrorDescriber.PasswordMismatch) ? new("current", "This is not the present password.") : new("new", error.Description);
}
