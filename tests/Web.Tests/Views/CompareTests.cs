using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Charts;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class CompareTests
{
    private static readonly IReadOnlyList<RunView> s_runs = SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "largeBatch": [1024, 4096], "methods": ["sb", "lb"], "seeds": [0, 1] }""");
    private static readonly IReadOnlyList<FoundRun> s_found = [.. s_runs.Select(run => new FoundRun(run, new Dictionary<string, double> { ["train/loss"] = run.Id }, ""))];
    private static readonly Curve s_loss = Curve.Read(MetricNames.TrainLoss);

    [Theory]
    [InlineData("1, #2;3 3", new long[] { 1, 2, 3 })]
    [InlineData("0,-4,x", new long[0])]
    [InlineData(null, new long[0])]
    public void Ids_are_read_however_they_are_written(string? text, long[] expected) => CompareQuery.ReadIds(text).ShouldBe(expected);

    [Fact]
    public void Metrics_are_read_once_each()
    {
        CompareQuery.ReadMetrics("").ShouldBeEmpty();
        CompareQuery.ReadMetrics("train/loss,grad_norm,train/loss").ShouldBe(["train/loss", "grad_norm"]);
    }

    [Theory]
    [InlineData(new string[0], "validation/accuracy")]
    [InlineData(new[] { "a", "train/loss", "validation/accuracy" }, "validation/accuracy")]
    [InlineData(new[] { "a", "train/loss" }, "train/loss")]
    [InlineData(new[] { "a", "b" }, "a")]
    public void Without_a_metric_in_the_address_it_is_one_that_the_runs_have(string[] metrics, string usual) => CompareQuery.UsualOf(metrics).ShouldBe(usual);

    [Fact]
    public void A_run_by_itself_shows_the_range_of_its_buckets_and_several_their_mean()
    {
        var single = GroupCurves.Draw(RunGrouping.Each.Of([s_runs[0]]), [Series(1, 2, 4)], s_loss, 0).ShouldHaveSingleItem();
        single.Smallest.ShouldBe([1, 3]);
        single.Members.ShouldBe([1]);
        var seeds = RunGrouping.Setting.Of([.. s_runs.Where(run => run.Spec.Batch == 128)]);
        var mean = GroupCurves.Draw(seeds, [Series(seeds[0].Runs[0].Id, 2, 4), Series(seeds[0].Runs[1].Id, 4, 8)], s_loss, 0).ShouldHaveSingleItem();
        mean.Ys.ShouldBe([3, 6]);
        mean.Smallest.ShouldBeNull();
        mean.Members.Count.ShouldBe(2);
    }

    [Fact]
    public void A_smoothed_curve_keeps_the_values_as_they_were()
    {
        var curve = GroupCurves.Draw(RunGrouping.Each.Of([s_runs[0]]), [Series(1, 0, 1)], s_loss, 0.75).ShouldHaveSingleItem();
        curve.Ys.ShouldBe([0, 0.25]);
        curve.Raw.ShouldBe([0, 1]);
    }

    [Fact]
    public void A_stretch_that_is_zoomed_into_has_its_own_vertical_axis_and_the_whole_horizontal_one()
    {
        var model = new CompareModel { Runs = s_found, Series = [Series(1, 100, 2)] };
        var groups = RunGrouping.Each.Of(s_runs);
        var whole = CompareCharts.Draw(model, groups, s_loss, CompareQuery.Usual, null, null);
        var part = CompareCharts.Draw(model, groups, s_loss, CompareQuery.Usual, new(1.5, 3), null);
        part.X.ShouldBe(whole.X);
        whole.Y.Max.ShouldBeGreaterThanOrEqualTo(100);
        part.Y.Max.ShouldBeLessThan(10);
    }

    [Fact]
    public void The_runs_of_an_opened_group_are_drawn_thinly_and_stay_out_of_the_legend()
    {
        var groups = RunGrouping.Setting.Of([.. s_runs.Where(run => run.Spec.Batch == 128)]);
        var model = new CompareModel { Runs = s_found, Series = [.. groups[0].Runs.Select(run => Series(run.Id, 1, 2))] };
        var chart = CompareCharts.Draw(model, groups, s_loss, ChartSettings.Usual, null, groups[0].Id);
        chart.Series.Count(series => series.Silent).ShouldBe(2);
        ChartLegend.Of(chart).ShouldHaveSingleItem();
    }

    [Fact]
    public void Settings_that_all_runs_share_are_left_out()
    {
        SettingsTable.Of([s_runs[0], s_runs.First(run => run.Spec.Batch == 128 && run.Spec.Seed == 1)], all: false).Select(row => row.Field).ShouldBe(["seed"]);
        SettingsTable.Of(s_runs, all: true).Count.ShouldBeGreaterThan(15);
        SettingsTable.Of([], all: true).ShouldBeEmpty();
    }

    [Fact]
    public void A_scatter_has_a_point_for_each_run_that_has_both_quantities()
    {
        var groups = RunGrouping.Each.Of(s_runs);
        var plot = ComparePlots.Scatter(s_found, groups, RunQuantity.Read("batch", "batch"), RunQuantity.Read("metrics.train/loss", "batch"), null, true, false, true);
        plot.Points.Count.ShouldBe(s_runs.Count);
        plot.Trend.Count.ShouldBe(2);
        ComparePlots.Scatter(s_found, groups, RunQuantity.Read("batch", "batch"), RunQuantity.Read("seconds", "batch"), null, false, false, true).Points.ShouldBeEmpty();
    }

    [Fact]
    public void Parallel_coordinates_have_the_settings_that_differ_and_the_accuracy()
    {
        var plot = ComparePlots.Parallel(s_found, RunGrouping.Each.Of(s_runs));
        plot.Axes.Select(axis => axis.Name).ShouldBe(["Technique", "Batch", "Accuracy"]);
        plot.Axes[0].Words.ShouldBe(["SB", "LB"]);
        plot.Lines[0].Values.ShouldBe([0, 128, null]);
    }

    [Fact]
    public void A_run_from_outside_has_curves_against_steps_and_time_alone()
    {
        var outside = new FoundRun(
            s_runs[0] with { Id = 900, External = new("theirs", new Dictionary<string, string>(), new Dictionary<string, string>(), SampleRuns.Now, Silent: false) },
            new Dictionary<string, double>(), "");
        var model = new CompareModel { Runs = [.. s_found, outside], Series = [Series(1, 2, 4), Series(900, 2, 4)] };
        int Curves(CurveAxis axis) => CompareCharts.Draw(model, RunGrouping.Each.Of(model.Views), s_loss, CompareQuery.Usual with { X = axis }, null, null).Series.Count;

        ((CurveAxis[])[CurveAxis.Epoch, CurveAxis.Samples, CurveAxis.Step, CurveAxis.Time]).Select(Curves).ShouldBe([1, 1, 2, 2]);
        CompareCharts.Without(model, CurveAxis.Epoch).ShouldHaveSingleItem().Id.ShouldBe(900);
        CompareCharts.Without(model, CurveAxis.Time).ShouldBeEmpty();
    }

    [Fact]
    public void Of_a_run_from_outside_only_what_its_program_stated_is_a_setting()
    {
        var spec = s_runs[0].Spec with { Parameters = s_runs[0].Spec.Parameters with { LearningRate = 0 } };
        var stated = new Dictionary<string, string> { ["Method"] = "SAM" };
        var fields = Configuration.Fields(s_runs[0] with { Spec = spec, External = new("theirs", stated, new Dictionary<string, string>(), SampleRuns.Now, Silent: false) })
            .ToDictionary(field => field.Field, field => field.Value);

        (fields["method"], fields["batch"], fields["first learning rate"], fields["gradient clipped at"], fields["rate scaling"]).ShouldBe(("SAM", "128", "–", "–", "–"));
        fields.Keys.ShouldBe(Configuration.Fields(s_runs[0]).Select(field => field.Field));
    }

    // Two buckets at steps 1 and 2, each reaching one down.
    private static MetricSeries Series(long run, double first, double second) =>
        new(run, MetricNames.TrainLoss, 4, [new(1, 1, first - 1, first, first), new(2, 2, second - 1, second, second)]);
}
