using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Tracker.Web.Hosting;

namespace Tracker.Web.Identity;

/// <summary>Signs requests in by <c>Authorization: Bearer …</c>: a user's token, or the admin's from the settings.</summary>
public sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiTokens tokens, Settings settings)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";
    public const string BadToken = "The token is unknown, expired or revoked.";

    /// <summary>Whether a request comes with a token, even an empty one.</summary>
    public static bool Applies(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(SchemeName, StringComparison.OrdinalIgnoreCase) && (header.Length == SchemeName.Length || header[SchemeName.Length] == ' ');
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Applies(Request)) return AuthenticateResult.NoResult();
        var text = Request.Headers.Authorization.ToString()[SchemeName.Length..].Trim();
        var owner = IsAdminToken(text)
            ? await tokens.FindAdminAsync(Context.RequestAborted)
            : await tokens.FindOwnerAsync(text, Context.RequestAborted);
        if (owner is null) return AuthenticateResult.Fail(BadToken);
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, owner.UserId.ToString()), new(ClaimTypes.Name, owner.UserName), new(ClaimTypes.Role, owner.Role),
                new(AccountClaims.Token, owner.Token), new(AccountClaims.Scope, owner.Scope)],
            Scheme.Name);
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers[HeaderNames.WWWAuthenticate] = SchemeName;
        return Task.CompletedTask;
    }

    /// <summary>Compares hashes in fixed time: neither the token's content nor its length shows in how long it takes.</summary>
    private bool IsAdminToken(string text) =>
        settings.AdminToken is { } expected && CryptographicOperations.FixedTimeEquals(ApiTokens.Hash(text), ApiTokens.Hash(expected));
}
