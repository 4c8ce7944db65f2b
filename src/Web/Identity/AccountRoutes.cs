namespace Tracker.Web.Identity;

public static class AccountRoutes
{
    public const string SignIn = "/sign-in";
    public const string SignOut = "/sign-out";
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
