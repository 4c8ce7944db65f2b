using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>One's own tokens over REST.</summary>
public static class TokenEndpoints
{
    private const int MaxDays = 3650;
    private const int MaxName = 100;

    public static void MapTokens(this RouteGroupBuilder api)
    {
        var tokens = api.MapGroup("/tokens").WithTags("Tokens");
        tokens.MapGet("", ListAsync);
        tokens.MapPost("", CreateAsync).AnswersSecret().Invalid().Needs(Policies.Account);
        tokens.MapDelete("/{id:long}", RevokeAsync).Missing().Needs(Policies.Account);
    }

    /// <summary>List your tokens</summary>
    /// <remarks>Newest first, without those that were revoked. The tokens themselves are not kept.</remarks>
    public static async Task<Ok<IReadOnlyList<TokenResource>>> ListAsync(ClaimsPrincipal user, ApiTokens tokens, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<TokenResource>>([.. (await tokens.ListAsync(user.UserId(), cancellationToken)).Select(t => TokenResource.From(t))]);

    /// <summary>Make a token</summary>
    /// <remarks>What it may do is the lesser of its scope and your role: read what viewers see, write what members do, admin everything. A token makes none that may do more than
    /// itself, and only admins make one with the scope admin. The answer holds the token; it is not kept and cannot be shown again.</remarks>
    public static async Task<Created<TokenResource>> CreateAsync(
        JsonBody<TokenRequest> body, HttpResponse response, ApiTokens tokens, CancellationToken cancellationToken)
    {
        Check(body.Value);
        var made = await tokens.CreateAsync(body.Value.Name.Trim(), body.Value.Scope ?? TokenScopes.Write, Lifetime(body.Value), cancellationToken);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, TokenResource.From(made.Info, made.Token));
    }

    /// <summary>Revoke a token of yours</summary>
    /// <remarks>It is refused from now on, for ever.</remarks>
    public static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        long id, ApiTokens tokens, CancellationToken cancellationToken) =>
        await tokens.RevokeAsync(id, cancellationToken) ? TypedResults.NoContent() : Problem.NotFound("token", id);

    internal static void Check(TokenRequest request) => new Checks().Length("name", request.Name, 1, MaxName).Range("expiresInDays", request.ExpiresInDays, 1, MaxDays)
        .Require("scope", request.Scope is null || TokenScopes.All.Contains(request.Scope), $"Expected one of {string.Join(", ", TokenScopes.All)}, found '{request.Scope}'.").Throw();

    internal static TimeSpan? Lifetime(TokenRequest request) => request.ExpiresInDays is { } days ? TimeSpan.FromDays(days) : null;
}
