using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tracker.Storage;
using Tracker.Web.Hosting;
using Tracker.Web.Mlflow;

namespace Tracker.Web.Identity;

public static class AccountsSetup
{
    public const string ApiPath = "/api";
    public const int MinUniqueCharacters = 5;

    /// <summary>How long a session lasts that is not used.</summary>
    public static readonly TimeSpan SessionTime = TimeSpan.FromDays(14);

    private const string AnyScheme = "CookieOrHeader";
    private static readonly TextCleaner s_cleaner = new();

    public static void AddAccounts(this IServiceCollection services, AccessSettings settings)
    {
        services.AddDbContext<AccountsContext>((provider, o) => o.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()).AddInterceptors(s_cleaner));
        services.AddIdentityCore<TrackerUser>(Configure)
            .AddEntityFrameworkStores<AccountsContext>()
            .AddClaimsPrincipalFactory<AccountClaims>()
            .AddPasswordValidator<CommonPasswords>()
            .AddSignInManager();
        services.AddSingleton<AccountReader>();
        services.AddSingleton(provider => new AccountRegister(provider.GetRequiredService<AccountReader>().ReadAsync, provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<AccountAudit>();
        services.AddScoped<Users>();
        services.AddScoped<ApiTokens>();
        services.AddScoped<FirstAdmin>();
        services.AddScoped<PasswordCheck>();
        services.AddScoped<SignIn>();
        services.AddSingleton<BasicPasswords>();
        services.AddScoped<BasicSignIn>();
        services.AddScoped<ExternalSignIn>();
        services.AddScoped<ExternalLinks>();
        services.AddSingleton<SignInLimits>();
        services.AddSingleton<OpenRequests>();
        services.AddScoped<OwnPassword>();
        var authentication = services.AddAuthentication(AnyScheme);
        authentication
            .AddPolicyScheme(AnyScheme, null, o => o.ForwardDefaultSelector = c => BearerHandler.Applies(c.Request) ? BearerHandler.SchemeName : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, null)
            .AddCookie(IdentityConstants.ApplicationScheme, Configure)
            // Nobody has a second factor, but ending a session signs out of this scheme as well.
            .AddTwoFactorRememberMeCookie();
        authentication.AddProvider(settings.OAuth);
        var policies = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        Policies.Add(policies);
        services.AddCascadingAuthenticationState();
        services.AddScoped<CircuitHandler, CircuitActor>();
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "tracker-form";
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
    }


    private static void Configure(IdentityOptions options)
    {
        // Length is what makes passwords strong; rules about kinds of characters only make them predictable.
        options.Password.RequiredLength = Settings.MinPasswordLength;
        options.Password.RequiredUniqueChars = MinUniqueCharacters;
        options.Password.RequireDigit = false;
        options.Password.RequireLowercase = false;
        options.Password.RequireUppercase = false;
        options.Password.RequireNonAlphanumeric = false;
        options.Lockout.MaxFailedAccessAttempts = SignInLimits.WrongPasswords;
        options.Lockout.DefaultLockoutTimeSpan = SignInLimits.LockedFor;
        options.Lockout.AllowedForNewUsers = true;
    }

    private static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "tracker-session";
        options.Cookie.HttpOnly = true;
        // Lax lets a link in a mail open a page; what changes something is guarded by SameOrigin.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = SessionTime;
        options.SlidingExpiration = true;
        options.LoginPath = AccountRoutes.SignIn;
        options.ReturnUrlParameter = AccountRoutes.ReturnUrl;
        options.Events.OnValidatePrincipal = AccountClaims.ValidateAsync;
        options.Events.OnRedirectToLogin = c => StatusOrRedirect(c, StatusCodes.Status401Unauthorized);
        options.Events.OnRedirectToAccessDenied = c => StatusOrRedirect(c, StatusCodes.Status403Forbidden);
    }

    /// <summary>Programs get a status; people get the sign-in page, or the plain status when signing in again would not help.</summary>
    private static Task StatusOrRedirect(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        var isMlflow = MlflowPaths.Owns(context.Request);
        if (status == StatusCodes.Status401Unauthorized && !isMlflow && !context.Request.Path.StartsWithSegments(ApiPath, StringComparison.Ordinal)) context.Response.Redirect(context.RedirectUri);
        else context.Response.StatusCode = status;
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = isMlflow ? BearerHandler.MlflowChallenge : BearerHandler.SchemeName;
        return Task.CompletedTask;
    }
}
