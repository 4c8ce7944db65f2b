using Tracker.Web.Components.Charts;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Charts;

public sealed class ChartLegendTests
{
    [Fact]
    public void The_final_value_is_the_last_finite_one_with_its_spread()
    {
        var data = Data(AxisUnit.Share, new ChartSeries { Id = "a", Name = "a", Color = "series-1", Xs = [1, 2, 3], Ys = [0.5, 0.9, double.NaN], Low = [0.4, 0.8, null], High = [0.6, 1.0, null] });
        ChartLegend.Of(data)[0].Value.ShouldBe("90.00 ± 10.00");
    }

    [Fact]
    public void A_legend_is_ordered_by_final_values_with_those_that_have_none_last()
    {
        var entries = ChartLegend.Of(Data(AxisUnit.Plain, Series("low", 1), Series("none", null), Series("high", 3)));
        ChartLegend.Ordered(entries, LegendOrder.Highest).Select(entry => entry.Series.Id).ShouldBe(["high", "low", "none"]);
        ChartLegend.Ordered(entries, LegendOrder.Lowest).Select(entry => entry.Series.Id).ShouldBe(["low", "high", "none"]);
        ChartLegend.Ordered(entries, LegendOrder.Given).Select(entry => entry.Series.Id).ShouldBe(["low", "none", "high"]);
    }

    [Fact]
    public void What_could_mislead_the_eye_is_said()
    {
        var data = Data(AxisUnit.Plain, Series("a", 0) with { Raw = [1] }, Series("b", double.NaN));
        ChartLegend.Notes(data with { Y = data.Y with { Log = true } }).Count.ShouldBe(3);
        ChartLegend.Notes(Data(AxisUnit.Plain, Series("a", 1))).ShouldBeEmpty();
    }

    [Fact]
    public void Grey_curves_past_those_that_can_be_told_apart_are_explained()
    {
        var many = Enumerable.Range(0, CurveLooks.Most + 1).Select(i => Series($"{i}", i) with { Color = i < CurveLooks.Most ? "series-1" : CurveLooks.Grey });
        ChartLegend.Notes(Data(AxisUnit.Plain, [.. many])).ShouldHaveSingleItem().ShouldContain("group or filter");
    }

    [Fact]
    public void A_table_tells_each_curve_at_a_few_positions()
    {
        var table = ChartTableView.Of(Data(AxisUnit.Share, new ChartSeries { Id = "a", Name = "a", Color = "series-1", Xs = [1, 2, 3], Ys = [0.5, 0.75, 0.9] }, Series("late", 0.1)));
        table.Positions.ShouldBe([1, 2, 3]);
        table.Rows[0].Values.ShouldBe(["50.00", "75.00", "90.00"]);
        table.Rows[1].Values.ShouldBe(["–", "10.00", "10.00"]);
        ChartTableView.Of(Data(AxisUnit.Share)).Rows.ShouldBeEmpty();
    }

    private static ChartSeries Series(string id, double? value) => new() { Id = id, Name = id, Color = "series-1", Xs = [2], Ys = [value] };

    private static ChartData Data(AxisUnit unit, params ChartSeries[] series) =>
        new() { Series = series, X = new("step", AxisUnit.Count, false, 0, 10, 2), Y = new("y", unit, false, 0, 1, 0.2) };
}
