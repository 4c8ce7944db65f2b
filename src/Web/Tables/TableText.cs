using System.Globalization;
using System.Text;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Tables;

/// <summary>A table of results as CSV, Markdown and LaTeX, for pages and REST alike.</summary>
public static class TableText
{
    private static readonly string[] s_rowHeads = ["Network", "Data set"];
    private static readonly string[] s_csvHeads = ["network", "dataset", "small_batch", "large_batch", "ghost_batch", "epochs", "train_examples", "parameters"];

    /// <summary>One line for each row; accuracies in percent, unrounded.</summary>
    public static string Csv(ResultTable table) => CsvFields.Write(
        s_csvHeads.Concat(Method.ColumnTitles.SelectMany(CsvHeads)), table.Rows.Select(row => Fields(row).Concat(row.Cells.SelectMany(Fields))));

    /// <summary>A table whose columns line up in a terminal as well; the best mean of a row is bold.</summary>
    public static string Markdown(ResultTable table)
    {
        var lines = table.Rows.Select(r => (string[])[TextEscapes.Markdown(Network(r)), TextEscapes.Markdown(Data(r)), .. r.Cells.Select(c => MarkdownCell(c, r))]).ToList();
        lines.Insert(0, [.. s_rowHeads, .. Method.ColumnTitles]);
        var widths = lines[0].Select((_, i) => lines.Max(l => l[i].Length)).ToArray();
        lines.Insert(1, [.. widths.Select(w => new string('-', w))]);
        var text = new StringBuilder($"**{TextEscapes.Markdown(table.Title)}**\n\n");
        foreach (var line in lines) text.Append("| ").AppendJoin(" | ", line.Select((c, i) => c.PadRight(widths[i]))).Append(" |\n");
        return text.ToString();
    }

    /// <summary>A <c>tabular</c> with the rules of the package booktabs.</summary>
    public static string Latex(ResultTable table)
    {
        var text = new StringBuilder("% \\usepackage{booktabs}\n\\begin{table}\n\\centering\n");
        text.Append(CultureInfo.InvariantCulture, $"\\caption{{{TextEscapes.Latex(Caption(table))}}}\n\\begin{{tabular}}{{ll{new string('r', Method.ColumnTitles.Count)}}}\n\\toprule\n");
        text.AppendJoin(" & ", s_rowHeads.Concat(Method.ColumnTitles).Select(TextEscapes.Latex)).Append(" \\\\\n\\midrule\n");
        foreach (var row in table.Rows)
            text.AppendJoin(" & ", row.Cells.Select(c => LatexCell(c, row)).Prepend(TextEscapes.Latex(Data(row))).Prepend(TextEscapes.Latex(Network(row)))).Append(" \\\\\n");
        return text.Append("\\bottomrule\n\\end{tabular}\n\\end{table}\n").ToString();
    }

    /// <summary>The caption without the number, which LaTeX prints itself.</summary>
    private static string Caption(ResultTable table) => table.Title.StartsWith($"Table {table.Number}. ", StringComparison.Ordinal) ? table.Title[$"Table {table.Number}. ".Length..] : table.Title;

    private static string[] CsvHeads(string column)
    {
        var name = column.TrimStart('+').ToLowerInvariant();
        return [$"{name}_mean", $"{name}_std", $"{name}_n", $"{name}_paper"];
    }

    private static IEnumerable<object?> Fields(TableRow row) =>
        [row.Network, row.Dataset, row.SmallBatch, row.LargeBatch, row.GhostBatch, row.Epochs, row.TrainExamples, row.Parameters];

    private static IEnumerable<object?> Fields(TableCell cell) =>
        [cell.Statistics?.Mean, cell.Statistics?.StandardDeviation, cell.Statistics?.Count ?? 0, cell.Paper];

    private static string Network(TableRow row) =>
        $"{row.NetworkTitle}, {row.SmallBatch}{(row.LargeBatch is { } large ? $" / {large}" : "")}{(row.GhostBatch is { } ghost ? $", ghost {ghost}" : "")}";

    private static string Data(TableRow row) =>
        $"{row.DatasetTitle}{(row.TrainExamples < row.AllTrainExamples ? $", {row.TrainExamples} of {row.AllTrainExamples} images" : "")}, {row.Epochs} epochs";

    private static string MarkdownCell(TableCell cell, TableRow row)
    {
        var ours = Ours(cell, "±");
        if (ours is not null && row.BestColumn == cell.Column) ours = $"**{ours}**";
        var paper = cell.Paper is { } p ? $"paper {p:0.00}" : null;
        return (ours ?? Pending(cell), paper) switch
        {
            (null, null) => "–",
            (null, var alone) => alone,
            (var alone, null) => alone,
            var (both, printed) => $"{both}, {printed}",
        };
    }

    private static string LatexCell(TableCell cell, TableRow row)
    {
        var ours = Ours(cell, "\\pm");
        if (ours is null) return cell.Paper is { } alone ? $"(paper {alone:0.00})" : "--";
        var number = $"${ours}$";
        if (row.BestColumn == cell.Column) number = $"\\boldmath{number}";
        return cell.Paper is { } paper ? $"{{{number} (paper {paper:0.00})}}" : $"{{{number}}}";
    }

    private static string? Ours(TableCell cell, string plusMinus) => cell.Statistics switch
    {
        null => null,
        { StandardDeviation: { } std } s => $"{s.Mean:0.00} {plusMinus} {std:0.00} ({s.Count})",
        var s => $"{s.Mean:0.00} ({s.Count})",
    };

    /// <summary>What a cell without a result shows.</summary>
    private static string? Pending(TableCell cell) =>
        cell.Running > 0 ? $"{cell.Progress:0%} running" : cell.Queued > 0 ? "queued" : cell.Failed > 0 ? "failed" : null;
}
