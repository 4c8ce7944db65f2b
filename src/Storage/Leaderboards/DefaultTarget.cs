using Tracker.Domain;

namespace Tracker.Storage.Leaderboards;

/// <summary>The accuracy whose reaching is timed when nobody chose one: what the small batch reaches in most of its runs.</summary>
internal static class DefaultTarget
{
    /// <summary>A tenth of a percentage point: a target that people can read, below the number it comes from.</summary>
    private const double Grain = 0.001;

    public static TargetAccuracy? Of(IReadOnlyList<LeaderboardRow> rows)
    {
        if (rows.Count == 0) return null;
        if (rows.Any(r => r.Settings.Outside is null)) rows = [.. rows.Where(r => r.Settings.Outside is null)];
        else return new(Median(rows), "median of the rows, rounded down: all are from outside");
        var small = rows.Where(r => r.Settings.Method == Method.SmallBatchOnly).OrderByDescending(r => r.Accuracy.Count).ThenByDescending(r => r.FinishedAt).FirstOrDefault();
        if (small is { Accuracy: { StandardDeviation: { } deviation } accuracy }) return new(Round(accuracy.Mean - deviation), "mean of SB minus one std, rounded down");
        if (small is not null) return new(Round(small.Accuracy.Mean), "accuracy of SB, rounded down");
        return new(Median(rows), "median of the rows, rounded down: there is no SB");
    }

    private static double Median(IReadOnlyList<LeaderboardRow> rows)
    {
        var means = rows.Select(r => r.Accuracy.Mean).Order().ToArray();
        return Round(means[(means.Length - 1) / 2]);
    }

    private static double Round(double share) => Math.Round(Math.Max(0, Math.Floor(share / Grain + 1e-9)) * Grain, 3);
}
