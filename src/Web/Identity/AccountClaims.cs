using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>What a signed-in request says about its user.</summary>
public sealed class AccountClaims(UserManager<TrackerUser> users, IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<TrackerUser>(users, options)
{
    public const string Scope = "scope";
    public const string Token = "token";

    /// <summary>The token's id, for what has to end when it is revoked.</summary>
    public const string TokenId = "token-id";

    /// <summary>The role of a token's owner; the role of the principal may be a lesser one.</summary>
    public const string OwnerRole = "owner-role";
    public const string Service = "service";

    /// <summary>The session's id, by which it is ended.</summary>
    public const string Session = "session";

    /// <summary>The session may do nothing before the password is another one.</summary>
    public const string MustChangePassword = "must-change-password";
    private static readonly string s_stamp = new ClaimsIdentityOptions().SecurityStampClaimType;

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(TrackerUser user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new(ClaimTypes.Role, user.Role));
        identity.AddClaim(new(Session, Guid.NewGuid().ToString("N")));
        return identity;
    }

    /// <summary>The id of a user who is signed in.</summary>
    public static long? IdOf(ClaimsPrincipal principal) => long.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;

    /// <summary>Ends a session whose user is gone, disabled, has ended it or has another password, and gives others the role that the user has now.</summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var state = context.Principal is { } principal && IdOf(principal) is { } id
            ? await context.HttpContext.RequestServices.GetRequiredService<AccountRegister>().FindAsync(id, context.HttpContext.RequestAborted)
            : null;
        if (Renewed(context.Principal, state) is { } renewed)
        {
            context.ReplacePrincipal(renewed);
            return;
        }
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }

    /// <summary>The principal of a session with the role that its user has now, or <see langword="null"/> when the session is over.</summary>
    public static ClaimsPrincipal? Renewed(ClaimsPrincipal? principal, AccountState? state)
    {
        if (principal?.Identity is not ClaimsIdentity identity || state is null or { Disabled: true } || principal.FindFirstValue(s_stamp) != state.Stamp) return null;
        if (principal.FindFirstValue(Session) is { } session && state.EndedSessions.Contains(session)) return null;
        if (principal.FindFirstValue(ClaimTypes.Role) == state.Role && identity.Name == state.Name && principal.HasClaim(c => c.Type == MustChangePassword) == state.MustChangePassword)
            return principal;
        var kept = identity.Claims.Where(c => c.Type is not (ClaimTypes.Role or MustChangePassword) && c.Type != identity.NameClaimType);
        IEnumerable<Claim> now = [new(identity.NameClaimType, state.Name), new(ClaimTypes.Role, state.Role), .. state.MustChangePassword ? [new Claim(MustChangePassword, "true")] : Array.Empty<Claim>()];
        return new(new ClaimsIdentity([.. kept, .. now], identity.AuthenticationType, identity.NameClaimType, ClaimTypes.Role));
    }

    /// <summary>What a request by a token says about its user.</summary>
    public static ClaimsPrincipal Of(TokenOwner owner, string scheme)
    {
        List<Claim> claims =
        [
            new(ClaimTypes.NameIdentifier, owner.UserId.ToString(CultureInfo.InvariantCulture)), new(ClaimTypes.Name, owner.UserName),
            new(ClaimTypes.Role, TokenScopes.Lesser(owner.Role, owner.Scope)), new(OwnerRole, owner.Role), new(Token, owner.Token), new(Scope, owner.Scope),
        ];
        if (owner.TokenId is { } id) claims.Add(new(TokenId, id.ToString(CultureInfo.InvariantCulture)));
        if (owner.Service) claims.Add(new(Service, "true"));
        return new(new ClaimsIdentity(claims, scheme));
    }

    /// <summary>Who acts by that principal from that address; <see langword="null"/> when nobody is signed in.</summary>
    public static Actor? ActorOf(ClaimsPrincipal principal, string? address) => IdOf(principal) is not { } id ? null : new(
        id, principal.Identity!.Name ?? "", principal.HasClaim(c => c.Type == Service) ? ActorVia.Service : principal.HasClaim(c => c.Type == Token) ? ActorVia.Token : ActorVia.Session)
    {
        Address = address, Token = principal.FindFirstValue(Token), Scope = principal.FindFirstValue(Scope),
    };
}
