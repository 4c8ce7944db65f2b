using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>
/// Passwords that were right a moment ago. Programs that sign in by name and password send both with every request, and checking one takes as
/// long as it is meant to; only a keyed hash of it is kept, which a new password makes worthless.
/// </summary>
public sealed class BasicPasswords(TimeProvider clock)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(5);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<long, (byte[] Proof, DateTimeOffset Until)> _proven = new();

    /// <summary>Whether this password of the user was right within the last minutes, and both are as they were.</summary>
    public bool IsProven(TrackerUser user, string password) =>
        _proven.TryGetValue(user.Id, out var kept) && kept.Until > clock.GetUtcNow() && CryptographicOperations.FixedTimeEquals(kept.Proof, Proof(user, password));

    /// <summary>Remembers that it is right.</summary>
    public void Prove(TrackerUser user, string password) => _proven[user.Id] = (Proof(user, password), clock.GetUtcNow() + s_kept);

    private byte[] Proof(TrackerUser user, string password) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{user.PasswordHash}\n{user.SecurityStamp}\n{password}"));
}

/// <summary>Signs programs in by name and password; attempts count as those of the sign-in page do.</summary>
public sealed class BasicSignIn(UserManager<TrackerUser> users, BasicPasswords proven, PasswordCheck passwords)
{
    /// <summary>The user, or <see langword="null"/> when name or password is wrong or has to be changed, the account is locked or it is disabled.</summary>
    public async Task<TrackerUser?> FindAsync(string name, string password, HttpContext context)
    {
        var known = name.Contains('\0') ? null : await users.FindByNameAsync(name);
        if (known is not { PasswordHash: not null } || !proven.IsProven(known, password))
        {
            var (_, found) = await passwords.TryAsync(name, password, context, ActorVia.Token, context.RequestAborted);
            if (found is null) return null;
            proven.Prove(found, password);
            known = found;
        }
        return known is { DisabledAt: null, MustChangePassword: false } ? known : null;
    }
}
