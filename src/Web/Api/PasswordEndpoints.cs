using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Domain;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>One's own password over REST.</summary>
public static class PasswordEndpoints
{
    public static void MapPassword(this RouteGroupBuilder api) => api.MapGroup("/password").WithTags("Account").MapPost("", ChangeAsync).AnswersSecret().Invalid().Needs(Policies.Account);

    /// <summary>Change your password</summary>
    /// <remarks>Ends your other sessions at once; tokens stay.</remarks>
    public static async Task<NoContent> ChangeAsync(JsonBody<PasswordChange> body, ClaimsPrincipal user, OwnPassword password, CancellationToken cancellationToken)
    {
        var faults = await password.ChangeAsync(user, body.Value.Current, body.Value.New, cancellationToken);
        return faults.Count == 0 ? TypedResults.NoContent() : throw new SpecificationException(faults);
    }
}
