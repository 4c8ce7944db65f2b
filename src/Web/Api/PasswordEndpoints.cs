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
    /// <remarks>Ends your other sessions at once; tokens stay. Five wrong passwords lock the account for five minutes, as on the sign-in page: then the answer is 429.</remarks>
    public static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(
        JsonBody<PasswordChange> body, ClaimsPrincipal user, HttpResponse response, OwnPassword password, CancellationToken cancellationToken)
    {
        try
        {
            var faults = await password.ChangeAsync(user, body.Value.Current, body.Value.New, cancellationToken);
            return faults.Count == 0 ? TypedResults.NoContent() : throw new SpecificationException(faults);
        }
        catch (LockedOutException e)
        {
            response.Headers.RetryAfter = e.Seconds;
            return Problem.LockedOut(e.Message);
        }
    }
}
