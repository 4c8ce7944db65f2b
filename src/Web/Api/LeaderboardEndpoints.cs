using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Storage;
using Tracker.Web.Tables;
using Tracker.Web.Views;

namespace Tracker.Web.Api;

/// <summary>Leaderboards over REST.</summary>
public static class LeaderboardEndpoints
{
    private const string Csv = "text/csv";
    private const string Markdown = "text/markdown";
    private const string Latex = "application/x-tex";

    public static void MapLeaderboards(this RouteGroupBuilder api)
    {
        var boards = api.MapGroup("/leaderboards").WithTags("Leaderboards").Costs(Cost.Reading);
        boards.MapGet("", ReadAsync).Invalid();
        boards.MapGet("/boards", BoardsAsync);
        var texts = api.MapGroup("").WithTags("Leaderboards").Invalid();
        texts.MapGet("/leaderboards.csv", CsvAsync).Produces<string>(200, Csv);
        texts.MapGet("/leaderboards.md", MarkdownAsync).Produces<string>(200, Markdown);
        texts.MapGet("/leaderboards.tex", LatexAsync).Produces<string>(200, Latex);
    }

    /// <summary>Read a leaderboard</summary>
    /// <remarks>Mean and spread over seeds for each technique, batch and other settings, how fast the target was reached, and differences to a baseline. Runs that programs outside report stand beside as rows of their own, and are not timed.</remarks>
    public static async Task<Ok<LeaderboardResource>> ReadAsync(
        [AsParameters] LeaderboardParameters parameters, ILeaderboards leaderboards, CancellationToken cancellationToken)
    {
        return TypedResults.Ok(LeaderboardResource.From(await RankAsync(parameters, leaderboards, cancellationToken)));
    }

    /// <summary>Read a leaderboard as CSV</summary>
    /// <remarks>A row for each; accuracies as shares, unrounded. A text that a spreadsheet would take for a formula has an apostrophe before it.</remarks>
    public static async Task<ContentHttpResult> CsvAsync(
        [AsParameters] LeaderboardParameters parameters, ILeaderboards leaderboards, CancellationToken cancellationToken) =>
        TypedResults.Text(LeaderboardText.Csv(await RankAsync(parameters, leaderboards, cancellationToken)), TextType.Utf8(Csv));

    /// <summary>Read a leaderboard as Markdown</summary>
    public static async Task<ContentHttpResult> MarkdownAsync(
        [AsParameters] LeaderboardParameters parameters, ILeaderboards leaderboards, CancellationToken cancellationToken) =>
        TypedResults.Text(LeaderboardText.Markdown(await RankAsync(parameters, leaderboards, cancellationToken)), TextType.Utf8(Markdown));

    /// <summary>Read a leaderboard as LaTeX</summary>
    /// <remarks>A tabular with the rules of the package booktabs.</remarks>
    public static async Task<ContentHttpResult> LatexAsync(
        [AsParameters] LeaderboardParameters parameters, ILeaderboards leaderboards, CancellationToken cancellationToken) =>
        TypedResults.Text(LeaderboardText.Latex(await RankAsync(parameters, leaderboards, cancellationToken)), TextType.Utf8(Latex));

    /// <summary>List the leaderboards that have results</summary>
    public static async Task<Ok<IReadOnlyList<BoardResource>>> BoardsAsync(ILeaderboards leaderboards, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<BoardResource>>([.. (await leaderboards.BoardsAsync(cancellationToken)).Select(b => new BoardResource(b.Network, b.Dataset, b.Runs, b.External))]);

    private static async Task<LeaderboardRanking> RankAsync(LeaderboardParameters parameters, ILeaderboards leaderboards, CancellationToken cancellationToken)
    {
        var (query, choice) = parameters.Read();
        var board = await leaderboards.ReadAsync(query, cancellationToken);
        if (board.Rows.Count == 0) LeaderboardParameters.RequireKnown(query);
        return LeaderboardRanking.Of(board, choice);
    }
}
