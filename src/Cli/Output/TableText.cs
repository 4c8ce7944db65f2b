using Tracker.Cli.Api;

namespace Tracker.Cli.Output;

/// <summary>A table of results, for people.</summary>
internal static class TableText
{
    public static void Write(Printer printer, TableReply table)
    {
        printer.Line(Format.Plain(table.Title));
        printer.Table(["Network", "Data set", .. table.Columns.Select(c => new Column(c))], table.Rows.SelectMany(Lines));
        foreach (var row in table.Rows) printer.Line(Note(row));
        printer.Line("Final validation accuracy in percent, mean ± standard deviation (number of seeds).");
    }

    /// <summary>Our numbers, and beneath them the paper's where it has the row.</summary>
    private static IEnumerable<IReadOnlyList<Cell>> Lines(TableRowReply row)
    {
        yield return [row.NetworkTitle, row.DatasetTitle, .. row.Cells.Select(Value)];
        if (row.Cells.Any(c => c.PaperPercent is not null)) yield return ["", "paper", .. row.Cells.Select(c => (Cell)(c.PaperPercent is { } p ? $"{p:0.00}" : ""))];
    }

    private static Cell Value(TableCellReply cell) => cell switch
    {
        { MeanPercent: { } mean, StdPercent: { } deviation } => $"{mean:0.00} ± {deviation:0.00} ({cell.Seeds})",
        { MeanPercent: { } mean } => $"{mean:0.00} ({cell.Seeds})",
        { Failed: > 0 } => new Cell("failed", Spectre.Console.Color.Red),
        { Runs: > 0 } => Format.Whole(cell.Progress),
        _ => Format.Nothing,
    };

    private static string Note(TableRowReply row)
    {
        var images = row.TrainExamples < row.AllTrainExamples ? $"{row.TrainExamples:N0} of {row.AllTrainExamples:N0}" : $"all {row.AllTrainExamples:N0}";
        var large = row.LargeBatch is { } batch ? $", LB {batch}" : "";
        var ghost = row.GhostBatch is { } part ? $", ghost batch {part}" : "";
        return Format.Plain($"{row.NetworkTitle} on {row.DatasetTitle}: {images} training images, {row.Epochs} epochs, SB {row.SmallBatch}{large}{ghost}; {row.Parameters}.");
    }
}
