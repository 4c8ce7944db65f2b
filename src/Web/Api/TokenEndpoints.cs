using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>Tokens over REST. Everybody sees and ends their own alone.</summary>
public static class TokenEndpoints
{
    private const int MaxDays = 3650;

    public static void MapTokens(this RouteGroupBuilder api)
    {
        var tokens = api.MapGroup("/tokens").WithTags("Tokens");
        tokens.MapGet("", ListAsync);
        tokens.MapPost("", CreateAsync).Invalid().Needs(Policies.Account);
        tokens.MapDelete("/{id:long}", RevokeAsync).Missing().Needs(Policies.Account);
    }

    /// <summary>List your tokens</summary>
    /// <remarks>Newest first, without those that were revoked. The tokens themselves are not kept.</remarks>
    public static async Task<Ok<IReadOnlyList<TokenResource>>> ListAsync(ClaimsPrincipal user, ApiTokens tokens, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<TokenResource>>([.. (await tokens.ListAsync(user.UserId(), cancellationToken)).Select(t => TokenResource.From(t))]);

    /// <summary>Make a token</summary>
    /// <remarks>The answer holds the token; it is not kept and cannot be shown again.</remarks>
    public static async Task<Created<TokenResource>> CreateAsync(
        JsonBody<TokenRequest> body, HttpResponse response, ApiTokens tokens, CancellationToken cancellationToken)
    {
        var (name, days, scope) = (body.Value.Name, body.Value.ExpiresInDays, body.Value.Scope ?? TokenScopes.Write);
        new Checks().Length("name", name, 1, 100).Range("expiresInDays", days, 1, MaxDays)
            .Require("scope", scope is TokenScopes.Read or TokenScopes.Write, $"Expected read or write, found '{scope}'.").Throw();
        var made = await tokens.CreateAsync(name.Trim(), scope, days is { } d ? TimeSpan.FromDays(d) : null, cancellationToken);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, TokenResource.From(made.Info, made.Token));
    }

    /// <summary>Revoke a token of yours</summary>
    /// <remarks>It is refused from now on, for ever.</remarks>
    public static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        long id, ApiTokens tokens, CancellationToken cancellationToken) =>
        await tokens.RevokeAsync(id, cancellationToken) ? TypedResults.NoContent() : Problem.NotFound("token", id);
}
