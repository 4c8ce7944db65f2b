using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>The way to the provider and back.</summary>
public static class ExternalEndpoints
{
    public static void MapExternalSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(AccountRoutes.External, BeginAsync).AllowAnonymous().DisableAntiforgery();
        routes.MapGet(AccountRoutes.External, EndAsync).AllowAnonymous();
        routes.MapPost(AccountRoutes.LinkExternal, Link).RequireAuthorization(Policies.Account).DisableAntiforgery();
        routes.MapPost(AccountRoutes.UnlinkExternal, UnlinkAsync).RequireAuthorization(Policies.Account).DisableAntiforgery();
    }

    /// <summary>What the sign-in page says about an outcome.</summary>
    internal static string? Explain(string? outcome, string provider) => Enum.TryParse<ExternalOutcome>(outcome, ignoreCase: false, out var known)
        ? known switch
        {
            ExternalOutcome.Denied => $"{provider} did not let you in.",
            ExternalOutcome.Disabled => "This account is disabled. Ask an admin.",
            ExternalOutcome.Domain => $"{provider} knows you, but people with your e-mail address have no access here.",
            ExternalOutcome.NoAccount => "You have no account here yet. Ask an admin for one, sign in with its password and connect it under Settings.",
            ExternalOutcome.NameTaken => $"Somebody here already has your name. If that is you, sign in with the password and connect the account with {provider} under Settings.",
            ExternalOutcome.Failed or ExternalOutcome.Taken => $"The sign-in with {provider} did not work. Please begin again.",
            _ => null,
        }
        : null;

    private static async Task<IResult> BeginAsync(HttpContext context, IAntiforgery antiforgery, Hosting.AccessSettings settings)
    {
        if (settings.OAuth is null) return TypedResults.NotFound();
        var returnUrl = AccountEndpoints.Local(context.Request.Query[AccountRoutes.ReturnUrl].ToString());
        if (!SameOrigin.Allows(context.Request) || !await antiforgery.IsRequestValidAsync(context))
            return TypedResults.LocalRedirect($"{AccountRoutes.SignIn}?{AccountRoutes.ExternalOutcome}={ExternalOutcome.Failed}");
        return Challenge($"{AccountRoutes.External}?{AccountRoutes.ReturnUrl}={Uri.EscapeDataString(returnUrl)}", null);
    }

    private static IResult Link(HttpContext context, Hosting.AccessSettings settings)
    {
        if (settings.OAuth is null) return TypedResults.NotFound();
        // A token would get a session, which may do more than the token.
        if (!SameOrigin.Allows(context.Request) || Actor.Current is not { Via: ActorVia.Session }) return TypedResults.Forbid();
        return Challenge(AccountRoutes.External, AccountClaims.IdOf(context.User)!.Value.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<IResult> UnlinkAsync(HttpContext context, Hosting.AccessSettings settings, ExternalLinks links)
    {
        if (settings.OAuth is null) return TypedResults.NotFound();
        if (!SameOrigin.Allows(context.Request) || Actor.Current is not { Via: ActorVia.Session }) return TypedResults.Forbid();
        return TypedResults.LocalRedirect($"{AccountRoutes.Settings}?{AccountRoutes.ExternalOutcome}={await links.DisconnectOwnAsync(context.User, context.RequestAborted)}");
    }

    private static async Task<IResult> EndAsync(HttpContext context, ExternalSignIn signIn)
    {
        var outcome = await signIn.CompleteAsync(context);
        return outcome switch
        {
            ExternalOutcome.Done => TypedResults.LocalRedirect(AccountEndpoints.Local(context.Request.Query[AccountRoutes.ReturnUrl].ToString())),
            ExternalOutcome.Linked or ExternalOutcome.Taken => TypedResults.LocalRedirect($"{AccountRoutes.Settings}?{AccountRoutes.ExternalOutcome}={outcome}"),
            _ => TypedResults.LocalRedirect($"{AccountRoutes.SignIn}?{AccountRoutes.ExternalOutcome}={outcome}"),
        };
    }

    private static ChallengeHttpResult Challenge(string back, string? link)
    {
        var properties = new AuthenticationProperties { RedirectUri = back };
        if (link is not null) properties.Items[ExternalSignIn.Link] = link;
        return TypedResults.Challenge(properties, [OAuthSetup.SchemeName]);
    }
}
