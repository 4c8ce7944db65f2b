using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Web.Live;

namespace Tracker.Web.Api;

/// <summary>Runs as they go, over REST.</summary>
public static class StreamEndpoints
{
    private const int MaxRuns = 200;

    public static void MapStream(this RouteGroupBuilder api) =>
        api.MapGroup("").WithTags("Runs").Invalid().Costs(Cost.Stream).MapGet("/stream", Follow);

    /// <summary>Follow runs</summary>
    /// <remarks>
    /// Server-sent events. First a `run` event for each run as it is; then one for each that changed state or progress, at most four times a second; `gone`
    /// for a run that there is not, or no longer; `heartbeat` when nothing happened for 15 seconds. After a loss of the connection connect again: everything
    /// is told anew. The stream ends after an hour, and when the token or session does. A user has at most ten at once.
    /// </remarks>
    /// <param name="runs">Ids of runs, separated by commas; at most 200.</param>
    public static ServerSentEventsResult<StreamedRun> Follow(string runs, HttpContext context, RunStream stream, CancellationToken cancellationToken)
    {
        var ids = runs.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(t => long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : -1).Distinct().ToList();
        new Checks()
            .Require(nameof(runs), ids.Count > 0 && !ids.Contains(-1), "Expected ids of runs, separated by commas.")
            .Require(nameof(runs), ids.Count <= MaxRuns, $"Expected at most {MaxRuns} runs, found {ids.Count}.")
            .Throw();
        return TypedResults.ServerSentEvents(stream.FollowAsync(ids, Credentials.Of(context), cancellationToken));
    }
}
