using Tracker.Storage;
using Tracker.Web.Components.Charts;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class ChartSettingsTests
{
    [Fact]
    public void What_is_as_usual_is_left_out_of_the_address() => ChartSettings.Usual.Query(ChartSettings.Usual).Values.ShouldAllBe(value => value == null);

    [Fact]
    public void What_was_written_into_an_address_is_read_again()
    {
        var chosen = new ChartSettings(CurveAxis.Samples, LogX: true, LogY: true, 0.85, RunGrouping.Read("technique,batch", RunGrouping.Each));
        var query = chosen.Query(ChartSettings.Usual);
        query["smooth"].ShouldBe("0.85");
        ChartSettings.Read((string?)query["x"], (string?)query["logx"], (string?)query["logy"], 0.85, (string?)query["group"], ChartSettings.Usual).ShouldBe(chosen);
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(7.0, 0.99)]
    [InlineData(-1.0, 0)]
    public void A_senseless_smoothing_is_none_or_the_most(double typed, double expected) =>
        ChartSettings.Read("nonsense", "x", null, typed, null, ChartSettings.Usual).ShouldBe(ChartSettings.Usual with { Smoothing = expected });

    [Fact]
    public void Steps_on_a_logarithmic_axis_come_in_buckets_that_widen() => (ChartSettings.Usual with { LogX = true }).Axis.ShouldBe(MetricAxis.LogStep);

    [Theory]
    [InlineData("1200..5000", 1200, 5000)]
    [InlineData("0.5..0.75", 0.5, 0.75)]
    public void A_stretch_is_read_and_written(string text, double from, double to)
    {
        ChartRange.Read(text).ShouldBe(new(from, to));
        new ChartRange(from, to).ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("5..2")]
    [InlineData("1..NaN")]
    [InlineData("1")]
    [InlineData("5..5.0000000001")]
    public void What_is_no_stretch_is_the_whole_axis(string? text) => ChartRange.Read(text).ShouldBeNull();
}
