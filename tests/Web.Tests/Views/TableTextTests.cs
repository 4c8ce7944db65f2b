using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Tables;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

/// <summary>Names that would be something else in the language that they are written into.</summary>
public sealed class TableTextTests
{
    private const string Hostile = "=1+1|<img src=x onerror=alert(1)> &amp; \\input{x}[0pt] 5%_#$^~{a}* `b`\r\n!";

    [Fact]
    public void A_text_in_LaTeX_is_text_whatever_is_in_it()
    {
        TextEscapes.Latex(Hostile).ShouldBe(
            @"=1+1\textbar{}\textless{}img src=x onerror=alert(1)\textgreater{} \&amp; \textbackslash{}input\{x\}{[}0pt{]} 5\%\_\#\$\textasciicircum{}\textasciitilde{}\{a\}{*} `b`  !");
        TextEscapes.Latex("98.30 ± 0.14, −1.2, – \"x\" é").ShouldBe("98.30 $\\pm$ 0.14, $-$1.2, -- \\textquotedbl{}x\\textquotedbl{} é");
    }

    [Fact]
    public void A_text_in_Markdown_is_text_whatever_is_in_it() => TextEscapes.Markdown(Hostile).ShouldBe(
        @"=1+1\|&lt;img src=x onerror=alert(1)&gt; &amp;amp; \\input{x}\[0pt\] 5%\_\#\$^\~{a}\* \`b\`  \!");

    [Fact]
    public void A_table_with_hostile_names_keeps_its_rows_and_columns()
    {
        var cells = Method.TableColumns.Select((_, i) => new TableCell(i, SeedStatistics.Of([91.5, 92.5]), 90, 2, 0, 0, 0, 1, [1])).ToList();
        var table = new ResultTable(1, $"Table 1. {Hostile}", [new(Hostile, Hostile, Hostile, Hostile, 128, 4096, null, 10, 100, 60_000, Hostile, cells, 0)]);

        var latex = TableText.Latex(table).Split('\n');
        var row = latex.Single(l => l.StartsWith("=1+1", StringComparison.Ordinal));
        row.Replace("\\&", "", StringComparison.Ordinal).Count(c => c == '&').ShouldBe(1 + Method.TableColumns.Count);
        row.ShouldEndWith(" \\\\");
        latex.ShouldNotContain(l => l.Contains("\\input", StringComparison.Ordinal) || l.StartsWith('['));
        latex.Single(l => l.StartsWith("\\caption{", StringComparison.Ordinal)).ShouldBe($"\\caption{{{TextEscapes.Latex(Hostile)}}}");

        var markdown = TableText.Markdown(table);
        markdown.ShouldNotContain("<img");
        var lines = markdown.Split('\n').Where(l => l.StartsWith('|')).ToList();
        lines.Count.ShouldBe(3);
        lines.ShouldAllBe(l => l.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|') == 3 + Method.TableColumns.Count);

        var record = TableText.Csv(table).Split("\r\n", 2)[1];
        record.ShouldStartWith($"\"'{Hostile}\",\"'{Hostile}\",128,4096,,10,100,\"'{Hostile}\",92,0.7071067811865476,2,90,");
    }

    [Fact]
    public void A_leaderboard_with_hostile_names_keeps_its_rows_and_columns_and_its_numbers()
    {
        var settings = new ExperimentSettings(Method.SmallBatchOnly, 128, 128, null, 10, 60_000, 0.1, 1e-4, 0.9, HyperParameters.DefaultClip, LearningRateScaling.SquareRoot, "");
        LeaderboardRow Row(string variant, params double[] accuracies) => new(
            settings with { Variant = variant }, SeedStatistics.Of(accuracies)!, TargetTimes.None, 1000, 10, 5000, 0, 0, 0, [1], [Hostile], SampleRuns.Now);
        var board = new Leaderboard("f1", "fashion-mnist", [new(60_000, 2)], 60_000, new(0.98, "chosen"), [Row("", 0.98, 0.984), Row(Hostile, 0.97, 0.972)]);
        var ranking = LeaderboardRanking.Of(board, new(null, null, null, LeaderboardOrder.Default, settings.Id));

        var csv = LeaderboardText.Csv(ranking);
        csv.ShouldContain($",SquareRoot,\"'{Hostile}\",2,0.971,");
        csv.ShouldContain(",0.972,-0.011");
        var rows = LeaderboardText.Latex(ranking).Split('\n').Where(l => l.EndsWith(" \\\\", StringComparison.Ordinal)).ToList();
        rows.Count.ShouldBe(3);
        rows.ShouldAllBe(l => l.Replace("\\&", "", StringComparison.Ordinal).Count(c => c == '&') == 8);
        rows[2].ShouldContain(TextEscapes.Latex(Hostile));
        rows[2].ShouldContain("$-$1.10 &");
        var lines = LeaderboardText.Markdown(ranking).Split('\n').Where(l => l.StartsWith('|')).ToList();
        lines.ShouldAllBe(l => l.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|') == 10);
        lines[3].ShouldContain(TextEscapes.Markdown(Hostile));
    }
}
