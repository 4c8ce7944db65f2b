using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>Who asks.</summary>
public static class MeEndpoint
{
    public static void MapMe(this RouteGroupBuilder api) => api.MapGet("/me", Me).WithTags("Account").Needs(Policies.Read);

    /// <summary>Tell who you are</summary>
    /// <remarks>The user that the token or the session belongs to, and what the token may do: what a program asks first, to check its token.</remarks>
    public static Ok<MeResource> Me(ClaimsPrincipal user) => TypedResults.Ok(new MeResource(
        user.UserId(), user.Identity?.Name ?? "", user.FindFirstValue(ClaimTypes.Role) ?? "", user.FindFirstValue(AccountClaims.Token),
        user.FindFirstValue(AccountClaims.Scope)));
}
