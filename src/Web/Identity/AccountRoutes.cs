namespace Tracker.Web.Identity;

public static class AccountRoutes
{
    public const string SignIn = "/sign-in";
    public const string SignOut = "/sign-out";
    public const string ReturnUrl = "returnUrl";
}
