namespace Tracker.Web.Identity;

public static class AccountRoutes
{
    public const string SignIn = "/sign-in";
    public const string SignOut = "/sign-out";
    public const string ChangePassword = "/sign-in/password";

    /// <summary>Where the button of the provider posts to, and where the browser comes back to once the provider's answer is understood.</summary>
    public const string External = "/sign-in/external";

    /// <summary>Where the provider sends the browser.</summary>
    public const string ExternalCallback = "/sign-in/callback";
    public const string LinkExternal = "/settings/external";
    public const string UnlinkExternal = "/settings/external/disconnect";

    /// <summary>The parameter that tells how a sign-in with the provider ended.</summary>
    public const string ExternalOutcome = "external";
    public const string ReturnUrl = "returnUrl";
    public const string Settings = "/settings";
    public const string Password = "/settings/password";
    public const string Everywhere = "/settings/sign-out-everywhere";

    /// <summary>The parameter of the settings page that tells that other sessions were ended, and its value.</summary>
    public const string SessionsOutcome = "sessions";
    public const string SessionsEnded = "ended";

    /// <summary>The parameter of the settings page that tells how a change of the password ended, and its values.</summary>
    public const string PasswordOutcome = "password";
    public const string PasswordChanged = "changed";
    public const string WrongPassword = "wrong";
    public const string WeakPassword = "weak";
}
