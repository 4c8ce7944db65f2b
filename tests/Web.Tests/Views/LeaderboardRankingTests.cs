using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Tables;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class LeaderboardRankingTests
{
    private static readonly ExperimentSettings s_sb = new(Method.SmallBatchOnly, 128, 128, null, 10, 60_000, 0.1, 1e-4, 0.9, HyperParameters.DefaultClip, LearningRateScaling.SquareRoot, "");
    private static readonly ExperimentSettings s_lb = s_sb with { Method = Method.TableColumns[1], Batch = 4096 };
    private static readonly ExperimentSettings s_gbn = s_sb with { Method = Method.TableColumns[3], Batch = 4096, GhostBatch = 64 };

    [Fact]
    public void Rows_are_compared_with_the_baseline_by_the_domains_test_and_holms_correction()
    {
        var board = Board(Row(s_sb, 0.982, 0.984), Row(s_lb, 0.970, 0.972), Row(s_gbn, 0.981, 0.985), Row(s_gbn with { GhostBatch = 128 }, 0.99));
        var ranking = LeaderboardRanking.Of(board, Choice(baseline: s_sb.Id));

        ranking.Rows[0].Pinned.ShouldBeTrue();
        ranking.Rows[0].Comparison.ShouldBeNull();
        ranking.Tests.ShouldBe(2);
        var lb = ranking.Rows.Single(row => row.Settings == s_lb).Comparison.ShouldNotBeNull();
        lb.Difference.ShouldBe(-0.012, 1e-12);
        var expected = WelchTest.Between(board.Rows[1].Accuracy, board.Rows[0].Accuracy)!.PValue;
        lb.Test!.PValue.ShouldBe(expected);
        lb.Corrected!.Value.ShouldBe(2 * expected, 1e-12);
        (lb.Mark, lb.Significant).ShouldBe(("*", true));
        ranking.Rows.Single(row => row.Settings == s_gbn).Comparison!.Mark.ShouldBe("");
        var single = ranking.Rows.Single(row => row.Settings.GhostBatch == 128).Comparison!;
        (single.Test, single.Mark).ShouldBe((null, ""));
        single.Sentence.ShouldStartWith("No test");
    }

    [Fact]
    public void Two_stars_are_for_the_strict_level()
    {
        new Comparison(0.1, new(0.1, 9, 4, 0.001), 0.009).Mark.ShouldBe("**");
        new Comparison(0.1, new(0.1, 9, 4, 0.001), 0.01).Mark.ShouldBe("*");
        new Comparison(0.1, new(0.1, 9, 4, 0.001), 0.05).Mark.ShouldBe("");
    }

    [Fact]
    public void Filters_leave_rows_out_but_never_the_baseline()
    {
        var board = Board(Row(s_sb, 0.98), Row(s_lb, 0.97) with { Owners = ["Ann"] }, Row(s_lb with { Batch = 1024 }, 0.96));

        LeaderboardRanking.Of(board, Choice() with { Technique = "lb" }).Rows.Count.ShouldBe(2);
        LeaderboardRanking.Of(board, Choice() with { Batch = 1024 }).Rows.ShouldHaveSingleItem().Settings.Batch.ShouldBe(1024);
        LeaderboardRanking.Of(board, Choice() with { Owner = "ann" }).Rows.ShouldHaveSingleItem().Settings.ShouldBe(s_lb);
        LeaderboardRanking.Of(board, Choice(baseline: s_sb.Id) with { Batch = 1024 }).Rows.Select(row => row.Settings.Batch).ShouldBe([128, 1024]);
    }

    [Fact]
    public void What_all_rows_share_is_said_once_and_what_differs_beside_each()
    {
        var other = s_gbn with { GhostBatch = 128, Epochs = 20, Variant = "best epoch" };
        var ranking = LeaderboardRanking.Of(Board(Row(s_sb, 0.98), Row(s_gbn, 0.97), Row(other, 0.96)), Choice());

        ranking.SharedSettings.ShouldBe("small batch 128, rate 0.1, decay 0.0001, momentum 0.9");
        ranking.Rows.Select(row => row.Details).ShouldBe(["10 epochs", "ghost 64, 10 epochs", "ghost 128, 20 epochs, best epoch"]);
        LeaderboardRanking.Of(Board(Row(s_sb, 0.98), Row(s_gbn, 0.97)), Choice()).Rows.ShouldAllBe(row => row.Details == "");
    }

    [Fact]
    public void Any_column_sorts_and_rows_without_a_value_come_last_either_way()
    {
        var board = Board(
            Row(s_sb, 0.98) with { Target = new(1, 900, 9, null, null) }, Row(s_lb, 0.97), Row(s_gbn, 0.96) with { Target = new(1, 300, 12, null, null) });
        string Sorted(string order) => string.Join(' ', LeaderboardRanking.Of(board, Choice(order)).Rows.Select(row => row.Technique.Name));

        Sorted("").ShouldBe("SB LB +GBN");
        Sorted("mean").ShouldBe("+GBN LB SB");
        Sorted("steps").ShouldBe("+GBN SB LB");
        Sorted("-steps").ShouldBe("SB +GBN LB");
        Sorted("time").ShouldBe("SB +GBN LB");
        Sorted("-technique").ShouldBe("+GBN LB SB");
        Sorted("nonsense").ShouldBe("SB LB +GBN");
    }

    [Fact]
    public void A_click_sorts_the_useful_way_first_and_then_turns_round()
    {
        var steps = LeaderboardOrder.Default.Click(LeaderboardColumn.Steps);
        steps.Text.ShouldBe("steps");
        steps.Click(LeaderboardColumn.Steps).Text.ShouldBe("-steps");
        steps.Click(LeaderboardColumn.Mean).Text.ShouldBeNull();
        LeaderboardOrder.Parse("3").ShouldBeNull();
        LeaderboardOrder.Parse("-").ShouldBeNull();
    }

    [Fact]
    public void Copies_say_what_the_page_shows()
    {
        var board = Board(Row(s_sb, 0.982, 0.984) with { Target = new(2, 930, 9.3, 1, 1) }, Row(s_lb, 0.970, 0.972) with { Target = new(1, 800, 8, null, null) });
        var ranking = LeaderboardRanking.Of(board, Choice(baseline: s_sb.Id));

        var markdown = LeaderboardText.Markdown(ranking);
        markdown.ShouldContain("**F1 on Fashion-MNIST**");
        markdown.ShouldContain("98.30 ± 0.14 (2)");
        markdown.ShouldContain("−1.20\\*");
        markdown.ShouldContain("800 (1 of 2)");
        markdown.ShouldContain("All rows: small batch 128, 10 epochs");
        var lines = LeaderboardText.Csv(ranking).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(3);
        lines[0].ShouldStartWith("method,batch,small_batch,ghost_batch");
        lines[2].ShouldStartWith("lb,4096,128,,10,60000,0.1,0.0001,0.9,5,SquareRoot,,2,0.971");
    }

    [Fact]
    public void Rows_from_outside_say_so_and_say_only_what_is_known()
    {
        var stated = new ExperimentSettings(Method.SmallBatchOnly, 256, 0, null, 0, 0, 0.05, 0, 0, 0, LearningRateScaling.None, "") { Outside = ExperimentSettings.Logged };
        var named = stated with { Method = s_lb.Method, Outside = s_lb.Method.ToString(), Batch = 0 };
        var board = Board(Row(s_sb, 0.98, 0.99), Row(s_lb, 0.97), Row(stated, 0.981, 0.983), Row(named, 0.95));
        var ranking = LeaderboardRanking.Of(board, Choice());
        var logged = ranking.Rows.Single(row => row.Settings == stated);

        (ranking.Baseline, ranking.HasOutside, ranking.SharedSettings).ShouldBe((null, true, "small batch 128, 10 epochs, rate 0.1, decay 0.0001, momentum 0.9"));
        (logged.Outside, logged.Technique.Name, logged.Details, logged.Name).ShouldBe((true, "logged", "rate 0.05", "logged, batch 256, rate 0.05, logged from outside"));
        ranking.Rows.Single(row => row.Settings == named).Name.ShouldBe("LB, rate 0.05, logged from outside");
        LeaderboardRanking.Of(board, Choice() with { Technique = "sb" }).Rows.ShouldHaveSingleItem().Settings.ShouldBe(s_sb);
        LeaderboardRanking.Of(board, Choice() with { Technique = "lb" }).Rows.Count.ShouldBe(2);
        new LeaderboardModel([], board).Batches.ShouldBe([128, 256, 4096]);
        FigureFamily.Of(board.Rows).ShouldHaveSingleItem().Rows.ShouldAllBe(row => row.Settings.Outside == null);

        var markdown = LeaderboardText.Markdown(ranking);
        markdown.ShouldContain("| logged (from outside) | 256 ");
        markdown.ShouldContain("| LB (from outside) ");
        markdown.ShouldContain("All rows of this server: small batch 128");
        var csv = LeaderboardText.Csv(ranking).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        csv[0].ShouldEndWith(",runs,external");
        csv.ShouldContain(line => line.StartsWith("logged,256,,,,,0.05,,,,,,2,0.982", StringComparison.Ordinal) && line.EndsWith(",true"));
    }

    [Theory]
    [InlineData("f1", "fashion-mnist", "f1/fashion-mnist")]
    [InlineData("meta/net 2", "own data", "meta%2Fnet%202/own%20data")]
    public void The_list_of_boards_keeps_names_with_a_slash(string network, string dataset, string value)
    {
        LeaderboardModel.Value(network, dataset).ShouldBe(value);
        LeaderboardModel.Read(value).ShouldBe((network, dataset));
        LeaderboardModel.Read("f1").ShouldBeNull();
    }

    private static LeaderboardChoice Choice(string? order = null, string? baseline = null) => new(null, null, null, LeaderboardOrder.Read(order), baseline);

    private static LeaderboardRow Row(ExperimentSettings settings, params double[] accuracies) => new(
        settings, SeedStatistics.Of(accuracies)!, TargetTimes.None, 1000, 10, 5000, 0, 0, 0, [1], ["admin"], SampleRuns.Now);

    private static Leaderboard Board(params LeaderboardRow[] rows) =>
        new("f1", "fashion-mnist", [new(60_000, rows.Length)], 60_000, new(0.98, "chosen"), rows);
}
