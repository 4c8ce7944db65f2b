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

    internal static string? AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString();
}

/// <summary>States of an endpoint that it changes nothing although it is asked by POST: interfaces of others search that way.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadsByPostAttribute : Attribute;
