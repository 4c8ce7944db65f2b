using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>What decides about a user's requests.</summary>
/// <param name="Id">The user.</param>
/// <param name="Name">Their name.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="Stamp">Changes with the password, and ends the sessions that have another one.</param>
/// <param name="Disabled">Whether they may not do anything.</param>
/// <param name="Service">Whether it is a program's account.</param>
/// <param name="MustChangePassword">Whether sessions may do nothing before the password is another one.</param>
public sealed record AccountState(long Id, string Name, string Role, string? Stamp, bool Disabled, bool Service = false, bool MustChangePassword = false)
{
    /// <summary>Sessions that the user has ended, as <see cref="AccountClaims.Session"/> names them.</summary>
    public IReadOnlyCollection<string> EndedSessions { get; init; } = [];
}

/// <summary>A user's state has changed.</summary>
public sealed class AccountChangedEventArgs(long userId) : EventArgs
{
    public long UserId => userId;
}

/// <summary>
/// Users as they are now, for every request and every click: a role that was taken away ends what it allowed at once, not when a
/// session is renewed. What is kept for a few seconds is dropped when this process changes it, and when the database tells that another
/// process did.
/// </summary>
public sealed class AccountRegister(Func<long, CancellationToken, Task<AccountState?>> read, TimeProvider clock)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly Dictionary<long, (AccountState State, DateTimeOffset Read)> _known = [];
    private readonly Dictionary<long, int> _generations = [];

    /// <summary>Tells whose state has changed.</summary>
    public event EventHandler<AccountChangedEventArgs>? Changed;

    /// <summary>The user, or <see langword="null"/> when there is none. While the database is away, what was last known of them.</summary>
    public async Task<AccountState?> FindAsync(long userId, CancellationToken cancellationToken)
    {
        while (true)
        {
            AccountState? last = null;
            var (kept, generation) = Look(userId);
            if (kept is { } fresh && clock.GetUtcNow() - fresh.Read < s_kept) return fresh.State;
            try
            {
                var state = await read(userId, cancellationToken);
                // A read that a change overtook may have seen the user as they were before it: it counts for nothing.
                if (Keep(userId, state, generation)) return state;
            }
            catch (Exception e) when (TransientErrors.IsTransient(e) && (last = Look(userId).Kept?.State) is not null)
            {
                // Pages stay readable and say so themselves; nothing can be changed meanwhile.
                return last;
            }
        }
    }

    /// <summary>Has everyone see the user's new state at once.</summary>
    public void Forget(long userId)
    {
        lock (_gate)
        {
            _known.Remove(userId);
            _generations[userId] = _generations.GetValueOrDefault(userId) + 1;
        }
        Changed?.Invoke(this, new(userId));
    }

    /// <summary>Has everyone see all users anew, because changes may have been missed.</summary>
    public void ForgetAll()
    {
        List<long> users;
        lock (_gate) users = [.. _known.Keys];
        foreach (var user in users) Forget(user);
    }

    private ((AccountState State, DateTimeOffset Read)? Kept, int Generation) Look(long userId)
    {
        lock (_gate) return (_known.TryGetValue(userId, out var kept) ? kept : null, _generations.GetValueOrDefault(userId));
    }

    private bool Keep(long userId, AccountState? state, int generation)
    {
        lock (_gate)
        {
            if (_generations.GetValueOrDefault(userId) != generation) return false;
            if (state is null) _known.Remove(userId);
            else _known[userId] = (state, clock.GetUtcNow());
            return true;
        }
    }
}
