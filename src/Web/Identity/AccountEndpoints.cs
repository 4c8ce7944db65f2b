using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Web.Hosting;

namespace Tracker.Web.Identity;

/// <summary>The sign-in page, and what its form, the sign-out button and the password form post to.</summary>
public static class AccountEndpoints
{
    private const int MaxFieldLength = 1000;

    public static void MapAccounts(this WebApplication app)
    {
        var group = app.MapGroup("").ExcludeFromDescription();
        group.MapGet(AccountRoutes.SignIn, ShowAsync).AllowAnonymous();
        group.MapPost(AccountRoutes.SignIn, SignInAsync).AllowAnonymous().DisableAntiforgery();
        group.MapPost(AccountRoutes.SignOut, SignOutAsync).AllowAnonymous().DisableAntiforgery();
        group.MapGet(AccountRoutes.ChangePassword, ShowChange).RequireAuthorization(Policies.Account);
        group.MapPost(AccountRoutes.ChangePassword, MakeChangeAsync).RequireAuthorization(Policies.Account).DisableAntiforgery();
        group.MapExternalSignIn();
        group.MapPost(AccountRoutes.Everywhere, EverywhereAsync).RequireAuthorization(Policies.Account).DisableAntiforgery();
        group.MapPost(AccountRoutes.Password, ChangePasswordAsync).RequireAuthorization(Policies.Account).DisableAntiforgery();
    }

    private static IResult ShowAsync(HttpContext context, IAntiforgery antiforgery, AccessSettings settings, string? returnUrl, string? external) =>
        context.User.Identity?.IsAuthenticated == true
            ? TypedResults.LocalRedirect(Local(returnUrl))
            : Page(context, antiforgery, new(returnUrl, null, settings.OAuth is { } provider ? ExternalEndpoints.Explain(external, provider.Name) : null), StatusCodes.Status200OK);

