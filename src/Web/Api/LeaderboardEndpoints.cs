using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Api;

/// <summary>Leaderboards over REST.</summary>
public static class LeaderboardEndpoints
{
    public static void MapLeaderboards(this RouteGroupBuilder api)
    {
        var boards = api.MapGroup("/leaderboards").WithTags("Leaderboards");
        boards.MapGet("", ReadAsync).Invalid();
        boards.MapGet("/boards", BoardsAsync);
    }

    /// <summary>Read a leaderboard</summary>
    /// <remarks>Mean and spread over seeds for each technique, batch and other settings, how fast the target was reached, and differences to a baseline.</remarks>
    public static async Task<Ok<LeaderboardResource>> ReadAsync(
        [AsParameters] LeaderboardParameters parameters, ILeaderboards leaderboards, CancellationToken cancellationToken)
    {
        var (query, choice) = parameters.Read();
        return TypedResults.Ok(LeaderboardResource.From(LeaderboardRanking.Of(await leaderboards.ReadAsync(query, cancellationToken), choice)));
    }

    /// <summary>List the leaderboards that have results</summary>
    public static async Task<Ok<IReadOnlyList<BoardResource>>> BoardsAsync(ILeaderboards leaderboards, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<BoardResource>>([.. (await leaderboards.BoardsAsync(cancellationToken)).Select(b => new BoardResource(b.Network, b.Dataset, b.Runs))]);
}
