using System.Globalization;
using System.Threading.RateLimiting;
using Tracker.Web.Hosting;

namespace Tracker.Web.Identity;

/// <summary>
/// How often somebody may try to sign in, by address and by name, whether the password is right or wrong. It bounds what guessing costs the server and how fast
/// it goes; the lock of an account after five wrong passwords is another matter.
/// </summary>
public sealed class SignInLimits(AccessSettings settings) : IDisposable
{
    public const int WindowSeconds = 60;

    /// <summary>As many wrong passwords as lock an account: a name that nobody has is refused like one that somebody has.</summary>
    public const int WrongPasswords = 5;
    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(5);

    private readonly PartitionedRateLimiter<string> _addresses = Sliding(settings.SignInsPerMinute);
    private readonly PartitionedRateLimiter<string> _names = Sliding(Math.Max(1, settings.SignInsPerMinute / 3));
    private readonly PartitionedRateLimiter<string> _strangers = PartitionedRateLimiter.Create<string, string>(name => RateLimitPartition.GetFixedWindowLimiter(
        name, _ => new() { PermitLimit = WrongPasswords - 1, Window = LockedFor, QueueLimit = 0 }), StringComparer.Ordinal);

    /// <summary>Counts a visit of something that signs in; false when there were too many.</summary>
    public bool AllowAddress(HttpContext context)
    {
        if (Take(_addresses, ActorMiddleware.AddressOf(context) ?? "")) return true;
        context.Response.Headers.RetryAfter = WindowSeconds.ToString(CultureInfo.InvariantCulture);
        return false;
    }

    /// <summary>Counts an attempt with that name; false when there were too many.</summary>
    public bool AllowName(string name) => Take(_names, Key(name));

    /// <summary>Counts a wrong password for a name that nobody has; false when an account would be locked by now.</summary>
    public bool AllowStranger(string name) => Take(_strangers, Key(name));

    public void Dispose()
    {
        _addresses.Dispose();
        _names.Dispose();
        _strangers.Dispose();
    }

    private static bool Take(PartitionedRateLimiter<string> limiter, string key)
    {
        using var lease = limiter.AttemptAcquire(key);
        return lease.IsAcquired;
    }

    private static string Key(string name) => name.Trim().ToUpperInvariant();

    private static PartitionedRateLimiter<string> Sliding(int permits) => PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetSlidingWindowLimiter(
        key, _ => new() { PermitLimit = permits, Window = TimeSpan.FromSeconds(WindowSeconds), SegmentsPerWindow = 6, QueueLimit = 0 }), StringComparer.Ordinal);
}
