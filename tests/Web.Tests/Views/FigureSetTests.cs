using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Charts;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class FigureSetTests
{
    private const int Epochs = 10;
    private static readonly ExperimentSettings s_sb = new(Method.SmallBatchOnly, 128, 128, null, Epochs, 12_800, 0.1, 1e-4, 0.9, HyperParameters.DefaultClip, LearningRateScaling.SquareRoot, "");

    [Fact]
    public void Errors_are_means_over_seeds_against_epochs_and_against_steps()
    {
        var figures = Figures(Row(1, s_sb, 0.9, 0.92), Row(3, Large(1, 1024), 0.8, 0.8));

        var epochs = figures["error-epochs"].Data.ShouldNotBeNull();
        epochs.Series.Select(series => series.Name).ShouldBe(["SB 128", "LB 1,024"]);
        epochs.Series[0].Xs[^1].ShouldBe(Epochs);
        epochs.Series[0].Ys[^1]!.Value.ShouldBe(0.09, 1e-12);
        (epochs.Series[0].High![^1]!.Value - epochs.Series[0].Low![^1]!.Value).ShouldBe(2 * 0.01 * Math.Sqrt(2), 1e-9);
        var steps = figures["error-steps"].Data.ShouldNotBeNull();
        steps.Series[0].Xs[^1].ShouldBe(1000);
        steps.Series[1].Xs[^1].ShouldBe(130);
        figures["error-epochs"].Caption.ShouldContain("over 2 seeds, 4 runs.");
        figures["error-epochs"].RunIds.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void A_caption_counts_the_seeds_that_its_curves_are_drawn_of()
    {
        var figures = Figures(Row(1, s_sb, [.. Enumerable.Repeat(0.9, 12)]), Row(21, Large(1, 1024), 0.8, 0.8), Row(31, Large(1, 4096), 0.7));

        figures["error-epochs"].Caption.ShouldContain("over 1 to 10 seeds (of each row the first 10), 13 runs.");
        figures["error-epochs"].Data.ShouldNotBeNull().Series[0].Members.Count.ShouldBe(10);
        figures["batch-accuracy"].Caption.ShouldContain("over 1 to 12 seeds, 15 runs.");
    }

    [Fact]
    public void Weight_distances_have_the_slope_of_their_logarithm()
    {
        var figure = Figures(Row(1, s_sb, 0.9, 0.9), Row(3, Large(1, 1024), 0.8, 0.8))["distance-lb"];

        figure.Facts.ShouldBe([("SB 128", "2.00"), ("LB 1,024", "2.00")]);
        figure.Data.ShouldNotBeNull().X.Log.ShouldBeTrue();
        figure.Data.Series.Count(series => series.Style == SeriesStyle.Fit).ShouldBe(2);
    }

    [Fact]
    public void A_figure_without_its_runs_says_which_sweep_would_make_it()
    {
        var figures = Figures(Row(1, s_sb, 0.9, 0.9), Row(3, Large(1, 1024), 0.8, 0.8));

        var adaptation = figures["adaptation-epochs"];
        adaptation.Data.ShouldBeNull();
        adaptation.PlanHref.ShouldBe(Addresses.Like(1, "lb+lr+gbn+ra", 3));
        adaptation.PlanText.ShouldBe("Plan +RA, 3 seeds");
        Figures(Row(1, s_sb, 0.9, 0.9))["error-epochs"].PlanHref.ShouldBe(Addresses.Like(1, "lb", 3));
    }

    [Fact]
    public void Adaptation_is_drawn_beside_the_largest_batch_without_it()
    {
        var figures = Figures(Row(1, s_sb, 0.9), Row(3, Large(3, 1024), 0.8), Row(5, Large(3, 4096), 0.8), Row(7, Large(4, 1024), 0.9), Row(9, Large(4, 4096), 0.9));

        figures["adaptation-steps"].Data.ShouldNotBeNull().Series.Select(series => series.Name).ShouldBe(["SB 128", "+GBN 4,096", "+RA 1,024", "+RA 4,096"]);
        figures["adaptation-epochs"].Data.ShouldNotBeNull().X.Log.ShouldBeTrue();
    }

    [Fact]
    public void Against_the_batch_each_technique_is_a_curve_with_its_deviations_as_bars()
    {
        var reached = new TargetTimes(2, 400, 4, 40, 0.5);
        var figures = Figures(Row(1, s_sb, 0.9, 0.9), Row(3, Large(1, 1024), 0.8, 0.82) with { Target = reached }, Row(5, Large(1, 4096), 0.7, 0.7) with { Target = reached with { StepsDeviation = null } });

        var series = figures["batch-accuracy"].Data.ShouldNotBeNull().Series;
        series.Where(one => !one.Silent).Select(one => one.Name).ShouldBe(["SB", "LB"]);
        series.Single(one => one.Id == "lb").Xs.ShouldBe([1024, 4096]);
        var steps = figures["batch-steps"].Data.ShouldNotBeNull().Series;
        steps.Single(one => one.Id == "lb-bars").Ys.ShouldBe([360, 440, null]);
        figures["batch-steps"].Caption.ShouldContain("4 runs.");
        figures["batch-time"].Title.ShouldBe("Time to 85.0 % against the batch");
    }

    [Fact]
    public void Settings_that_differ_beyond_method_and_batch_are_never_in_one_figure()
    {
        var families = FigureFamily.Of([Row(1, s_sb, 0.9, 0.9), Row(3, Large(1, 1024), 0.9, 0.9), Row(5, s_sb with { LearningRate = 0.05 }, 0.9)]);

        families.Select(family => family.Rows.Count).ShouldBe([2, 1]);
        FigureFamily.Choose(families, families[1].Id).ShouldBe(families[1]);
        FigureFamily.Choose(families, "none").ShouldBe(families[0]);
    }

    [Fact]
    public void The_ghost_batch_with_the_most_runs_is_drawn_unless_another_is_asked_for()
    {
        var family = FigureFamily.Of([Row(1, Large(3, 1024) with { GhostBatch = 64 }, 0.9), Row(3, Large(3, 1024) with { GhostBatch = 128 }, 0.9, 0.9)])[0];

        (family.ChooseGhost(null), family.ChooseGhost(64), family.ChooseGhost(32)).ShouldBe((128, 64, 128));
    }

    private static ExperimentSettings Large(int column, int batch) =>
        s_sb with { Method = Method.TableColumns[column], Batch = batch, GhostBatch = column >= 3 ? 64 : null };

    private static LeaderboardRow Row(long firstRun, ExperimentSettings settings, params double[] accuracies) => new(
        settings, SeedStatistics.Of(accuracies)!, TargetTimes.None, StepsOf(settings), 10, 5000, 0, 0, 0, [.. accuracies.Select((_, i) => firstRun + i)], [], SampleRuns.Now);

    private static long StepsOf(ExperimentSettings settings) => Epochs * ((settings.TrainExamples + settings.Batch - 1) / settings.Batch);

    private static Dictionary<string, Figure> Figures(params LeaderboardRow[] rows)
    {
        var family = FigureFamily.Of(rows).ShouldHaveSingleItem();
        var board = new Leaderboard("f1", "fashion-mnist", [new(12_800, rows.Length)], 12_800, new(0.85, "chosen"), rows);
        var errors = rows.SelectMany(row => row.RunIds.Select((run, i) => Series(run, row, Epochs, (x, step) => new(x, step, 0, 0, SampleAccuracy(row, i) - 0.5 + 0.5 * x / Epochs))));
        var distances = rows.SelectMany(row => row.RunIds.Select(run => Series(run, row, Epochs, (_, step) => new(step, step, 0, 0, 1 + 2 * Math.Log(step)))));
        var model = new FiguresModel(
            [], board, [family], family, family.ChooseGhost(null), new Dictionary<long, RunSpec>(), errors.ToDictionary(one => one.RunId), distances.ToDictionary(one => one.RunId));
        return FigureSet.Of(model).SelectMany(group => group.Figures).ToDictionary(figure => figure.Id);
    }

    // The seeds' accuracies are symmetric around the mean, so they follow from mean and deviation.
    private static double SampleAccuracy(LeaderboardRow row, int seed) => row.Accuracy.StandardDeviation is { } deviation
        ? row.Accuracy.Mean + (seed == 0 ? -1 : 1) * deviation / Math.Sqrt(2) : row.Accuracy.Mean;

    private static MetricSeries Series(long run, LeaderboardRow row, int points, Func<double, long, MetricBucket> at) =>
        new(run, "", points, [.. Enumerable.Range(1, points).Select(i => at(i, row.Steps * i / points))]);
}
