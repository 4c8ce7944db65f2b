using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>The queue over REST.</summary>
public static class QueueEndpoints
{
    private const string CursorName = "queue";
    private const int MaxQueued = 1000;

    public static void MapQueue(this RouteGroupBuilder api) => api.MapGroup("").WithTags("Queue").MapGet("/queue", ReadAsync).Invalid();

    /// <summary>Read the queue</summary>
    /// <remarks>
    /// What trains, and what waits in the order in which it is expected to start, each with why it stands there and with estimates from
    /// the measured speed of like runs. Intervals hold four of five.
    /// </remarks>
    /// <param name="limit">1 to 1000 queued runs.</param>
    /// <param name="cursor">nextCursor of the answer before.</param>
    /// <param name="sweep">Only waiting runs of this sweep.</param>
    /// <param name="device">Only waiting runs for such a device: cpu or cuda.</param>
    public static async Task<Ok<QueueResource>> ReadAsync(
        IRuns runs, IQueue queue, CancellationToken cancellationToken, int limit = 100, string? cursor = null, long? sweep = null, string? device = null)
    {
        var isDevice = Words.TryParse<DeviceClass>(device, out var kind) && kind != DeviceClass.Any;
        new Checks().Range(nameof(limit), limit, 1, MaxQueued).Require(nameof(device), isDevice, $"Expected cpu or cuda, found '{device}'.").Throw();
        // The order is worked out anew each time, so a place is all that a cursor can hold.
        var offset = (int)Math.Min(Cursor.Decode(CursorName, cursor, 1)?[0] ?? 0, int.MaxValue - MaxQueued);
        var counts = await runs.CountsAsync(cancellationToken);
        var active = await runs.ActiveAsync(cancellationToken);
        var view = await queue.ReadAsync(new(sweep, kind), limit, offset, cancellationToken);
        var end = offset + limit;
        return TypedResults.Ok(QueueResource.From(counts, active, view, end < view.Matching ? Cursor.Encode(CursorName, end) : null));
    }
}
