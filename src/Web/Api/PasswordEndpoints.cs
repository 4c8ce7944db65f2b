using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Domain;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>One's own password over REST.</summary>
public static class PasswordEndpoints
{
    public static void MapPassword(this RouteGroupBuilder api) => api.MapGroup("/password").WithTags("Account").MapPost("", ChangeAsync).Invalid();

    /// <summary>Change your password</summary>
    /// <remarks>Ends your other sessions within a minute; tokens stay.</remarks>
    public static async Task<NoContent> ChangeAsync(JsonBody<PasswordChange> body, ClaimsPrincipal user, OwnPassword password)
    {
        var faults = await password.ChangeAsync(user, body.Value.Current, body.Value.New);
        return faults.Count == 0 ? TypedResults.NoContent() : throw new SpecificationException(faults);
    }
}
