using Tracker.Storage;
using Tracker.Web.Api;

namespace Tracker.Web.Identity;

public static class ActorMiddleware
{
    /// <summary>States on whose behalf each request is handled; comes after authentication.</summary>
    public static void UseActor(this WebApplication app) => app.Use(async (context, next) =>
    {
        Actor.Current = AccountClaims.ActorOf(context.User, AddressOf(context));
        // Before anything is bound or looked up, and on every address: what such a token cannot do does not depend on the endpoint.
        if (Actor.Current is { ReadOnly: true } && !IsReading(context.Request.Method)) await Problem.ReadOnlyToken().ExecuteAsync(context);
        else await next(context);
    });

    private static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    internal static string? AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString();
}
