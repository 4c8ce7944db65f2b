using System.Net.Http.Headers;
using System.Net.Mime;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Identity;
using Tracker.Web.Hosting;

namespace Tracker.Web.Identity;

/// <summary>The sign-in with a provider outside, by the framework's handler: with state, PKCE and a correlation cookie.</summary>
public static class OAuthSetup
{
    public const string SchemeName = "OAuth";
    internal const string VerifiedClaim = "email-verified";
    private const int MaxAnswerBytes = 256 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    public static void AddProvider(this AuthenticationBuilder authentication, OAuthSettings? provider)
    {
        authentication.AddCookie(IdentityConstants.ExternalScheme, o =>
        {
            o.Cookie.Name = "tracker-external";
            o.Cookie.HttpOnly = true;
            o.Cookie.SameSite = SameSiteMode.Lax;
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            o.ExpireTimeSpan = TimeSpan.FromMinutes(5);
        });
        if (provider is not null) authentication.AddOAuth(SchemeName, provider.Name, o => Configure(o, provider));
    }

    private static void Configure(OAuthOptions options, OAuthSettings provider)
    {
        options.SignInScheme = IdentityConstants.ExternalScheme;
        (options.ClientId, options.ClientSecret) = (provider.ClientId, provider.ClientSecret);
        options.AuthorizationEndpoint = provider.Authorize.AbsoluteUri;
        options.TokenEndpoint = provider.Token.AbsoluteUri;
        options.UserInformationEndpoint = provider.UserInfo.AbsoluteUri;
        options.CallbackPath = AccountRoutes.ExternalCallback;
        options.UsePkce = true;
        // What the provider's token allows is asked once, while signing in.
        options.SaveTokens = false;
        options.BackchannelTimeout = s_patience;
        options.RemoteAuthenticationTimeout = TimeSpan.FromMinutes(10);
        options.CorrelationCookie.Name = "tracker-correlation.";
        options.CorrelationCookie.HttpOnly = true;
        options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        options.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Scope.Clear();
        foreach (var scope in provider.Scopes) options.Scope.Add(scope);
        options.ClaimActions.MapJsonKey(ClaimTypes.NameIdentifier, provider.IdClaim);
        options.ClaimActions.MapJsonKey(ClaimTypes.Name, provider.NameClaim);
        options.ClaimActions.MapJsonKey(ClaimTypes.Email, provider.EmailClaim);
        if (provider.VerifiedClaim.Length > 0) options.ClaimActions.MapJsonKey(VerifiedClaim, provider.VerifiedClaim);
        options.Events.OnCreatingTicket = ReadPersonAsync;
        options.Events.OnAccessDenied = context => EndAsync(context, context.Response, ExternalOutcome.Denied);
        options.Events.OnRemoteFailure = context => EndAsync(context, context.Response, ExternalOutcome.Failed);
    }

    private static Task EndAsync(HandleRequestContext<RemoteAuthenticationOptions> context, HttpResponse response, ExternalOutcome outcome)
    {
        response.Redirect($"{AccountRoutes.SignIn}?{AccountRoutes.ExternalOutcome}={outcome}");
        context.HandleResponse();
        return Task.CompletedTask;
    }

    private static async Task ReadPersonAsync(OAuthCreatingTicketContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, context.Options.UserInformationEndpoint);
        request.Headers.Authorization = new("Bearer", context.AccessToken);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaTypeNames.Application.Json));
        request.Headers.UserAgent.ParseAdd("Tracker");
        using var response = await context.Backchannel.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.HttpContext.RequestAborted);
        response.EnsureSuccessStatusCode();
        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, context.HttpContext.RequestAborted);
        using var person = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(context.HttpContext.RequestAborted), cancellationToken: context.HttpContext.RequestAborted);
        context.RunClaimActions(person.RootElement);
    }
}
