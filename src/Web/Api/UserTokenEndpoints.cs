using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>Tokens of other users over REST, for admins.</summary>
public static class UserTokenEndpoints
{
    private const string Noun = "user";

    public static void MapUserTokens(this RouteGroupBuilder users)
    {
        users.MapGet("/{id:long}/tokens", ListAsync).Missing();
        users.MapPost("/{id:long}/tokens", CreateAsync).AnswersSecret().Invalid().Missing().Conflicting();
        users.MapDelete("/{id:long}/tokens/{token:long}", RevokeAsync).Missing();
    }

    /// <summary>List a user's tokens</summary>
    /// <remarks>Newest first, without those that were revoked. The tokens themselves are not kept. For admins.</remarks>
    public static async Task<Results<Ok<IReadOnlyList<TokenResource>>, ProblemHttpResult>> ListAsync(long id, Users users, ApiTokens tokens, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(id, cancellationToken) is null) return Problem.NotFound(Noun, id);
        return TypedResults.Ok<IReadOnlyList<TokenResource>>([.. (await tokens.ListAsync(id, cancellationToken)).Select(t => TokenResource.From(t))]);
    }

    /// <summary>Make a token for a service account</summary>
    /// <remarks>People make theirs alone. The answer holds the token; it is not kept and cannot be shown again. For admins.</remarks>
    public static async Task<Results<Created<TokenResource>, ProblemHttpResult>> CreateAsync(
        long id, JsonBody<TokenRequest> body, HttpResponse response, ApiTokens tokens, CancellationToken cancellationToken)
    {
        TokenEndpoints.Check(body.Value);
        try
        {
            var made = await tokens.CreateForAsync(id, body.Value.Name.Trim(), body.Value.Scope ?? TokenScopes.Write, TokenEndpoints.Lifetime(body.Value), cancellationToken);
            if (made is null) return Problem.NotFound(Noun, id);
            response.Headers.CacheControl = "no-store";
            return TypedResults.Created((string?)null, TokenResource.From(made.Info, made.Token));
        }
        catch (NotAServiceException e)
        {
            return Problem.Conflict(e.Message);
        }
    }

    /// <summary>Revoke a user's token</summary>
    /// <remarks>It is refused from now on, for ever, and what it keeps open ends. For admins.</remarks>
    public static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(long id, long token, ApiTokens tokens, CancellationToken cancellationToken) =>
        await tokens.RevokeOfAsync(id, token, cancellationToken) ? TypedResults.NoContent() : Problem.NotFound("token", token);
}
