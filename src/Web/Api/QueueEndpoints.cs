using Microsoft.AspNetCore.Http.HttpResults;
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
    public static async Task<Ok<QueueResource>> ReadAsync(
        IRuns runs, IQueue queue, CancellationToken cancellationToken, int limit = 100, string? cursor = null)
    {
        new Checks().Range(nameof(limit), limit, 1, MaxQueued).Throw();
        // The order is worked out anew each time, so a place is all that a cursor can hold.
        var offset = (int)Math.Min(Cursor.Decode(CursorName, cursor, 1)?[0] ?? 0, int.MaxValue);
        var counts = await runs.CountsAsync(cancellationToken);
        var active = await runs.ActiveAsync(cancellationToken);
        var view = await queue.ReadAsync(limit, offset, cancellationToken);
        var end = offset + view.Entries.Count;
        return TypedResults.Ok(QueueResource.From(counts, active, view, view.Entries.Count > 0 && end < view.Total ? Cursor.Encode(CursorName, end) : null));
    }
}
