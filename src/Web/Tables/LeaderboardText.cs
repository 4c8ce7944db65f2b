using System.Text;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Tables;

/// <summary>A leaderboard as CSV, Markdown and LaTeX, for pages and REST alike.</summary>
public static class LeaderboardText
{
    private static readonly string[] s_csvHeads =
    [
        "method", "batch", "small_batch", "ghost_batch", "epochs", "train_examples", "learning_rate", "weight_decay", "momentum", "clip", "scaling", "variant",
        "n", "mean", "std", "best", "difference", "p", "p_holm", "target", "reached", "steps_to_target", "seconds_to_target", "steps", "train_seconds",
        "samples_per_second", "owners", "finished_at", "runs", "external",
    ];

    /// <summary>One line for each row; accuracies as shares, unrounded.</summary>
    public static string Csv(LeaderboardRanking ranking) =>
        CsvFields.Write(s_csvHeads, ranking.Rows.Select(row => Fields(row, ranking.Board.Target?.Accuracy)));

    /// <summary>A table whose columns line up in a terminal as well; accuracies in percent.</summary>
    public static string Markdown(LeaderboardRanking ranking)
    {
        var lines = Lines(ranking, TextEscapes.Markdown);
        var widths = lines[0].Select((_, i) => lines.Max(line => line[i].Length)).ToArray();
        lines.Insert(1, [.. widths.Select(width => new string('-', width))]);
        var text = new StringBuilder($"**{TextEscapes.Markdown(Title(ranking))}**\n\n");
        foreach (var line in lines) text.Append("| ").AppendJoin(" | ", line.Select((cell, i) => cell.PadRight(widths[i]))).Append(" |\n");
        foreach (var note in Notes(ranking)) text.Append($"\n{TextEscapes.Markdown(note)}\n");
        return text.ToString();
    }

    /// <summary>A <c>tabular</c> with the rules of the package booktabs; accuracies in percent.</summary>
    public static string Latex(LeaderboardRanking ranking)
    {
        var lines = Lines(ranking, TextEscapes.Latex);
        var caption = string.Join(' ', Notes(ranking).Prepend($"{Title(ranking)}.").Select(TextEscapes.Latex));
        var text = new StringBuilder($"% \\usepackage{{booktabs}}\n\\begin{{table}}\n\\centering\n\\caption{{{caption}}}\n");
        text.Append($"\\begin{{tabular}}{{lrl{new string('r', lines[0].Length - 3)}}}\n\\toprule\n");
        foreach (var (i, line) in lines.Index()) text.AppendJoin(" & ", line).Append(i == 0 ? " \\\\\n\\midrule\n" : " \\\\\n");
        return text.Append("\\bottomrule\n\\end{tabular}\n\\end{table}\n").ToString();
    }

    private static string Title(LeaderboardRanking ranking) => $"{Titles.Network(ranking.Board.Network)} on {Titles.Dataset(ranking.Board.Dataset)}";

    /// <summary>Headings, then a line for each row.</summary>
    private static List<string[]> Lines(LeaderboardRanking ranking, Func<string, string> escape)
    {
        var compared = ranking.Baseline is not null;
        var target = ranking.Board.Target is { } chosen ? $"Steps to {Numbers.Points(chosen.Accuracy, 1)} %" : "Steps to target";
        string[] heads = ["Technique", "Batch", "Settings", "Mean ± std (n)", .. compared ? ["To baseline"] : Array.Empty<string>(), "Best", target, "Time to it", "Training"];
        return [.. ranking.Rows.Select(row => Cells(row, compared)).Prepend(heads).Select(line => line.Select(escape).ToArray())];
    }

    private static IEnumerable<string> Notes(LeaderboardRanking ranking)
    {
        if (ranking.SharedSettings.Length > 0) yield return $"All rows{(ranking.HasOutside ? " of this server" : "")}: {ranking.SharedSettings}.";
        if (ranking.Rows.Any(row => row.Outside)) yield return "Rows from outside were logged by other programs, as they measured; of them only what was stated is known.";
        if (ranking.Baseline is not null) yield return "Differences in points to the first row; * p < 0.05, ** p < 0.01 by Welch’s t-test with Holm’s correction.";
    }

    private static string[] Cells(RankedRow row, bool compared)
    {
        var (accuracy, target) = (row.Row.Accuracy, row.Row.Target);
        var mean = Numbers.Points(accuracy.Mean) + (accuracy.StandardDeviation is { } std ? $" ± {Numbers.Points(std)}" : "") + $" ({accuracy.Count})";
        string[] difference = compared ? [row.Comparison is { } comparison ? Numbers.Difference(comparison.Difference) + comparison.Mark : "baseline"] : [];
        return
        [
            row.Outside ? $"{row.Technique.Name} (from outside)" : row.Technique.Name, row.Settings.Batch == 0 ? "–" : Numbers.Count(row.Settings.Batch), row.Details, mean, .. difference, Numbers.Points(accuracy.Best),
            target.Steps is { } steps ? Numbers.Count((long)Math.Round(steps)) + Part(target.Reached, accuracy.Count) : "–",
            target.Seconds is { } seconds ? Durations.Text(TimeSpan.FromSeconds(seconds)) : "–",
            row.Row.TrainSeconds is { } training ? Durations.Text(TimeSpan.FromSeconds(training)) : "–",
        ];
    }

    private static string Part(int reached, int all) => reached == all ? "" : $" ({reached} of {all})";

    private static IEnumerable<object?> Fields(RankedRow ranked, double? target)
    {
        var (settings, row, accuracy) = (ranked.Settings, ranked.Row, ranked.Row.Accuracy);
        object?[] known = ranked.Outside
            ?
            [
                settings.Outside, Stated(settings.Batch), null, null, Stated(settings.Epochs), null, Stated(settings.LearningRate), Stated(settings.WeightDecay),
                Stated(settings.Momentum), null, null, null,
            ]
            :
            [
                settings.Method, settings.Batch, settings.SmallBatch, settings.GhostBatch, settings.Epochs, settings.TrainExamples, settings.LearningRate,
                settings.WeightDecay, settings.Momentum, settings.Clip, settings.Scaling, settings.Variant,
            ];
        return
        [
            .. known, accuracy.Count, accuracy.Mean, accuracy.StandardDeviation,
            accuracy.Best, ranked.Comparison?.Difference, ranked.Comparison?.Test?.PValue, ranked.Comparison?.Corrected, target, row.Target.Reached,
            row.Target.Steps, row.Target.Seconds, row.Steps, row.TrainSeconds, row.SamplesPerSecond, ranked.Who, row.FinishedAt.UtcDateTime,
            string.Join(' ', row.RunIds), ranked.Outside ? "true" : "false",
        ];
    }

    private static object? Stated<T>(T value) where T : struct, IEquatable<T> => value.Equals(default) ? null : value;
}
