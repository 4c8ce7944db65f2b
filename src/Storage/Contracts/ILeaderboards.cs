using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>A network and a data set that have finished runs.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="Runs">How many runs have finished, those of programs outside among them.</param>
/// <param name="External">How many of these a program outside reported.</param>
public sealed record Board(string Network, string Dataset, int Runs, int External = 0);

/// <summary>What the runs of one row share: everything of their experiment but the seed.</summary>
/// <param name="Method">The method.</param>
/// <param name="Batch">The batch.</param>
/// <param name="SmallBatch">The small batch to which the method refers.</param>
/// <param name="GhostBatch">The ghost batch, if the method has one.</param>
/// <param name="Epochs">Epochs of the small batch's regime.</param>
/// <param name="TrainExamples">Training images used.</param>
/// <param name="LearningRate">The small batch's initial learning rate.</param>
/// <param name="WeightDecay">Weight decay.</param>
/// <param name="Momentum">Momentum.</param>
/// <param name="Clip">Threshold of gradient clipping; 0 for none.</param>
/// <param name="Scaling">How <c>+lr</c> scales the rate.</param>
/// <param name="Variant">Every other setting that has not its default, in words.</param>
public sealed record ExperimentSettings(
    Method Method, int Batch, int SmallBatch, int? GhostBatch, int Epochs, int TrainExamples, double LearningRate, double WeightDecay, double Momentum,
    double Clip, LearningRateScaling Scaling, string Variant)
{
    /// <summary>What stands for the method of runs whose program stated none.</summary>
    public const string Logged = "logged";

    /// <summary>
    /// The method of runs that a program outside reports, as it wrote it, or <see cref="Logged"/>; <see langword="null"/> for the product's own.
    /// Of such runs numbers that were not stated are 0, and clipping, scaling and variant are not known.
    /// </summary>
    public string? Outside { get; init; }

    /// <summary>Whether <see cref="Method"/> was stated; otherwise it means nothing.</summary>
    public bool HasMethod => Outside is null || Outside == Method.ToString();

    /// <summary>A short name that stays the same as long as the settings do, for addresses.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{Method}|{Batch}|{SmallBatch}|{GhostBatch}|{Epochs}|{TrainExamples}|{LearningRate:R}|{WeightDecay:R}|{Momentum:R}|{Clip:R}|{Scaling}|{Variant}{(Outside is null ? "" : $"|outside|{Outside}")}"))))[..10];
}

/// <summary>How fast the runs of a row reached the target.</summary>
/// <param name="Reached">How many did; the means are over these.</param>
/// <param name="Steps">Mean number of weight updates until the first evaluation that reached it.</param>
/// <param name="Seconds">Mean seconds of training and evaluation until then, over those whose seconds count.</param>
/// <param name="StepsDeviation">Sample standard deviation of the steps.</param>
/// <param name="SecondsDeviation">Sample standard deviation of the seconds.</param>
public sealed record TargetTimes(int Reached, double? Steps, double? Seconds, double? StepsDeviation, double? SecondsDeviation)
{
    /// <summary>None reached it.</summary>
    public static readonly TargetTimes None = new(0, null, null, null, null);
}

/// <summary>
/// One row of a leaderboard: runs that differ in nothing but the seed, each experiment by its latest finished run. Runs of programs outside are rows of
/// their own; what their steps and seconds mean is not known, so that none is timed.
/// </summary>
/// <param name="Settings">What they share.</param>
/// <param name="Accuracy">Accuracy by the runs' selection rule over the finished seeds, as shares.</param>
/// <param name="Target">How fast they reached the target.</param>
/// <param name="Steps">Weight updates of a whole run.</param>
/// <param name="TrainSeconds">Mean seconds of training, over the runs whose seconds count.</param>
/// <param name="SamplesPerSecond">Mean training samples per second, over the same.</param>
/// <param name="Shared">How many finished runs shared a device with another run.</param>
/// <param name="Unfinished">Seeds that wait, run or are paused.</param>
/// <param name="Failed">Seeds that failed.</param>
/// <param name="RunIds">The finished runs by seed.</param>
/// <param name="Owners">Names of those who had them trained.</param>
/// <param name="FinishedAt">When the latest of them finished.</param>
public sealed record LeaderboardRow(
    ExperimentSettings Settings, SeedStatistics Accuracy, TargetTimes Target, long Steps, double? TrainSeconds, double? SamplesPerSecond, int Shared,
    int Unfinished, int Failed, IReadOnlyList<long> RunIds, IReadOnlyList<string> Owners, DateTimeOffset FinishedAt);

/// <summary>Part of a data set that runs were trained on.</summary>
/// <param name="TrainExamples">Training images.</param>
/// <param name="Rows">How many rows it has.</param>
public sealed record DataPart(int TrainExamples, int Rows);

/// <summary>The accuracy whose reaching is timed.</summary>
/// <param name="Accuracy">From 0 to 1.</param>
/// <param name="Rule">Where it comes from, in words.</param>
public sealed record TargetAccuracy(double Accuracy, string Rule);

/// <summary>The results of one network on one data set.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="Parts">The parts of the data that have results, largest first.</param>
/// <param name="Part">The part that the rows are about; <see langword="null"/> when they are about all.</param>
/// <param name="Target">The target; <see langword="null"/> without rows.</param>
/// <param name="Rows">Best mean first.</param>
public sealed record Leaderboard(
    string Network, string Dataset, IReadOnlyList<DataPart> Parts, int? Part, TargetAccuracy? Target, IReadOnlyList<LeaderboardRow> Rows);

/// <summary>Which leaderboard to read.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Dataset">Name of the data set.</param>
public sealed record LeaderboardQuery(string Network, string Dataset)
{
    /// <summary>Only rows with so many training images; the largest part when <see langword="null"/>.</summary>
    public int? TrainExamples { get; init; }

    /// <summary>Rows of all parts of the data, whatever <see cref="TrainExamples"/> says.</summary>
    public bool AllParts { get; init; }

    /// <summary>The target, from 0 to 1; see <see cref="Leaderboard.Target"/> for the one that is taken when this is <see langword="null"/>.</summary>
    public double? Target { get; init; }

    /// <summary>Whether seconds of runs that shared a device count. Alone they would have taken less time.</summary>
    public bool SharedSeconds { get; init; }
}

/// <summary>Compares experiments by their finished runs.</summary>
public interface ILeaderboards
{
    /// <summary>The networks and data sets that have results, most runs first.</summary>
    Task<IReadOnlyList<Board>> BoardsAsync(CancellationToken cancellationToken);

    /// <summary>One leaderboard; without rows when nothing has finished.</summary>
    Task<Leaderboard> ReadAsync(LeaderboardQuery query, CancellationToken cancellationToken);
}
