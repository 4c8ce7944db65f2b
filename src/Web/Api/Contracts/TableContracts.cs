using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>A table of results as the paper prints it. Accuracies are in percent, as in the paper.</summary>
/// <param name="Number">1 or 2.</param>
/// <param name="Title">The caption.</param>
/// <param name="Columns">SB, LB, +LR, +GBN, +RA.</param>
/// <param name="Rows">Rows in the paper's order, then those that the paper does not have.</param>
public sealed record TableResource(int Number, string Title, IReadOnlyList<string> Columns, IReadOnlyList<TableRowResource> Rows)
{
    public static TableResource From(ResultTable t) => new(t.Number, t.Title, Method.ColumnTitles, [.. t.Rows.Select(TableRowResource.From)]);
}

/// <summary>One row of a table: runs that differ only in method and seed.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="NetworkTitle">Title of the network.</param>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="DatasetTitle">Title of the data set.</param>
/// <param name="SmallBatch">The small batch.</param>
/// <param name="LargeBatch">The large batch.</param>
/// <param name="GhostBatch">The ghost batch.</param>
/// <param name="Epochs">Epochs of the small batch's regime.</param>
/// <param name="TrainExamples">Training images used.</param>
/// <param name="AllTrainExamples">Training images that the data set has.</param>
/// <param name="Parameters">Optimizer settings that the row shares.</param>
/// <param name="BestColumn">Title of the column with the best mean among cells with two seeds or more.</param>
/// <param name="Cells">One for each column.</param>
public sealed record TableRowResource(
    string Network, string NetworkTitle, string Dataset, string DatasetTitle, int SmallBatch, int? LargeBatch, int? GhostBatch, int Epochs, int TrainExamples,
    int AllTrainExamples, string Parameters, string? BestColumn, IReadOnlyList<TableCellResource> Cells)
{
    public static TableRowResource From(TableRow r) => new(
        r.Network, r.NetworkTitle, r.Dataset, r.DatasetTitle, r.SmallBatch, r.LargeBatch, r.GhostBatch, r.Epochs, r.TrainExamples, r.AllTrainExamples, r.Parameters,
        r.BestColumn is { } best ? Method.ColumnTitles[best] : null, [.. r.Cells.Select(TableCellResource.From)]);
}

/// <summary>One cell of a table.</summary>
/// <param name="Column">Title of the column.</param>
/// <param name="Method">The method, as specifications name it.</param>
/// <param name="Seeds">How many finished seeds mean and spread rest on.</param>
/// <param name="MeanPercent">Mean final validation accuracy in percent.</param>
/// <param name="StdPercent">Sample standard deviation over seeds in percent; null for fewer than two.</param>
/// <param name="BestPercent">The best seed in percent.</param>
/// <param name="PaperPercent">The number that the paper prints, if it has this row.</param>
/// <param name="DifferencePercent">Ours minus the paper's.</param>
/// <param name="Runs">How many runs belong to the cell.</param>
/// <param name="Running">How many of them are starting or running.</param>
/// <param name="Queued">How many are queued or paused.</param>
/// <param name="Failed">How many failed.</param>
/// <param name="Progress">Mean progress of those not finished, from 0 to 1.</param>
/// <param name="RunIds">The runs.</param>
public sealed record TableCellResource(
    string Column, string Method, int Seeds, double? MeanPercent, double? StdPercent, double? BestPercent, double? PaperPercent, double? DifferencePercent,
    int Runs, int Running, int Queued, int Failed, double Progress, IReadOnlyList<long> RunIds)
{
    public static TableCellResource From(TableCell c) => new(
        Domain.Method.ColumnTitles[c.Column], Domain.Method.TableColumns[c.Column].ToString(), c.Statistics?.Count ?? 0, c.Statistics?.Mean,
        c.Statistics?.StandardDeviation, c.Statistics?.Best, c.Paper, c.Statistics?.Mean - c.Paper, c.Runs, c.Running, c.Queued, c.Failed, c.Progress, c.RunIds);
}
