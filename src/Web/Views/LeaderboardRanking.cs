using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Parts;

namespace Tracker.Web.Views;

/// <summary>Which rows of a leaderboard to show, and how. What is <see langword="null"/> does not restrict.</summary>
/// <param name="Technique">Only rows of this method, as specifications write it.</param>
/// <param name="Batch">Only rows with this batch.</param>
/// <param name="Owner">Only rows that this person had a run of.</param>
/// <param name="Order">The order.</param>
/// <param name="Baseline">Id of the row that others are compared with; it is shown whatever the filters say.</param>
public sealed record LeaderboardChoice(string? Technique, int? Batch, string? Owner, LeaderboardOrder Order, string? Baseline);

/// <summary>A row against the baseline.</summary>
/// <param name="Difference">Mean minus the baseline's mean, as a share.</param>
/// <param name="Test">Welch's test; <see langword="null"/> when it cannot be made.</param>
/// <param name="Corrected">Its p-value by Holm's correction over the rows shown.</param>
public sealed record Comparison(double Difference, WelchTest? Test, double? Corrected)
{
    public const double Level = 0.05;
    public const double StrictLevel = 0.01;

    public bool Significant => Corrected < Level;

    /// <summary>Two stars below the strict level, one below the other.</summary>
    public string Mark => Corrected < StrictLevel ? "**" : Significant ? "*" : "";

    /// <summary>The test in a sentence.</summary>
    public string Sentence => Test is null
        ? "No test: it takes two seeds in both rows, and some spread."
        : FormattableString.Invariant($"Welch’s t-test: t = {Test.T:0.00} with {Test.DegreesOfFreedom:0.0} degrees of freedom, p = {P(Test.PValue)}, with Holm’s correction {P(Corrected ?? 1)}.");

    private static string P(double value) => value < 0.0001 ? "below 0.0001" : FormattableString.Invariant($"{value:0.####}");
}

/// <summary>A row of a leaderboard as it is shown.</summary>
/// <param name="Row">The row.</param>
/// <param name="Details">The settings that tell it from the others.</param>
/// <param name="Pinned">Whether it is the baseline.</param>
/// <param name="Comparison">Against the baseline, when there is one and this is another row.</param>
public sealed record RankedRow(LeaderboardRow Row, string Details, bool Pinned, Comparison? Comparison)
{
    public ExperimentSettings Settings => Row.Settings;

    public Technique Technique { get; } = Technique.Of(Row.Settings);

    /// <summary>Whether a program outside reported its runs.</summary>
    public bool Outside => Row.Settings.Outside is not null;

    public string Who => string.Join(", ", Row.Owners);

    /// <summary>The row in words: "+GBN, batch 4,096, ghost 64".</summary>
    public string Name => string.Join(", ", new[]
    {
        Technique.Name, Settings.Batch == 0 ? "" : $"batch {Formatting.Numbers.Count(Settings.Batch)}", Details, Outside ? "logged from outside" : "",
    }.Where(part => part.Length > 0));
}

/// <summary>A leaderboard filtered, sorted and compared with its baseline; for the page, for REST and for copies alike.</summary>
public sealed class LeaderboardRanking
{
    private LeaderboardRanking(Leaderboard board, IReadOnlyList<RankedRow> rows, RankedRow? baseline, string shared)
    {
        Board = board;
        Rows = rows;
        Baseline = baseline;
        SharedSettings = shared;
    }

    public Leaderboard Board { get; }

    /// <summary>The baseline first, then the others in order.</summary>
    public IReadOnlyList<RankedRow> Rows { get; }

    public RankedRow? Baseline { get; }

    /// <summary>What all rows of the board share; where some are from outside, all others.</summary>
    public string SharedSettings { get; }

    /// <summary>Whether rows of the board are from outside.</summary>
    public bool HasOutside => Board.Rows.Any(row => row.Settings.Outside is not null);

    /// <summary>How many comparisons Holm's correction covers.</summary>
    public int Tests => Rows.Count(row => row.Comparison?.Test is not null);

    /// <summary>The best mean with two seeds or more.</summary>
    public RankedRow? Best => Rows.Where(row => row.Row.Accuracy.Count >= 2).MaxBy(row => row.Row.Accuracy.Mean);

    /// <summary>Finished runs behind the rows that shared a device.</summary>
    public int SharedRuns => Rows.Sum(row => row.Row.Shared);

    public static LeaderboardRanking Of(Leaderboard board, LeaderboardChoice choice)
    {
        var baseline = board.Rows.FirstOrDefault(row => row.Settings.Id == choice.Baseline);
        var shown = board.Rows.Where(row => ReferenceEquals(row, baseline) || Matches(row, choice)).ToList();
        var text = new SettingsText([.. board.Rows.Select(row => row.Settings)]);
        var comparisons = baseline is null ? [] : Compare(shown, baseline);
        var ranked = shown
            .Select(row => new RankedRow(row, text.Of(row.Settings), ReferenceEquals(row, baseline), comparisons.GetValueOrDefault(row.Settings.Id)))
            .ToLookup(row => row.Pinned);
        return new(board, [.. ranked[true], .. choice.Order.Sort(ranked[false])], ranked[true].FirstOrDefault(), text.Shared);
    }

    private static bool Matches(LeaderboardRow row, LeaderboardChoice choice) =>
        (choice.Technique is null || row.Settings.HasMethod && row.Settings.Method.ToString() == choice.Technique)
        && (choice.Batch is null || row.Settings.Batch == choice.Batch)
        && (choice.Owner is null || row.Owners.Contains(choice.Owner, StringComparer.OrdinalIgnoreCase));

    private static Dictionary<string, Comparison> Compare(IReadOnlyList<LeaderboardRow> rows, LeaderboardRow baseline)
    {
        var tested = rows.Where(row => !ReferenceEquals(row, baseline)).Select(row => (Row: row, Test: WelchTest.Between(row.Accuracy, baseline.Accuracy))).ToList();
        var corrected = new Queue<double>(HolmCorrection.Adjust([.. tested.Select(pair => pair.Test).OfType<WelchTest>().Select(test => test.PValue)]));
        return tested.ToDictionary(
            pair => pair.Row.Settings.Id,
            pair => new Comparison(pair.Row.Accuracy.Mean - baseline.Accuracy.Mean, pair.Test, pair.Test is null ? null : corrected.Dequeue()));
    }
}
