using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>Whoever acts may not do this; the message says why.</summary>
public sealed class AccessDeniedException(string message) : InvalidOperationException(message);

/// <summary>
/// Decides about every change, whether a page, a script of a page or a program asks for it: services that change something ask here
/// first. Endpoints and pages state their policies besides, and buttons that would be refused are not shown.
/// </summary>
public sealed class Access(AccountRegister accounts, IOwnership ownership)
{
    /// <summary>Lets who acts go on if their role, as it is now, and their token allow it.</summary>
    /// <exception cref="AccessDeniedException">They may not.</exception>
    public async Task<Actor> DemandAsync(string policy, CancellationToken cancellationToken) => (await FindAsync(policy, cancellationToken)).Actor;

    /// <summary>Whose webhooks who acts may change: their own, or all of them, which is <see langword="null"/>.</summary>
    /// <exception cref="AccessDeniedException">They may change none.</exception>
    public async Task<long?> DemandWebhooksAsync(CancellationToken cancellationToken)
    {
        var (actor, role) = await FindAsync(Policies.Act, cancellationToken);
        return role == Roles.Admin ? null : actor.UserId;
    }

    /// <summary>Only whoever submitted it, and admins, may delete a sweep or an experiment; with runs in it that others have reported, admins alone.</summary>
    /// <returns>False when there is no such thing.</returns>
    /// <exception cref="AccessDeniedException">Somebody else acts.</exception>
    public Task<bool> DemandDeletionOfSweepAsync(long sweepId, CancellationToken cancellationToken) =>
        DemandDeletionAsync(() => ownership.OfSweepAsync(sweepId, cancellationToken), cancellationToken);

    /// <summary>Only whoever submitted it, and admins, may delete a run.</summary>
    /// <returns>False when there is no such run.</returns>
    /// <exception cref="AccessDeniedException">Somebody else acts.</exception>
    public Task<bool> DemandDeletionOfRunAsync(long runId, CancellationToken cancellationToken) =>
        DemandDeletionAsync(() => ownership.OfRunAsync(runId, cancellationToken), cancellationToken);

    /// <summary>Lets who acts go on if they may give a token that scope.</summary>
    /// <exception cref="AccessDeniedException">They may not have it themselves.</exception>
    public async Task<Actor> DemandScopeAsync(string scope, string policy, CancellationToken cancellationToken)
    {
        var (actor, role) = await FindAsync(policy, cancellationToken);
        return TokenScopes.Offered(role, actor.Scope).Contains(scope)
            ? actor
            : throw new AccessDeniedException(actor.Scope is null
                ? "Only admins can make a token with the scope admin."
                : $"A token with the scope {actor.Scope} cannot make one with the scope {scope}.");
    }

    /// <summary>Why a member may not delete something; <see langword="null"/> when they may.</summary>
    public static string? Refusal(Holding holding, long? memberId) => holding switch
    {
        _ when holding.OwnerId is null || holding.OwnerId != memberId => "Members delete what they submitted themselves. Ask its owner or an admin.",
        { HoldsOthers: true } => "Others have reported runs in it, and members delete what they submitted themselves. Ask an admin.",
        _ => null,
    };

    private async Task<bool> DemandDeletionAsync(Func<Task<Holding?>> find, CancellationToken cancellationToken)
    {
        var (actor, role) = await FindAsync(Policies.Act, cancellationToken);
        if (await find() is not { } found) return false;
        if (role == Roles.Admin) return true;
        return Refusal(found, actor.UserId) is { } refusal ? throw new AccessDeniedException(refusal) : true;
    }

    private async Task<(Actor Actor, string Role)> FindAsync(string policy, CancellationToken cancellationToken)
    {
        var actor = Actor.Current ?? throw new AccessDeniedException("Nobody is signed in.");
        if (actor.ReadOnly) throw new AccessDeniedException(Policies.TokenRefusal(policy));
        if (actor.UserId is not { } userId || await accounts.FindAsync(userId, cancellationToken) is not { Disabled: false } state)
            throw new AccessDeniedException("Your account is disabled or was deleted. Ask an admin.");
        var role = TokenScopes.Lesser(state.Role, actor.Scope);
        if (Policies.Allows(policy, role)) return (actor, role);
        throw new AccessDeniedException(Policies.Allows(policy, state.Role) ? Policies.TokenRefusal(policy) : Policies.Refusal(policy));
    }
}
