using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Parts;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

/// <summary>What the page of a sweep decides before it draws.</summary>
public sealed class SweepPageTests
{
    private static readonly IReadOnlyList<RunView> s_runs =
        [.. SampleRuns.Of("""{ "network": "f1", "dataset": "fashion-mnist", "largeBatch": [1024, 4096], "seeds": [0, 1, 2] }""").Select(run => run with { Attempt = 1, State = RunState.Running })];

    [Fact]
    public void Runs_that_have_not_begun_are_not_drawn()
    {
        var runs = s_runs.Select(run => run.Spec.Seed == 2 ? run with { Attempt = 0 } : run).ToArray();
        var chart = new SweepChart(runs, ChartSettings.Usual, members: null);
        chart.Groups.Count.ShouldBe(9);
        chart.Runs.ShouldAllBe(run => run.Spec.Seed < 2);
        (chart.Left, chart.Cut).ShouldBe((0, null));
    }

    [Fact]
    public void More_curves_than_can_be_told_apart_are_left_out_and_counted()
    {
        var chart = new SweepChart(s_runs, ChartSettings.Usual with { Group = RunGrouping.Each }, members: null);
        chart.Groups.Count.ShouldBe(SweepChart.MostCurves);
        chart.Left.ShouldBe(s_runs.Count - SweepChart.MostCurves);
    }

    [Fact]
    public void Of_a_thousand_runs_no_more_are_read_than_the_chart_can_show()
    {
        var seeds = string.Join(',', Enumerable.Range(0, 120));
        var runs = SampleRuns.Of($$"""{ "network": "f1", "dataset": "fashion-mnist", "largeBatch": [1024, 4096], "seeds": [{{seeds}}] }""").Select(run => run with { Attempt = 1 }).ToArray();
        runs.Length.ShouldBeGreaterThan(1000);
        var chart = new SweepChart(runs, ChartSettings.Usual with { Group = RunGrouping.Read("technique", RunGrouping.Each) }, members: null);
        chart.Groups.Count.ShouldBe(5);
        chart.Cut.ShouldBe(40);
        chart.Runs.Count.ShouldBe(SweepChart.MostRuns);
        chart.Points.ShouldBe(200);
    }

    [Fact]
    public void The_members_of_a_curve_are_drawn_beside_it_when_it_is_opened()
    {
        var settings = ChartSettings.Usual with { Group = RunGrouping.Read("technique", RunGrouping.Each) };
        var token = SweepChart.Token(new SweepChart(s_runs, settings, null).Groups[^1]);
        var chart = new SweepChart(s_runs, settings, token);
        chart.Opened.ShouldBe(chart.Groups[^1]);
        var series = chart.Runs.Select(run => new MetricSeries(run.Id, MetricNames.ValidationAccuracy, 2, [new(1, 1, 0.1, 0.1, 0.1), new(2, 2, 0.2, 0.2, 0.2)]));

        var drawn = chart.Draw(series, Curve.All[0], zoom: null).Series;

        drawn.Count.ShouldBe(5 + 6);
        drawn.Select(one => SweepChart.Member(one.Id)).OfType<long>().ShouldBe(chart.Opened!.Runs.Select(run => run.Id));
        drawn.Where(one => SweepChart.Member(one.Id) is not null).ShouldAllBe(one => one.Silent);
    }

    [Fact]
    public void A_group_by_settings_has_a_short_name_in_addresses()
    {
        var groups = new SweepChart(s_runs, ChartSettings.Usual, null).Groups;
        groups.Select(SweepChart.Token).Distinct().Count().ShouldBe(groups.Count);
        groups.ShouldAllBe(group => SweepChart.Token(group).Length == 12);
    }

    [Theory]
    [InlineData(null, 4096)]
    [InlineData("1024", 1024)]
    [InlineData("7", 4096)]
    [InlineData("all", null)]
    public void The_largest_batch_is_drawn_unless_another_or_all_are_asked_for(string? text, int? batch) =>
        SweepModel.Batch(text, SweepModel.LargeBatches(s_runs)).ShouldBe(batch);

    [Theory]
    [InlineData("failed,Queued", "queued,failed")]
    [InlineData("done", null)]
    [InlineData(null, null)]
    public void States_in_an_address_are_read_and_written(string? text, string? written) => StateFilter.Write(StateFilter.Read(text)).ShouldBe(written);

