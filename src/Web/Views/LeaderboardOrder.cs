namespace Tracker.Web.Views;

/// <summary>A column by which a leaderboard can be sorted.</summary>
public enum LeaderboardColumn
{
    Mean,
    Technique,
    Batch,
    Seeds,
    Difference,
    Best,
    Steps,
    Time,
    Training,
    Speed,
    Who,
    When,
}

/// <summary>The order of a leaderboard, as an address names it: <c>steps</c> ascending, <c>-mean</c> descending. Rows without a value come last.</summary>
/// <param name="Column">The column.</param>
/// <param name="Descending">Largest first.</param>
public sealed record LeaderboardOrder(LeaderboardColumn Column, bool Descending)
{
    /// <summary>Best mean first.</summary>
    public static readonly LeaderboardOrder Default = new(LeaderboardColumn.Mean, true);

    /// <summary>What an address says, or <see langword="null"/> when that is no order.</summary>
    public static LeaderboardOrder? Parse(string text) =>
        Enum.TryParse<LeaderboardColumn>(text.TrimStart('-'), ignoreCase: true, out var column) && Enum.IsDefined(column) && !char.IsAsciiDigit(text.TrimStart('-')[0])
            ? new(column, text[0] == '-') : null;

    public static LeaderboardOrder Read(string? text) => string.IsNullOrEmpty(text) ? Default : Parse(text) ?? Default;

    /// <summary>As addresses name it; <see langword="null"/> for the default.</summary>
    public string? Text => this == Default ? null : (Descending ? "-" : "") + Column.ToString().ToLowerInvariant();

    /// <summary>The order after a click on a column's head: that column the useful way first, then turned round.</summary>
    public LeaderboardOrder Click(LeaderboardColumn column) => new(column, column == Column ? !Descending : IsBetterLarge(column));

    public IReadOnlyList<RankedRow> Sort(IEnumerable<RankedRow> rows)
    {
        var all = rows.ToList();
        return Column switch
        {
            LeaderboardColumn.Technique => By(all, row => (row.Settings.Method.TableColumn ?? int.MaxValue, row.Technique.Name)),
            LeaderboardColumn.Who => By(all, row => row.Who.Length == 0 ? null : row.Who, StringComparer.OrdinalIgnoreCase),
            LeaderboardColumn.When => By(all, row => row.Row.FinishedAt),
            _ => By(all, Number),
        };
    }

    private double? Number(RankedRow row) => Column switch
    {
        LeaderboardColumn.Batch => row.Settings.Batch,
        LeaderboardColumn.Seeds => row.Row.Accuracy.Count,
        LeaderboardColumn.Difference => row.Comparison?.Difference,
        LeaderboardColumn.Best => row.Row.Accuracy.Best,
        LeaderboardColumn.Steps => row.Row.Target.Steps,
        LeaderboardColumn.Time => row.Row.Target.Seconds,
        LeaderboardColumn.Training => row.Row.TrainSeconds,
        LeaderboardColumn.Speed => row.Row.SamplesPerSecond,
        _ => row.Row.Accuracy.Mean,
    };

    private List<RankedRow> By<T>(List<RankedRow> rows, Func<RankedRow, T?> key, IComparer<T?>? comparer = null)
    {
        var present = rows.OrderBy(row => key(row) is null);
        var sorted = Descending ? present.ThenByDescending(key, comparer) : present.ThenBy(key, comparer);
        return [.. sorted.ThenByDescending(row => row.Row.Accuracy.Mean).ThenBy(row => row.Settings.Id, StringComparer.Ordinal)];
    }

    private static bool IsBetterLarge(LeaderboardColumn column) => column is LeaderboardColumn.Mean or LeaderboardColumn.Seeds or LeaderboardColumn.Difference
        or LeaderboardColumn.Best or LeaderboardColumn.Speed or LeaderboardColumn.When;
}