    private static async Task<IResult> SignInAsync(HttpContext context, IAntiforgery antiforgery, SignIn signIn)
    {
        var returnUrl = context.Request.Query[AccountRoutes.ReturnUrl].ToString();
        // Before the check of the form's token, which fails with a form that cannot be read.
        if (await FormAsync(context) is not { } form)
            return Page(context, antiforgery, new(returnUrl, null, "Name or password is wrong."), StatusCodes.Status401Unauthorized);
        if (!await antiforgery.IsRequestValidAsync(context))
            return Page(context, antiforgery, new(returnUrl, null, "The page was too old. Please sign in again."), StatusCodes.Status400BadRequest);

        var (name, password) = (form["name"].ToString().Trim(), form["password"].ToString());
        if (name.Length is 0 or > MaxFieldLength || password.Length is 0 or > MaxFieldLength)
            return Page(context, antiforgery, new(returnUrl, name, "Enter your name and your password."), StatusCodes.Status400BadRequest);

        var outcome = await signIn.TryAsync(name, password, remember: form["remember"] == "on", context.RequestAborted);
        if (outcome is SignInOutcome.LockedOut or SignInOutcome.TooMany)
        {
            var wait = outcome == SignInOutcome.LockedOut ? SignInLimits.LockedFor : TimeSpan.FromSeconds(SignInLimits.WindowSeconds);
            context.Response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
        return outcome switch
        {
            SignInOutcome.Done => TypedResults.LocalRedirect(Local(returnUrl)),
            SignInOutcome.LockedOut => Page(context, antiforgery,
                new(returnUrl, name, "Too many wrong passwords. Try again in 5 minutes."), StatusCodes.Status429TooManyRequests),
            SignInOutcome.TooMany => TooMany(context, antiforgery),
            SignInOutcome.Disabled => Page(context, antiforgery, new(returnUrl, name, "This account is disabled. Ask an admin."), StatusCodes.Status403Forbidden),
            _ => Page(context, antiforgery, new(returnUrl, name, "Name or password is wrong."), StatusCodes.Status401Unauthorized),
        };
    }

    /// <summary>The fields that were sent; nothing for what no browser sends, such as a NUL character in one, or parts that do not end.</summary>
    private static async Task<IFormCollection?> FormAsync(HttpContext context)
    {
        try
        {
            return context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        }
        catch (Exception e) when (e is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            return null;
        }
    }

    private static async Task<Results<RedirectHttpResult, ForbidHttpResult>> SignOutAsync(HttpContext context, SignIn signIn)
    {
        if (!SameOrigin.Allows(context.Request)) return TypedResults.Forbid();
        await signIn.EndAsync(context.User, context.RequestAborted);
        return TypedResults.LocalRedirect(AccountRoutes.SignIn);
    }

    private static async Task<IResult> ChangePasswordAsync(HttpContext context, IAntiforgery antiforgery, OwnPassword password)
    {
        if (!SameOrigin.Allows(context.Request)) return TypedResults.Forbid();
        if (await FormAsync(context) is not { } form)
            return TypedResults.LocalRedirect($"{AccountRoutes.Settings}?{AccountRoutes.PasswordOutcome}={AccountRoutes.WrongPassword}");
        try
        {
            var faults = await password.ChangeAsync(context.User, form["current"].ToString(), form["new"].ToString(), context.RequestAborted);
            var outcome = faults.Count == 0 ? AccountRoutes.PasswordChanged : faults.Any(f => f.Path == "current") ? AccountRoutes.WrongPassword : AccountRoutes.WeakPassword;
            return TypedResults.LocalRedirect($"{AccountRoutes.Settings}?{AccountRoutes.PasswordOutcome}={outcome}");
        }
        catch (LockedOutException e)
        {
            return Locked(context, antiforgery, e);
        }
    }

    private static RazorComponentResult<ChangePasswordPage> ShowChange(HttpContext context, IAntiforgery antiforgery) => ChangePage(context, antiforgery, null, StatusCodes.Status200OK);

    private static async Task<IResult> MakeChangeAsync(HttpContext context, IAntiforgery antiforgery, OwnPassword password)
    {
        if (await FormAsync(context) is not { } form || !await antiforgery.IsRequestValidAsync(context))
            return ChangePage(context, antiforgery, "The page was too old. Please try again.", StatusCodes.Status400BadRequest);
        try
        {
            var faults = await password.ChangeAsync(context.User, form["current"].ToString(), form["new"].ToString(), context.RequestAborted);
            return faults.Count == 0 ? TypedResults.LocalRedirect("/") : ChangePage(context, antiforgery, string.Join(' ', faults.Select(f => f.Message)), StatusCodes.Status400BadRequest);
        }
        catch (LockedOutException e)
        {
            return Locked(context, antiforgery, e);
        }
    }

    private static RazorComponentResult<ChangePasswordPage> Locked(HttpContext context, IAntiforgery antiforgery, LockedOutException locked)
    {
        context.Response.Headers.RetryAfter = locked.Seconds;
        return ChangePage(context, antiforgery, locked.Message, StatusCodes.Status429TooManyRequests);
    }

    private static RazorComponentResult<ChangePasswordPage> ChangePage(HttpContext context, IAntiforgery antiforgery, string? error, int status)
    {
        var form = antiforgery.GetAndStoreTokens(context);
        context.Response.Headers.CacheControl = "no-store";
        return new(new { UserName = context.User.Identity?.Name, Error = error, FieldName = form.FormFieldName, FieldValue = form.RequestToken }) { StatusCode = status, PreventStreamingRendering = true };
    }

    private static async Task<Results<RedirectHttpResult, ForbidHttpResult>> EverywhereAsync(HttpContext context, OwnPassword password)
    {
        if (!SameOrigin.Allows(context.Request)) return TypedResults.Forbid();
        await password.SignOutEverywhereAsync(context.User, context.RequestAborted);
        return TypedResults.LocalRedirect($"{AccountRoutes.Settings}?{AccountRoutes.SessionsOutcome}={AccountRoutes.SessionsEnded}");
    }

    /// <summary>Says on the page that there were too many attempts.</summary>
    internal static RazorComponentResult<SignInPage> TooMany(HttpContext context, IAntiforgery antiforgery) =>
        Page(context, antiforgery, new(null, null, "Too many attempts to sign in. Wait a minute."), StatusCodes.Status429TooManyRequests);

    private static RazorComponentResult<SignInPage> Page(HttpContext context, IAntiforgery antiforgery, SignInPage.Content content, int status)
    {
        content = content with { Provider = context.RequestServices.GetRequiredService<AccessSettings>().OAuth?.Name };
        var form = antiforgery.GetAndStoreTokens(context);
        context.Response.Headers.CacheControl = "no-store";
        return new(new { Shown = content, FieldName = form.FormFieldName, FieldValue = form.RequestToken }) { StatusCode = status, PreventStreamingRendering = true };
    }

    /// <summary>Only paths of this site: a link must not send people elsewhere after they signed in.</summary>
    internal static string Local(string? url) =>
        url is ['/', ..] && !url.StartsWith("//", StringComparison.Ordinal) && !url.StartsWith("/\\", StringComparison.Ordinal) && !url.Any(char.IsControl) ? url : "/";
}
