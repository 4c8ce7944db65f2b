using System.Security.Claims;
using Tracker.Web.Api;
using Tracker.Web.Identity;

namespace Tracker.Web.Webhooks;

/// <summary>Whose webhooks somebody sees.</summary>
/// <param name="Scope">The owner; <see langword="null"/> for those of everybody.</param>
public readonly record struct WebhookReader(long? Scope)
{
    public static WebhookReader Of(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new(user.IsInRole(Roles.Admin) ? null : user.UserId());
    }
}
