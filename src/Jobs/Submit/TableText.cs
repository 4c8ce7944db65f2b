using System.Text;

namespace Tracker.Jobs.Submit;

/// <summary>A table of results as a terminal shows it.</summary>
internal static class TableText
{
    public static string Render(TableReply table)
    {
        var header = (string[])["Network", "Data set", .. table.Columns];
        var rows = table.Rows.SelectMany(Lines).Prepend(header).ToList();
        var widths = Enumerable.Range(0, header.Length).Select(column => rows.Max(r => r[column].Length)).ToArray();
        var text = new StringBuilder().AppendLine(table.Title);
        foreach (var row in rows)
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        foreach (var row in table.Rows) text.AppendLine(Note(row));
        return text.ToString();
    }

    /// <summary>Our numbers, and beneath them the paper's where it has the row.</summary>
    private static IEnumerable<string[]> Lines(TableReply.Row row)
    {
        yield return [row.NetworkTitle, row.DatasetTitle, .. row.Cells.Select(Text)];
        if (row.Cells.Any(c => c.PaperPercent is not null)) yield return ["", "paper", .. row.Cells.Select(c => $"{c.PaperPercent:0.00}")];
    }

    private static string Text(TableReply.Cell cell) => cell switch
    {
        { MeanPercent: { } mean, StdPercent: { } deviation } => $"{mean:0.00} ± {deviation:0.00} ({cell.Seeds})",
        { MeanPercent: { } mean } => $"{mean:0.00} ({cell.Seeds})",
        { Failed: > 0 } => "failed",
        { Runs: > 0 } => $"{cell.Progress:P0}",
        _ => "–",
    };

    private static string Note(TableReply.Row row)
    {
        var images = row.TrainExamples < row.AllTrainExamples ? $"{row.TrainExamples:N0} of {row.AllTrainExamples:N0}" : $"all {row.AllTrainExamples:N0}";
        var batches = string.Join(", ", ((string, int?)[])[("SB", row.SmallBatch), ("LB", row.LargeBatch), ("ghost batch", row.GhostBatch)] is var all
            ? all.Where(b => b.Item2 is not null).Select(b => $"{b.Item1} {b.Item2}") : []);
        return $"""
            {row.NetworkTitle} on {row.DatasetTitle}: {images} training images, {row.Epochs} epochs, {batches}; {row.Parameters}.
            Final validation accuracy in percent, mean ± standard deviation (number of seeds).
            """;
    }
}
