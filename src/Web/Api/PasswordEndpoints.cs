using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Tracker.Domain;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>One's own password over REST.</summary>
public static class PasswordEndpoints
{
    public static void MapPassword(this RouteGroupBuilder api) => api.MapGroup("/password").WithTags("Tokens").MapPost("", ChangeAsync).Invalid();

    /// <summary>Change your password</summary>
    /// <remarks>Ends your other sessions within a minute; tokens stay.</remarks>
    public static async Task<NoContent> ChangeAsync(
        JsonBody<PasswordChange> body, ClaimsPrincipal principal, UserManager<TrackerUser> users, SignInManager<TrackerUser> sessions)
    {
        var user = await users.FindByIdAsync(principal.FindFirstValue(ClaimTypes.NameIdentifier)!)
            ?? throw new InvalidOperationException("The account that the request acts for has vanished.");
        var result = await users.ChangePasswordAsync(user, body.Value.Current, body.Value.New);
        if (!result.Succeeded) throw new SpecificationException([.. result.Errors.Select(Explain)]);
        if (principal.Identity?.AuthenticationType == IdentityConstants.ApplicationScheme) await sessions.RefreshSignInAsync(user);
        return TypedResults.NoContent();
    }

    private static SpecError Explain(IdentityError error) =>
        error.Code == nameof(IdentityErrorDescriber.PasswordMismatch) ? new("current", "This is not the present password.") : new("new", error.Description);
}