    [Fact]
    public void A_state_that_is_chosen_twice_is_not_chosen()
    {
        var once = StateFilter.Toggle(StateFilter.Read("failed"), StateLook.Queued);
        StateFilter.Write(once).ShouldBe("queued,failed");
        StateFilter.Write(StateFilter.Toggle(once.ToHashSet(), StateLook.Failed)).ShouldBe("queued");
    }

    [Fact]
    public void A_log_axis_that_nobody_asked_for_goes_with_the_axis_that_it_belongs_to()
    {
        var present = SweepSettings.Usual(null, Curve.All[0]);
        present.LogX.ShouldBeTrue();
        var query = SweepSettings.Query(present with { X = CurveAxis.Epoch }, present, Curve.All[0]);
        query["x"].ShouldBe("epoch");
        query["logx"].ShouldBeNull();
        SweepSettings.Query(present with { LogX = false }, present, Curve.All[0])["logx"].ShouldBe("0");
    }

    [Fact]
    public void Newer_runs_take_the_places_of_the_older_ones_and_stay_reused()
    {
        var model = Model([.. s_runs.Take(3).Select(run => run with { Reused = true })]);
        model.With([], []).ShouldBeSameAs(model.Runs);
        var newer = s_runs[1] with { State = RunState.Failed };
        var runs = model.With([newer.Id, s_runs[5].Id], [newer, s_runs[5]]);
        runs.Select(run => run.Id).ShouldBe(model.Runs.Select(run => run.Id));
        (runs[1].State, runs[1].Reused).ShouldBe((RunState.Failed, true));
    }

    [Fact]
    public void A_run_that_is_asked_for_and_not_found_is_gone()
    {
        var model = Model([.. s_runs.Take(3)]);
        model.With([s_runs[0].Id, s_runs[2].Id], [s_runs[2]]).Select(run => run.Id).ShouldBe([s_runs[1].Id, s_runs[2].Id]);
    }

    [Fact]
    public void All_runs_are_read_when_nothing_else_is_and_at_the_latest_after_ten_seconds_of_changes()
    {
        var model = Model(s_runs);
        var soon = SampleRuns.Now + TimeSpan.FromSeconds(9);
        var late = SampleRuns.Now + SweepModel.LongestPartial;
        var (quiet, busy) = (new ChangedRuns.Known([], All: false, 0), new ChangedRuns.Known([s_runs[0].Id], All: false, 1));
        model.IsDue(quiet, model.Asked, soon).ShouldBeTrue();
        model.IsDue(quiet, "another view", soon).ShouldBeFalse();
        model.IsDue(busy, model.Asked, soon).ShouldBeFalse();
        model.IsDue(busy with { All = true }, model.Asked, soon).ShouldBeTrue();
        model.IsDue(busy, model.Asked, late).ShouldBeTrue();
    }

    [Fact]
    public void What_goes_with_a_sweep_is_said_exactly()
    {
        DeletionText.Of("F1", new(27, 125_000, 20, 95_000_000, Kept: 3, Active: 0)).ShouldBe(
            "F1 goes with 27 runs, 125,000 points of their curves, their logs and 20 checkpoints (95 MB). 3 more runs stay, because other sweeps show them. It can be restored from the recycle bin.");
        DeletionText.Of("F1", new(1, 1, 0, 0, Kept: 0, Active: 0)).ShouldBe("F1 goes with 1 run, 1 point of their curves and their logs. It can be restored from the recycle bin.");
    }

    [Fact]
    public void A_tab_says_first_what_one_waits_for()
    {
        var run = s_runs[0] with { Progress = new(62, 100, 1, 2, 5, 1, 0.1, null, null) };
        PageTitles.Of(run).ShouldBe("62 % · F1 SB, batch 128, seed 0");
        PageTitles.Of(run with { State = RunState.Failed }).ShouldBe("Failed · F1 SB, batch 128, seed 0");
    }

    private static SweepModel Model(IReadOnlyList<RunView> runs) => new(null!, runs, [], [])
    {
        Chart = new(runs, ChartSettings.Usual, null), Series = KeptSeries.None, Known = default, Asked = "", Whole = SampleRuns.Now,
    };
}
