using Microsoft.AspNetCore.Identity;
using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>Signs people in with a browser by name and password, and out.</summary>
public sealed class SignIn(SignInManager<TrackerUser> manager, PasswordCheck passwords, IAudit audit, IHttpContextAccessor accessor)
{
    public async Task<SignInOutcome> TryAsync(string name, string password, bool remember, CancellationToken cancellationToken)
    {
        var (outcome, user) = await passwords.TryAsync(name, password, accessor.HttpContext!, ActorVia.Session, cancellationToken);
        if (user is not null) await manager.SignInAsync(user, remember);
        return outcome;
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (Actor.Current is { UserId: { } id, Name: var name }) await audit.RecordAsync(new("sign-out", "user", id, name), cancellationToken);
        await manager.SignOutAsync();
    }
}
