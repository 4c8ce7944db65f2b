using System.Collections.Concurrent;
using Npgsql;
using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>What decides about a user's requests.</summary>
/// <param name="Id">The user.</param>
/// <param name="Name">Their name.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="Stamp">Changes with the password, and ends the sessions that have another one.</param>
/// <param name="Disabled">Whether they may not do anything.</param>
public sealed record AccountState(long Id, string Name, string Role, string? Stamp, bool Disabled);

/// <summary>A user's state has changed.</summary>
public sealed class AccountChangedEventArgs(long userId) : EventArgs
{
    public long UserId => userId;
}

/// <summary>
/// Users as they are now, for every request and every click: a role that was taken away ends what it allowed at once, not when a
/// session is renewed. What is kept for a few seconds is dropped when this process changes it, so only the changes of another
/// web process are seen that late.
/// </summary>
public sealed class AccountRegister(NpgsqlDataSource database, TimeProvider clock)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<long, (AccountState State, DateTimeOffset Read)> _known = new();

    /// <summary>Tells whose state has changed.</summary>
    public event EventHandler<AccountChangedEventArgs>? Changed;

    /// <summary>The user, or <see langword="null"/> when there is none. While the database is away, what was last known of them.</summary>
    public async Task<AccountState?> FindAsync(long userId, CancellationToken cancellationToken)
    {
        var known = _known.TryGetValue(userId, out var kept);
        if (known && clock.GetUtcNow() - kept.Read < s_kept) return kept.State;
        try
        {
            var state = await ReadAsync(userId, cancellationToken);
            if (state is null) _known.TryRemove(userId, out _);
            else _known[userId] = (state, clock.GetUtcNow());
            return state;
        }
        catch (Exception e) when (known && TransientErrors.IsTransient(e))
        {
            // Pages stay readable and say so themselves; nothing can be changed meanwhile.
            return kept.State;
        }
    }

    /// <summary>Has everyone see the user's new state at once.</summary>
    public void Forget(long userId)
    {
        _known.TryRemove(userId, out _);
        Changed?.Invoke(this, new(userId));
    }

    private async Task<AccountState?> ReadAsync(long userId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH seen AS (
              UPDATE users SET last_seen_at = now()
              WHERE id = @user AND disabled_at IS NULL AND (last_seen_at IS NULL OR last_seen_at < now() - interval '1 minute')
            )
            SELECT user_name, role, security_stamp, disabled_at IS NOT NULL FROM users WHERE id = @user
            """);
        command.Parameters.AddWithValue("user", userId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(userId, reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetBoolean(3))
            : null;
    }
}
