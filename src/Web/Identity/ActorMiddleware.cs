using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Tracker.Storage;
using Tracker.Web.Api;
using Tracker.Web.Mlflow;

namespace Tracker.Web.Identity;

public static class ActorMiddleware
{
    /// <summary>States on whose behalf each request is handled; comes after authentication.</summary>
    public static void UseActor(this WebApplication app) => app.Use(async (context, next) =>
    {
        Actor.Current = AccountClaims.ActorOf(context.User, AddressOf(context));
        if (MustChangePassword(context))
        {
            await LeadToChangeAsync(context);
            return;
        }
        // Before anything is bound or looked up, and on every address: what such a token cannot do does not depend on the endpoint.
        if (Actor.Current is { ReadOnly: true } && !IsReading(context)) await RefuseAsync(context);
        else await next(context);
    });

    private static Task RefuseAsync(HttpContext context) => MlflowPaths.Owns(context.Request)
        ? MlflowErrors.WriteAsync(context, MlflowCodes.PermissionDenied, "This token may only read. Make one with the scope write.")
        : Problem.ReadOnlyToken().ExecuteAsync(context);

    private static bool IsReading(HttpContext context)
    {
        var method = context.Request.Method;
        return HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method)
            || context.GetEndpoint()?.Metadata.GetMetadata<ReadsByPostAttribute>() is not null;
    }

    /// <summary>
    /// Before authentication: bounds how often somebody comes back from the provider, which makes the server ask it, and notes that a request begins. Those who
    /// send a name and a password are counted where it is checked.
    /// </summary>
    public static void UseSignInLimits(this WebApplication app) => app.Use((context, next) =>
    {
        context.RequestServices.GetRequiredService<OpenRequests>().Begin(context);
        var path = context.Request.Path;
        if ((path != AccountRoutes.External && path != AccountRoutes.ExternalCallback) || context.RequestServices.GetRequiredService<SignInLimits>().AllowAddress(context)) return next(context);
        return AccountEndpoints.TooMany(context, context.RequestServices.GetRequiredService<IAntiforgery>()).ExecuteAsync(context);
    });

    /// <summary>After authorization: ends what takes long when it may not go on.</summary>
    public static void UseOpenRequests(this WebApplication app) => app.Use((context, next) => context.RequestServices.GetRequiredService<OpenRequests>().RunAsync(context, next));

    /// <summary>Whether a session may do nothing yet but change its password, and wants something else.</summary>
    private static bool MustChangePassword(HttpContext context) => context.User.HasClaim(c => c.Type == AccountClaims.MustChangePassword)
        && context.Request.Path != AccountRoutes.ChangePassword && context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null;

    private static Task LeadToChangeAsync(HttpContext context)
    {
        if (MlflowPaths.Owns(context.Request)) return MlflowErrors.WriteAsync(context, MlflowCodes.PermissionDenied, "The password has to be changed first, on the sign-in page.");
        if (context.Request.Path.StartsWithSegments(AccountsSetup.ApiPath, StringComparison.Ordinal)) return Problem.PasswordChangeRequired().ExecuteAsync(context);
        context.Response.Redirect(AccountRoutes.ChangePassword);
        return Task.CompletedTask;
    }

    internal static string? AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString();
}

/// <summary>States of an endpoint that it changes nothing although it is asked by POST: interfaces of others search that way.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadsByPostAttribute : Attribute;
