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
    /// <summary>The networks of the table before it is filtered, with what people call them.</summary>
    public IReadOnlyList<(string Name, string Title)> Networks { get; private init; } = [.. Table.Rows.Select(row => (row.Network, row.NetworkTitle)).Distinct()];

    /// <summary>The data sets of the table before it is filtered.</summary>
    public IReadOnlyList<(string Name, string Title)> Datasets { get; private init; } = [.. Table.Rows.Select(row => (row.Dataset, row.DatasetTitle)).Distinct()];

    /// <summary>How many rows it has before it is filtered.</summary>
    public int AllRows { get; private init; } = Table.Rows.Count;

    /// <summary>The rows of one network, one data set, those that anything was trained for; what is <see langword="null"/> does not restrict.</summary>
    public TablesModel Only(string? network, string? dataset, bool begun)
    {
        TableRow[] rows = [.. Table.Rows.Where(row => (network is null || row.Network == network) && (dataset is null || row.Dataset == dataset) && (!begun || row.Cells.Any(cell => cell.Runs > 0)))];
        return this with { Table = Table with { Rows = rows }, CommonLargeBatch = CommonOf(rows), Alike = AlikeOf(rows) };
    }

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
    public int? CommonLargeBatch { get; private init; } = CommonOf(Table.Rows);

    /// <summary>The rows that differ in their ghost batch and the optimizer's settings alone. Tables have hundreds of rows, each of which asks for those like it.</summary>
    private ILookup<RowLikeness, TableRow> Alike { get; init; } = AlikeOf(Table.Rows);

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

    /// <summary>What a row was trained with, beyond its network; the optimizer's settings only as far as they tell it from rows that are otherwise alike.</summary>
    public string Details(TableRow row)
    {
        var batches = row.LargeBatch is { } large && CommonLargeBatch is null ? $"{Numbers.Count(row.SmallBatch)} and {Numbers.Count(large)}" : "";
        var part = row.TrainExamples < row.AllTrainExamples ? $"{Numbers.Count(row.TrainExamples)} images" : "";
        var alike = Alike[RowLikeness.Of(row)];
        var ghost = row.GhostBatch is { } size && alike.Any(other => other.GhostBatch != row.GhostBatch) ? $"ghost {Numbers.Count(size)}" : "";
        var others = alike.Select(other => other.Parameters).Distinct().Select(parameters => parameters.Split(", ")).ToList();
        var settings = row.Parameters.Split(", ").Where(setting => others.Exists(other => !other.Contains(setting)));
        return string.Join(", ", new[] { batches, Numbers.Of(row.Epochs, "epoch"), part, ghost }.Concat(settings).Where(text => text.Length > 0));
    }

    private static int? CommonOf(IEnumerable<TableRow> rows) => rows.Select(row => row.LargeBatch).Distinct().Take(2).ToArray() is [{ } only] ? only : null;

    private static ILookup<RowLikeness, TableRow> AlikeOf(IEnumerable<TableRow> rows) => rows.ToLookup(RowLikeness.Of);

    // The cell's progress is that of its unfinished runs; the bar shows all of them.
    private static double Overall(TableCell cell)
    {
        var done = cell.Statistics?.Count ?? 0;
        return cell.Runs == 0 ? 0 : (done + (cell.Runs - done) * cell.Progress) / cell.Runs;
    }

    private readonly record struct RowLikeness(string Network, string Dataset, int SmallBatch, int? LargeBatch, int Epochs, int TrainExamples)
    {
        public static RowLikeness Of(TableRow row) => new(row.Network, row.Dataset, row.SmallBatch, row.LargeBatch, row.Epochs, row.TrainExamples);
    }
}
