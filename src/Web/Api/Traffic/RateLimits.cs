using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Tracker.Web.Hosting;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>What an endpoint takes of the server beside a request.</summary>
public enum Cost
{
    /// <summary>A look at many rows.</summary>
    Reading,

    /// <summary>A connection for as long as the client likes.</summary>
    Stream,

    /// <summary>A request to a server elsewhere, which may take its time to answer.</summary>
    Sending,
}

/// <summary>How often a token, a session or a stranger may ask, and how much at once.</summary>
public static class RateLimits
{
    /// <summary>Costly readings of one user that go on at once; the next ones wait.</summary>
    public const int ReadingsAtOnce = 8;

    /// <summary>Streams of one user.</summary>
    public const int StreamsAtOnce = 10;

    /// <summary>Requests to servers elsewhere that one user may have under way.</summary>
    public const int SendingsAtOnce = 2;

    private const int ReadingsWaiting = 64;

    /// <summary>So many seconds' worth may come at once.</summary>
    private const int BurstSeconds = 4;

    private const int PeriodsASecond = 4;

    /// <summary>Strangers only learn that they need a token.</summary>
    private const int StrangersShare = 20;

    private const int LeastRetrySeconds = 1;

    private sealed record CostOf(Cost Cost);

    /// <summary>States what the endpoint costs.</summary>
    internal static T Costs<T>(this T builder, Cost cost) where T : IEndpointConventionBuilder => builder.WithMetadata(new CostOf(cost));

    public static void AddRateLimits(this IServiceCollection services, ApiSettings settings) => services.AddRateLimiter(o =>
    {
        o.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        o.OnRejected = RejectAsync;
        o.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(context => Pace(context, settings.RateLimit)),
            PartitionedRateLimiter.Create<HttpContext, string>(Share));
    });

    /// <summary>Comes after authentication, since each user has limits of their own, and before authorization, which would tell strangers off for nothing.</summary>
    public static void UseRateLimits(this WebApplication app) => app.UseRateLimiter();

    private static RateLimitPartition<string> Pace(HttpContext context, int limit)
    {
        if (limit == 0 || !ApiTraffic.IsApi(context)) return RateLimitPartition.GetNoLimiter("");
        return AccountClaims.ActorOf(context.User, null) is { } actor
            ? RateLimitPartition.GetTokenBucketLimiter($"{actor.UserId} {actor.Token}", _ => Bucket(limit))
            : RateLimitPartition.GetTokenBucketLimiter($"from {context.Connection.RemoteIpAddress}", _ => Bucket(Math.Max(1, limit / StrangersShare)));
    }

    private static TokenBucketRateLimiterOptions Bucket(int limit) => new()
    {
        TokenLimit = limit * BurstSeconds, AutoReplenishment = true, QueueLimit = 0,
        // Slow rates are filled once a second, so that a period always brings a whole request.
        TokensPerPeriod = limit < PeriodsASecond ? limit : limit / PeriodsASecond,
        ReplenishmentPeriod = limit < PeriodsASecond ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(1.0 / PeriodsASecond),
    };

    private static RateLimitPartition<string> Share(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<CostOf>() is not { } stated || AccountClaims.IdOf(context.User) is not { } user) return RateLimitPartition.GetNoLimiter("");
        return RateLimitPartition.GetConcurrencyLimiter($"{stated.Cost} {user}", _ => stated.Cost switch
        {
            Cost.Stream => new() { PermitLimit = StreamsAtOnce, QueueLimit = 0 },
            Cost.Sending => new() { PermitLimit = SendingsAtOnce, QueueLimit = 0 },
            _ => new() { PermitLimit = ReadingsAtOnce, QueueLimit = ReadingsWaiting },
        });
    }

    /// <summary>What is said is written by what turns statuses into answers: it differs between the interfaces.</summary>
    private static ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? (int)Math.Ceiling(time.TotalSeconds) : LeastRetrySeconds;
        rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(LeastRetrySeconds, wait).ToString(CultureInfo.InvariantCulture);
        return ValueTask.CompletedTask;
    }
}
