using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Tracker.Storage;
using Tracker.Web.Hosting;

namespace Tracker.Web.Identity;

/// <summary>How a sign-in with the provider ended.</summary>
public enum ExternalOutcome
{
    Done,
    Linked,

    /// <summary>The person or the provider said no.</summary>
    Denied,

    /// <summary>The answer was not one to a question of this browser, or the provider did not answer properly.</summary>
    Failed,
    Disabled,
    Domain,
    NoAccount,
    NameTaken,

    /// <summary>The person at the provider belongs to another account.</summary>
    Taken,
    Disconnected,

    /// <summary>Without the provider they could no longer sign in.</summary>
    NoPassword,
}

/// <summary>
/// Decides who somebody is whom the provider has sent. An account is known by the provider's address and the person's id there and by nothing else: names
/// and e-mail addresses change hands.
/// </summary>
public sealed class ExternalSignIn(
    AccessSettings settings, UserManager<TrackerUser> users, SignInManager<TrackerUser> manager, AccountsContext accounts, AccountAudit audit, Access access)
{
    private const int MaxName = 100;

    /// <summary>The property of a question to the provider that names the user who wants to be linked.</summary>
    internal const string Link = "link";

    /// <summary>Signs in, or links, whom the provider's answer names; the cookie with the answer is used up.</summary>
    public async Task<ExternalOutcome> CompleteAsync(HttpContext context)
    {
        var answer = await context.AuthenticateAsync(IdentityConstants.ExternalScheme);
        await context.SignOutAsync(IdentityConstants.ExternalScheme);
        if (settings.OAuth is not { } provider || answer.Principal?.FindFirstValue(ClaimTypes.NameIdentifier) is not { Length: > 0 } key) return ExternalOutcome.Failed;
        if (!IsAllowed(answer.Principal, provider)) return await RefuseAsync(ExternalOutcome.Domain, null, context);
        var login = new UserLoginInfo(provider.UserInfo.AbsoluteUri, key, provider.Name);
        var user = await users.FindByLoginAsync(login.LoginProvider, login.ProviderKey);
        if (answer.Properties?.Items.TryGetValue(Link, out var wanted) == true) return await LinkAsync(wanted, login, user, context);
        if (user is null)
        {
            if (!provider.Create) return await RefuseAsync(ExternalOutcome.NoAccount, null, context);
            (var outcome, user) = await CreateAsync(answer.Principal, provider, login, context);
            if (user is null) return await RefuseAsync(outcome, null, context);
        }
        if (user.DisabledAt is not null || user.Service) return await RefuseAsync(ExternalOutcome.Disabled, user, context);
        Act(user, context);
        await audit.RecordAsync(new("sign-in.ok", "user", user.Id, user.UserName, After: new { provider = provider.Name }), context.RequestAborted);
        await manager.SignInAsync(user, isPersistent: false);
        return ExternalOutcome.Done;
    }

    private async Task<ExternalOutcome> LinkAsync(string? wanted, UserLoginInfo login, TrackerUser? owner, HttpContext context)
    {
        // The session may have ended meanwhile, or be somebody else's by now. A token must not get a session, which may do more than the token.
        if (await SessionAsync(context.RequestAborted) is not { } actor || actor.UserId!.Value.ToString(CultureInfo.InvariantCulture) != wanted) return ExternalOutcome.Failed;
        if (owner is not null) return owner.Id == actor.UserId ? ExternalOutcome.Linked : ExternalOutcome.Taken;
        await using var transaction = await accounts.Database.BeginTransactionAsync(context.RequestAborted);
        if (await users.FindByIdAsync(wanted) is not { Service: false } user) return ExternalOutcome.Failed;
        Require(await users.AddLoginAsync(user, login));
        await audit.RecordAsync(new("sign-in.link", "user", user.Id, user.UserName, After: new { provider = login.ProviderDisplayName }), context.RequestAborted);
        await transaction.CommitAsync(context.RequestAborted);
        return ExternalOutcome.Linked;
    }

    /// <summary>Who is signed in with a browser and may change their own account.</summary>
    private async Task<Actor?> SessionAsync(CancellationToken cancellationToken)
    {
        if (Actor.Current is not { Via: ActorVia.Session }) return null;
        try
        {
            return await access.DemandAsync(Policies.Account, cancellationToken);
        }
        catch (AccessDeniedException)
        {
            return null;
        }
    }

    private async Task<(ExternalOutcome Outcome, TrackerUser? User)> CreateAsync(ClaimsPrincipal person, OAuthSettings provider, UserLoginInfo login, HttpContext context)
    {
        var name = NameOf(person);
        if (name.Length == 0) return (ExternalOutcome.Failed, null);
        await using var transaction = await accounts.Database.BeginTransactionAsync(context.RequestAborted);
        await accounts.TakeNameAsync(users.NormalizeName(name)!, context.RequestAborted);
        if (await users.FindByNameAsync(name) is not null) return (ExternalOutcome.NameTaken, null);
        var user = new TrackerUser { UserName = name, Role = provider.Role };
        Require(await users.CreateAsync(user));
        Require(await users.AddLoginAsync(user, login));
        Act(user, context);
        await audit.RecordAsync(new("user.add", "user", user.Id, user.UserName, After: new { user.Role, provider = provider.Name }), context.RequestAborted);
        await transaction.CommitAsync(context.RequestAborted);
        return (ExternalOutcome.Done, user);
    }

    private async Task<ExternalOutcome> RefuseAsync(ExternalOutcome outcome, TrackerUser? user, HttpContext context)
    {
        Act(null, context);
        await audit.RecordAsync(
            new(outcome == ExternalOutcome.Disabled ? "sign-in.disabled" : "sign-in.failed", "user", user?.Id, user?.UserName, After: new { provider = settings.OAuth!.Name, reason = outcome }),
            context.RequestAborted);
        return outcome;
    }

    private static void Act(TrackerUser? user, HttpContext context) =>
        Actor.Current = new(user?.Id, user?.UserName ?? "not signed in", ActorVia.Session) { Address = ActorMiddleware.AddressOf(context) };

    private static bool IsAllowed(ClaimsPrincipal person, OAuthSettings provider)
    {
        if (provider.Domains.Count == 0) return true;
        var verified = provider.VerifiedClaim.Length == 0 || string.Equals(person.FindFirstValue(OAuthSetup.VerifiedClaim), "true", StringComparison.OrdinalIgnoreCase);
        return verified && person.FindFirstValue(ClaimTypes.Email) is { } email && email.LastIndexOf('@') is >= 0 and var at
            && provider.Domains.Contains(email[(at + 1)..], StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The name without what names of accounts may not have.</summary>
    private string NameOf(ClaimsPrincipal person)
    {
        var allowed = users.Options.User.AllowedUserNameCharacters;
        var name = string.Concat((person.FindFirstValue(ClaimTypes.Name) ?? "").Where(allowed.Contains));
        return name.Length <= MaxName ? name : name[..MaxName];
    }

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded) throw new InvalidOperationException($"The account cannot be written: {string.Join(" ", result.Errors.Select(e => e.Description))}");
    }
}
