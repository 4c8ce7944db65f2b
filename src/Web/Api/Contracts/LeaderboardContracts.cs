using Tracker.Web.Views;

namespace Tracker.Web.Api;

/// <summary>A network and a data set that have finished runs.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="Runs">How many runs have finished, those of programs outside among them.</param>
/// <param name="External">How many of these a program outside reported.</param>
public sealed record BoardResource(string Network, string Dataset, int Runs, int External);

/// <summary>The finished runs of a network on a data set, compared. Accuracies are shares, from 0 to 1.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="Parts">Numbers of training images that have results, largest first.</param>
/// <param name="TrainExamples">The one that the rows are about; null when they are about all.</param>
/// <param name="Target">The accuracy whose reaching is timed.</param>
/// <param name="TargetRule">Where the target comes from.</param>
/// <param name="Baseline">Id of the row that others are compared with.</param>
/// <param name="Rows">The baseline first, then the others in order.</param>
public sealed record LeaderboardResource(
    string Network, string Dataset, IReadOnlyList<int> Parts, int? TrainExamples, double? Target, string? TargetRule, string? Baseline, IReadOnlyList<LeaderboardRowResource> Rows)
{
    public static LeaderboardResource From(LeaderboardRanking r) => new(
        r.Board.Network, r.Board.Dataset, [.. r.Board.Parts.Select(p => p.TrainExamples)], r.Board.Part, r.Board.Target?.Accuracy, r.Board.Target?.Rule,
        r.Baseline?.Settings.Id, [.. r.Rows.Select(LeaderboardRowResource.From)]);
}

/// <summary>Runs that differ in nothing but the seed, each experiment by its latest finished run.</summary>
/// <param name="Id">Stays the same as long as the settings do.</param>
/// <param name="External">Whether a program outside reported these runs: they are rows of their own, and numbers that it did not state are 0.</param>
/// <param name="Method">The method, as specifications write it; of runs from outside what their program wrote, or "logged".</param>
/// <param name="Technique">What people call it.</param>
/// <param name="Batch">The batch.</param>
/// <param name="SmallBatch">The small batch to which the method refers.</param>
/// <param name="GhostBatch">The ghost batch.</param>
/// <param name="Epochs">Epochs of the small batch's regime.</param>
/// <param name="TrainExamples">Training images used.</param>
/// <param name="Settings">The settings that tell the row from the others.</param>
/// <param name="Seeds">How many finished seeds mean and spread rest on.</param>
/// <param name="Mean">Mean accuracy.</param>
/// <param name="Std">Sample standard deviation over seeds; null for fewer than two.</param>
/// <param name="Best">The best seed.</param>
/// <param name="Comparison">Against the baseline.</param>
/// <param name="Reached">How many seeds reached the target.</param>
/// <param name="StepsToTarget">Mean weight updates until the first evaluation that reached it, over those.</param>
/// <param name="SecondsToTarget">Mean seconds of training and evaluation until then, over those whose seconds count.</param>
/// <param name="Steps">Weight updates of a whole run.</param>
/// <param name="TrainSeconds">Mean seconds of training, over the runs whose seconds count.</param>
/// <param name="SamplesPerSecond">Mean training samples per second, over the same.</param>
/// <param name="SharedRuns">How many of the runs shared a device with another one.</param>
/// <param name="Unfinished">Seeds that wait, run or are paused.</param>
/// <param name="Failed">Seeds that failed.</param>
/// <param name="RunIds">The finished runs by seed.</param>
/// <param name="Owners">Who had them trained.</param>
/// <param name="FinishedAt">When the latest of them finished.</param>
public sealed record LeaderboardRowResource(
    string Id, bool External, string Method, string Technique, int Batch, int SmallBatch, int? GhostBatch, int Epochs, int TrainExamples, string Settings, int Seeds, double Mean,
    double? Std, double Best, ComparisonResource? Comparison, int Reached, double? StepsToTarget, double? SecondsToTarget, long Steps, double? TrainSeconds,
    double? SamplesPerSecond, int SharedRuns, int Unfinished, int Failed, IReadOnlyList<long> RunIds, IReadOnlyList<string> Owners, DateTimeOffset FinishedAt)
{
    public static LeaderboardRowResource From(RankedRow r)
    {
        var (s, row) = (r.Settings, r.Row);
        return new(
            s.Id, r.Outside, s.Outside ?? s.Method.ToString(), r.Technique.Name, s.Batch, s.SmallBatch, s.GhostBatch, s.Epochs, s.TrainExamples, r.Details, row.Accuracy.Count, row.Accuracy.Mean,
            row.Accuracy.StandardDeviation, row.Accuracy.Best, ComparisonResource.From(r.Comparison), row.Target.Reached, row.Target.Steps, row.Target.Seconds, row.Steps,
            row.TrainSeconds, row.SamplesPerSecond, row.Shared, row.Unfinished, row.Failed, row.RunIds, row.Owners, row.FinishedAt);
    }
}

/// <summary>A row against the baseline.</summary>
/// <param name="Difference">Mean minus the baseline's mean.</param>
/// <param name="T">Welch's t; null when the test cannot be made.</param>
/// <param name="DegreesOfFreedom">Its degrees of freedom.</param>
/// <param name="P">Two-sided p-value.</param>
/// <param name="CorrectedP">The p-value by Holm's correction over the rows of the answer.</param>
public sealed record ComparisonResource(double Difference, double? T, double? DegreesOfFreedom, double? P, double? CorrectedP)
{
    public static ComparisonResource? From(Comparison? c) =>
        c is null ? null : new(c.Difference, c.Test?.T, c.Test?.DegreesOfFreedom, c.Test?.PValue, c.Corrected);
}
