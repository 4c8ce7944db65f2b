using Tracker.Storage;

namespace Tracker.Web.Live;

/// <summary>
/// Leaderboards, read once for all who look at leaderboards and figures: their queries look at every run of a network. Runs change with every
/// step but have results only when they end, so no run's change makes an answer old, only its age does.
/// </summary>
public static class SharedBoards
{
    /// <summary>A page that follows every five seconds shows a result within ten.</summary>
    public static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(4);

    /// <summary>How often pages with results follow.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    public static Task<IReadOnlyList<Board>> BoardsAsync(this SharedReads reads, ILeaderboards boards, CancellationToken cancellationToken) =>
        reads.GetAsync("boards", LongestAge, Matters, boards.BoardsAsync, cancellationToken);

    public static Task<Leaderboard> BoardAsync(this SharedReads reads, ILeaderboards boards, LeaderboardQuery query, CancellationToken cancellationToken) =>
        reads.GetAsync(query, LongestAge, Matters, token => boards.ReadAsync(query, token), cancellationToken);

    // A sweep that was deleted has taken its results along.
    private static bool Matters(Change change) => change.Kind is ChangeKind.Sweep;
}
