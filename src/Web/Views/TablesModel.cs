using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Parts;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>What the page of tables shows.</summary>
/// <param name="Table">The table.</param>
/// <param name="Sweep">The sweep that it is restricted to, if it is.</param>
public sealed record TablesModel(ResultTable Table, SweepView? Sweep)
{
    /// <summary>How far the cells are: "22 of 30 cells complete, 5 running, 1 queued, 2 missing".</summary>
    public string Summary
    {
        get
        {
            var cells = Table.Rows.SelectMany(row => row.Cells).ToList();
            var running = cells.Count(cell => cell.Running > 0);
            var queued = cells.Count(cell => cell.Running == 0 && cell.Queued > 0);
            var missing = cells.Count(cell => cell.Runs == 0);
            var complete = cells.Count(cell => cell.Runs > 0 && cell.Statistics?.Count == cell.Runs);
            return string.Join(", ", new[]
            {
                $"{complete} of {Numbers.Of(cells.Count, "cell")} complete",
                running > 0 ? $"{running} running" : "", queued > 0 ? $"{queued} queued" : "", missing > 0 ? $"{missing} missing" : "",
            }.Where(part => part.Length > 0));
        }
    }

    /// <summary>The one large batch of all rows, if there is one.</summary>
    public int? CommonLargeBatch => Table.Rows.Select(row => row.LargeBatch).Distinct().ToArray() is [{ } only] ? only : null;

    /// <summary>What the paper has for the network of a row: its own row, or the network's on another data set.</summary>
    public PaperRow? Paper(TableRow row)
    {
        var rows = Table.Number == 1 ? PaperTables.Table1 : PaperTables.Table2;
        return rows.FirstOrDefault(paper => paper.Network == row.Network && paper.Dataset == row.Dataset) ?? rows.FirstOrDefault(paper => paper.Network == row.Network);
    }

    /// <summary>Whether the paper's numbers for a row come from another data set, so that no difference can be told.</summary>
    public bool IsOtherData(TableRow row) => Paper(row) is { } paper && paper.Dataset != row.Dataset;

    public PaperCellView Cell(TableRow row, TableCell cell)
    {
        var paper = Paper(row);
        var mean = cell.Statistics?.Mean / 100;
        return new PaperCellView
        {
            Name = $"{row.NetworkTitle} {Technique.Columns[cell.Column].Name}",
            Href = cell.RunIds.Count == 0 ? null : cell.RunIds.Count == 1 ? Addresses.Run(cell.RunIds[0]) : Addresses.RunsOf(cell.RunIds),
            Mean = mean, Std = cell.Statistics?.StandardDeviation / 100,
            Done = cell.Statistics?.Count ?? 0, Total = cell.Runs, Failed = cell.Failed, Running = cell.Running, Progress = Overall(cell),
            Paper = paper?.Columns[cell.Column].ToString("0.00"),
            Difference = cell.Paper is { } printed ? mean - printed / 100 : null,
            PaperNote = IsOtherData(row) ? "a" : null,
            Best = row.BestColumn == cell.Column,
        };
    }

    /// <summary>Difference to the small batch by column, as shares; ours.</summary>
    public static IReadOnlyList<double?> OurGap(TableRow row) =>
        [.. row.Cells.Select(cell => (cell.Statistics?.Mean - row.Cells[0].Statistics?.Mean) / 100)];

    /// <summary>Difference to the small batch by column, as shares; the paper's, on its own data.</summary>
    public IReadOnlyList<double?> PaperGap(TableRow row) => Paper(row) is { } paper
        ? [.. paper.Columns.Select(column => (double?)(column - paper.Columns[0]) / 100)]
        : [null, null, null, null, null];

    /// <summary>What a row was trained with, beyond its network.</summary>
    public string Details(TableRow row)
    {
        var batches = row.LargeBatch is { } large && CommonLargeBatch is null ? $"{Numbers.Count(row.SmallBatch)} and {Numbers.Count(large)}" : "";
        var part = row.TrainExamples < row.AllTrainExamples ? $"{Numbers.Count(row.TrainExamples)} images" : "";
        return string.Join(", ", new[] { batches, Numbers.Of(row.Epochs, "epoch"), part }.Where(text => text.Length > 0));
    }

    // The cell's progress is that of its unfinished runs; the bar shows all of them.
    private static double Overall(TableCell cell)
    {
        var done = cell.Statistics?.Count ?? 0;
        return cell.Runs == 0 ? 0 : (done + (cell.Runs - done) * cell.Progress) / cell.Runs;
    }
}
