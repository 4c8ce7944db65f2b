using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Runs for TensorBoard.</summary>
public static class TensorBoardEndpoints
{
    private const string Bytes = "application/octet-stream";

    public static void MapTensorBoard(this RouteGroupBuilder run) =>
        run.MapGet("/tensorboard", ReadAsync).With(429).AddEndpointFilter(ExportGate.EnterAsync).Produces<Stream>(StatusCodes.Status200OK, Bytes);

    /// <summary>Read a run's series as an event file of TensorBoard</summary>
    /// <remarks>
    /// All points of all metrics, streamed, with values of 32 bits as TensorBoard has them; of several points at one step the last. Put the file
    /// into a folder of its own and start tensorboard --logdir on the folder above. Wall times are the run's start plus its active time. A
    /// connection that breaks off means that points are missing.
    /// </remarks>
    public static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ReadAsync(long id, IRuns runs, IExports exports, HttpContext context)
    {
        if (await runs.FindAsync(id, context.RequestAborted) is not { } run) return Problem.NotFound("run", id);
        var start = run.StartedAt ?? run.CreatedAt;
        var points = exports.PointsAsync(id, context.RequestAborted).GetAsyncEnumerator(context.RequestAborted);
        context.Response.RegisterForDisposeAsync(points);
        // The first point is fetched before the answer begins: that the database is away can then still be told.
        var any = await points.MoveNextAsync();
        return TypedResults.Stream(
            body => WriteAsync(body, start, points, any, context.RequestAborted), Bytes,
            string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{start.ToUnixTimeSeconds():D10}.run-{id}"));
    }

    private static async Task WriteAsync(Stream body, DateTimeOffset start, IAsyncEnumerator<ExportedPoint> points, bool any, CancellationToken cancellationToken)
    {
        var file = new EventFileWriter(body);
        var seconds = start.ToUnixTimeMilliseconds() / 1000.0;
        file.Begin(seconds);
        for (; any; any = await points.MoveNextAsync())
        {
            var point = points.Current;
            await file.WriteAsync(point.Metric, point.Step, seconds + (point.WallMs / 1000.0), point.Value, cancellationToken);
        }
        await file.FlushAsync(cancellationToken);
    }
}
