using System.Text;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Jobs.Submit;

/// <summary>A table of results as a terminal shows it.</summary>
internal static class TableText
{
    public static string Render(ResultTable table)
    {
        var header = (string[])["Network", "Data set", .. Method.ColumnTitles];
        var rows = table.Rows.SelectMany(Lines).ToList();
        var widths = header.Select((title, column) => Math.Max(title.Length, rows.Max(r => (int?)r[column].Length) ?? 0)).ToArray();
        var text = new StringBuilder().AppendLine(table.Title);
        foreach (var row in rows.Prepend(header))
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        foreach (var note in table.Rows.Select(Note)) text.AppendLine(note);
        return text.ToString();
    }

    /// <summary>Our numbers, and beneath them the paper's where it has the row.</summary>
    private static IEnumerable<string[]> Lines(TableRow row)
    {
        yield return [row.NetworkTitle, row.DatasetTitle, .. row.Cells.Select(Cell)];
        if (row.Cells.Any(c => c.Paper is not null)) yield return ["", "paper", .. row.Cells.Select(c => c.Paper is { } paper ? $"{paper:0.00}" : "")];
    }

    private static string Cell(TableCell cell) => cell switch
    {
        { Statistics: { } s } => $"{s.Mean:0.00}{(s.StandardDeviation is { } deviation ? $" ± {deviation:0.00}" : "")} ({s.Count})",
        { Failed: > 0 } => "failed",
        { Runs: > 0 } => $"{cell.Progress:P0}",
        _ => "–",
    };

    private static string Note(TableRow row)
    {
        var images = row.TrainExamples < row.AllTrainExamples ? $"{row.TrainExamples:N0} of {row.AllTrainExamples:N0}" : $"all {row.AllTrainExamples:N0}";
        return $"{row.NetworkTitle} on {row.DatasetTitle}: {images} images, {row.Epochs} epochs, SB {row.SmallBatch}, LB {row.LargeBatch}, ghost batch {row.GhostBatch}, {row.Parameters}. "
            + "Final validation accuracy in %, mean ± standard deviation (number of seeds).";
    }
}
