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
public sealed class BasicPasswords(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(5);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<long, Kept> _proven = new();

    // Few and for ever, so that made-up names take no memory; whoever shares one by chance waits for one check.
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Whether this password of the user was right or used within the last minutes, and both are as they were.</summary>
    public bool IsProven(TrackerUser user, string password)
    {
        if (!_proven.TryGetValue(user.Id, out var kept) || kept.Until <= clock.GetUtcNow() || !CryptographicOperations.FixedTimeEquals(kept.Proof, Proof(user, password))) return false;
        _proven.TryUpdate(user.Id, kept with { Until = clock.GetUtcNow() + s_kept }, kept);
        return true;
    }

    /// <summary>Waits for its turn to check a password: what asks at the same time with the same one finds it checked.</summary>
    public async Task<IDisposable> EnterAsync(string name, string password, CancellationToken cancellationToken)
    {
        var gate = _gates[HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{name}\n{password}"))[0] % _gates.Length];
        await gate.WaitAsync(cancellationToken);
        return new Turn(gate);
    }

    public void Dispose()
    {
        foreach (var gate in _gates) gate.Dispose();
    }

    /// <summary>Remembers that it is right.</summary>
    public void Prove(TrackerUser user, string password) => _proven[user.Id] = new(Proof(user, password), clock.GetUtcNow() + s_kept);

    private byte[] Proof(TrackerUser user, string password) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{user.PasswordHash}\n{user.SecurityStamp}\n{password}"));

    private sealed record Kept(byte[] Proof, DateTimeOffset Until);

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}

/// <summary>Signs programs in by name and password; attempts count as those of the sign-in page do.</summary>
public sealed class BasicSignIn(UserManager<TrackerUser> users, BasicPasswords proven, PasswordCheck passwords)
{
    /// <summary>How it ended, and the user when it ended well; one whose password has to be changed is refused as with a wrong one.</summary>
    public async Task<(SignInOutcome Outcome, TrackerUser? User)> FindAsync(string name, string password, HttpContext context)
    {
        var known = name.Contains('\0') ? null : await users.FindByNameAsync(name);
        if (!IsProven(known, password))
        {
            using var turn = await proven.EnterAsync(name, password, context.RequestAborted);
            if (!IsProven(known, password))
            {
                var (outcome, found) = await passwords.TryAsync(name, password, context, ActorVia.Token, context.RequestAborted);
                if (found is null) return (outcome, null);
                proven.Prove(found, password);
                known = found;
            }
        }
        return known is { DisabledAt: null, MustChangePassword: false } ? (SignInOutcome.Done, known) : (SignInOutcome.WrongNameOrPassword, null);
    }

    private bool IsProven(TrackerUser? user, string password) => user is { PasswordHash: not null } && proven.IsProven(user, password);
}
