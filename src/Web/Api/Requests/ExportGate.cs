using System.Globalization;
using System.Threading.RateLimiting;

namespace Tracker.Web.Api;

/// <summary>Lets each user have a few large files at a time: each holds a connection of the database until it is read to its end.</summary>
public sealed class ExportGate : IDisposable
{
    private const int AtOnce = 2;
    private const int RetryAfterSeconds = 5;

    private readonly PartitionedRateLimiter<HttpContext> _files = PartitionedRateLimiter.Create<HttpContext, long>(
        context => RateLimitPartition.GetConcurrencyLimiter(context.User.UserId(), _ => new() { PermitLimit = AtOnce, QueueLimit = 0 }));

    /// <summary>Answers 429 to whoever has enough of them.</summary>
    public static ValueTask<object?> EnterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var response = context.HttpContext.Response;
        var lease = context.HttpContext.RequestServices.GetRequiredService<ExportGate>()._files.AttemptAcquire(context.HttpContext);
        // The file is written after this filter.
        response.RegisterForDispose(lease);
        if (lease.IsAcquired) return next(context);
        response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return ValueTask.FromResult<object?>(Problem.Of(
            StatusCodes.Status429TooManyRequests, $"You are reading {AtOnce} files already. Try again when one of them is complete, or end it."));
    }

    public void Dispose() => _files.Dispose();
}
