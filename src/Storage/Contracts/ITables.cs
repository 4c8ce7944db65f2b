using Tracker.Domain;

namespace Tracker.Storage;

/// <summary>One cell of a table of results.</summary>
/// <param name="Column">0 for SB to 4 for +RA.</param>
/// <param name="Statistics">Final validation accuracy in percent over the finished seeds, or <see langword="null"/> before the first.</param>
/// <param name="Paper">The number that the paper prints, in percent, if it has this row.</param>
/// <param name="Runs">How many runs belong to the cell.</param>
/// <param name="Running">How many of them are starting or running.</param>
/// <param name="Queued">How many are queued or paused.</param>
/// <param name="Failed">How many failed.</param>
/// <param name="Progress">Mean progress of those not finished, from 0 to 1.</param>
/// <param name="RunIds">The runs.</param>
public sealed record TableCell(
    int Column, SeedStatistics? Statistics, double? Paper, int Runs, int Running, int Queued, int Failed, double Progress, IReadOnlyList<long> RunIds);

/// <summary>One row of a table of results: runs that differ only in method and seed.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="NetworkTitle">Title of the network.</param>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="DatasetTitle">Title of the data set.</param>
/// <param name="SmallBatch">The small batch.</param>
/// <param name="LargeBatch">The large batch; <see langword="null"/> when only SB was trained.</param>
/// <param name="GhostBatch">The ghost batch of the +GBN and +RA cells, if any.</param>
/// <param name="Epochs">Epochs of the small batch's regime.</param>
/// <param name="TrainExamples">Training images used.</param>
/// <param name="AllTrainExamples">Training images that the data set has.</param>
/// <param name="Parameters">Optimizer settings shared by the row, as people read them, such as <c>rate 0.1, decay 0.0001, momentum 0.9</c>.</param>
/// <param name="Cells">Five cells, in the order of the columns; missing ones have no runs.</param>
/// <param name="BestColumn">The column with the best mean among cells with two seeds or more, if any.</param>
public sealed record TableRow(
    string Network, string NetworkTitle, string Dataset, string DatasetTitle, int SmallBatch, int? LargeBatch, int? GhostBatch, int Epochs,
    int TrainExamples, int AllTrainExamples, string Parameters, IReadOnlyList<TableCell> Cells, int? BestColumn);

/// <summary>A table of results, as the paper prints it.</summary>
/// <param name="Number">1 or 2.</param>
/// <param name="Title">The caption.</param>
/// <param name="Rows">Rows in the paper's order, then those that the paper does not have.</param>
public sealed record ResultTable(int Number, string Title, IReadOnlyList<TableRow> Rows);

/// <summary>Reads the tables that come into being from finished runs.</summary>
public interface ITables
{
    /// <summary>Table 1 or 2; restricted to the runs that one sweep shows when <paramref name="sweepId"/> is given.</summary>
    Task<ResultTable> ReadAsync(int number, long? sweepId, CancellationToken cancellationToken);
}
