using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Tracker.Web.Hosting;
using Tracker.Web.Mlflow;

namespace Tracker.Web.Identity;

/// <summary>
/// Signs requests in by <c>Authorization: Bearer …</c>: a user's token, or the admin's from the settings. MLflow's clients may also send
/// <c>Basic …</c>, with a token as the password, or with name and password of a user.
/// </summary>
public sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiTokens tokens, BasicSignIn passwords, Settings settings)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";
    public const string BadToken = "The token is unknown, expired or revoked.";

    /// <summary>How MLflow's clients may sign in.</summary>
    public const string MlflowChallenge = "Bearer, Basic realm=\"tracker\"";

    private const string BasicName = "Basic";

    /// <summary>Whether name and password were not even looked at.</summary>
    private bool _tooMany;

    /// <summary>Whether a request comes with a token, even an empty one.</summary>
    public static bool Applies(HttpRequest request) => Has(request, SchemeName) || AppliesBasic(request);

    /// <summary>Whether it comes with what only MLflow's clients may send. A browser may add that by itself, so pages of other sites are refused with it.</summary>
    public static bool AppliesBasic(HttpRequest request) => MlflowPaths.Owns(request) && Has(request, BasicName);

    private static bool Has(HttpRequest request, string scheme)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && (header.Length == scheme.Length || header[scheme.Length] == ' ');
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Applies(Request)) return AuthenticateResult.NoResult();
        var owner = AppliesBasic(Request)
            ? await OfBasicAsync(Request.Headers.Authorization.ToString()[BasicName.Length..].Trim())
            : await OfTokenAsync(Request.Headers.Authorization.ToString()[SchemeName.Length..].Trim());
        if (owner is null) return AuthenticateResult.Fail(BadToken);
        return AuthenticateResult.Success(new(AccountClaims.Of(owner, Scheme.Name), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_tooMany)
        {
            // Clients give up at 401, and come again after 429.
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            Response.Headers.RetryAfter = SignInLimits.WindowSeconds.ToString(CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        }
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers[HeaderNames.WWWAuthenticate] = MlflowPaths.Owns(Request) ? MlflowChallenge : SchemeName;
        return Task.CompletedTask;
    }

    private Task<TokenOwner?> OfTokenAsync(string text) =>
        IsAdminToken(text) ? tokens.FindAdminAsync(Context.RequestAborted) : tokens.FindOwnerAsync(text, Context.RequestAborted);

    private async Task<TokenOwner?> OfBasicAsync(string encoded)
    {
        if (!TryDecode(encoded, out var name, out var password)) return null;
        if (await OfTokenAsync(password) is { } owner) return owner;
        if (password.StartsWith(ApiTokens.Start, StringComparison.Ordinal)) return null;
        var (outcome, user) = await passwords.FindAsync(name, password, Context);
        _tooMany = outcome == SignInOutcome.TooMany;
        return user is null ? null : new(user.Id, user.UserName!, user.Role, "name and password", TokenScopes.Write);
    }

    private static bool TryDecode(string encoded, out string name, out string password)
    {
        (name, password) = ("", "");
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length)) return false;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return false;
        (name, password) = (text[..colon], text[(colon + 1)..]);
        return true;
    }

    /// <summary>Compares hashes in fixed time: neither the token's content nor its length shows in how long it takes.</summary>
    private bool IsAdminToken(string text) =>
        settings.AdminToken is { } expected && CryptographicOperations.FixedTimeEquals(ApiTokens.Hash(text), ApiTokens.Hash(expected));
}
