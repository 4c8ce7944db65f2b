using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>What the page of figures shows.</summary>
/// <param name="Boards">The networks and data sets that have results.</param>
/// <param name="Board">The chosen one; <see langword="null"/> when there are no results.</param>
/// <param name="Families">Its rows by what they share.</param>
/// <param name="Family">The chosen family.</param>
/// <param name="Ghost">The chosen ghost batch, if any row has one.</param>
/// <param name="Specs">The specification of the first run of each row, by run.</param>
/// <param name="Errors">Validation accuracy of the runs on the charts, along epochs.</param>
/// <param name="Distances">Weight distance of the runs on the charts, along the logarithm of steps.</param>
public sealed record FiguresModel(
    IReadOnlyList<Board> Boards, Leaderboard? Board, IReadOnlyList<FigureFamily> Families, FigureFamily? Family, int? Ghost,
    IReadOnlyDictionary<long, RunSpec> Specs, IReadOnlyDictionary<long, MetricSeries> Errors, IReadOnlyDictionary<long, MetricSeries> Distances)
{
    /// <summary>Large batches that a chart tells apart.</summary>
    public const int MostBatches = 7;

    /// <summary>Runs of a row that the mean of a curve is over, at most.</summary>
    public const int MostSeeds = 10;

    /// <summary>The columns of the paper's tables whose weight distance is drawn.</summary>
    public static readonly IReadOnlyList<int> DistanceColumns = [0, 1, 3];

    /// <summary>The rows of the figures: the family, with one ghost batch.</summary>
    public IReadOnlyList<LeaderboardRow> Rows => [.. (Family?.Rows ?? []).Where(row => row.Settings.GhostBatch is not { } ghost || ghost == Ghost)];

    public LeaderboardRow? Small => Rows.FirstOrDefault(row => row.Settings.Method == Method.SmallBatchOnly);

    /// <summary>The rows of one column of the paper's tables, by batch; the largest when there are too many.</summary>
    public IReadOnlyList<LeaderboardRow> Of(int column) =>
        [.. Rows.Where(row => row.Settings.Method.TableColumn == column).OrderBy(row => row.Settings.Batch).TakeLast(MostBatches)];

    /// <summary>The large batches of the family, smallest first: a batch looks the same in each figure.</summary>
    public IReadOnlyList<int> LargeBatches => [.. Rows.Where(row => row.Settings.Method.LargeBatch).Select(row => row.Settings.Batch).Distinct().Order()];

    /// <summary>Runs whose validation accuracy is drawn.</summary>
    public IReadOnlyList<long> ErrorRuns => Runs([0, 1, 3, 4]);

    /// <summary>Runs whose weight distance is drawn.</summary>
    public IReadOnlyList<long> DistanceRuns => Runs(DistanceColumns);

    private IReadOnlyList<long> Runs(IEnumerable<int> columns) => [.. columns.SelectMany(Of).SelectMany(row => row.RunIds.Take(MostSeeds))];
}
