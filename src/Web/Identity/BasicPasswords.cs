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

/// <summary>Signs programs in by name and password; failures count towards the lock as those of the sign-in page do.</summary>
public sealed class BasicSignIn(
    SignInManager<TrackerUser> manager, UserManager<TrackerUser> users, IPasswordHasher<TrackerUser> hasher, BasicPasswords proven, IAudit audit)
{
    private static readonly TrackerUser s_nobody = new();
    private static string? s_nobodysHash;

    /// <summary>The user, or <see langword="null"/> when name or password is wrong, the account is locked or it is disabled.</summary>
    public async Task<TrackerUser?> FindAsync(string name, string password, string? address, CancellationToken cancellationToken)
    {
        if (name.Contains('\0') || await users.FindByNameAsync(name) is not { } user)
        {
            // As slow as for a name that exists, so that the time does not tell which names do.
            hasher.VerifyHashedPassword(s_nobody, s_nobodysHash ??= hasher.HashPassword(s_nobody, "nobody's password"), password);
            await RecordAsync("sign-in.failed", null, address, cancellationToken);
            return null;
        }
        if (proven.IsProven(user, password)) return user.DisabledAt is null ? user : null;
        var wasLocked = await users.IsLockedOutAsync(user);
        var result = await manager.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (result.Succeeded && user.DisabledAt is null)
        {
            proven.Prove(user, password);
            await RecordAsync("sign-in.ok", user, address, cancellationToken);
            return user;
        }
        await RecordAsync(result.Succeeded ? "sign-in.disabled" : result.IsLockedOut && !wasLocked ? "sign-in.locked-out" : "sign-in.failed", user, address, cancellationToken);
        return null;
    }

    private Task RecordAsync(string action, TrackerUser? user, string? address, CancellationToken cancellationToken)
    {
        var known = action == "sign-in.ok" ? user : null;
        Actor.Current = new(known?.Id, known?.UserName ?? "not signed in", ActorVia.Token) { Address = address };
        return audit.RecordAsync(new(action, "user", user?.Id, user?.UserName), cancellationToken);
    }
}
