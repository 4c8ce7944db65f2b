using Tracker.Web.Components.Charts;

namespace Tracker.Web.Tests.Charts;

public sealed class AxisScaleTests
{
    [Fact]
    public void An_accuracy_axis_ends_on_round_ticks_around_the_values()
    {
        var axis = AxisScale.Around("accuracy", AxisUnit.Share, [0.24, 0.61, 0.93]);
        axis.ShouldBe(new ChartAxis("accuracy", AxisUnit.Share, false, 0.2, 1, 0.2));
    }

    [Fact]
    public void An_accuracy_axis_never_leaves_zero_to_one() =>
        AxisScale.Around("accuracy", AxisUnit.Share, [0.001, 0.999]).ShouldSatisfyAllConditions(
            axis => axis.Min.ShouldBe(0), axis => axis.Max.ShouldBe(1));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.31, 0.32)]
    [InlineData(-3, 17)]
    [InlineData(12, 91_234)]
    [InlineData(1e-7, 2e-6)]
    public void There_are_three_to_seven_ticks_and_all_values_are_inside(double low, double high)
    {
        var axis = AxisScale.Around("", AxisUnit.Plain, [low, high]);
        axis.Min.ShouldBeLessThanOrEqualTo(low);
        axis.Max.ShouldBeGreaterThanOrEqualTo(high);
        ((axis.Max - axis.Min) / axis.Interval!.Value).ShouldBeInRange(2.99, 7.01);
    }

    [Fact]
    public void Equal_values_get_room_around_them()
    {
        var axis = AxisScale.Around("", AxisUnit.Plain, [2, 2, 2]);
        axis.Min.ShouldBeLessThan(2);
        axis.Max.ShouldBeGreaterThan(2);
    }

    [Fact]
    public void No_values_at_all_still_make_an_axis() => AxisScale.Around("", AxisUnit.Plain, []).Max.ShouldBeGreaterThan(0);

    [Fact]
    public void A_log_axis_spans_whole_decades_and_leaves_out_what_is_not_positive()
    {
        var axis = AxisScale.Around("rate", AxisUnit.Plain, [0, 0.02, 0.5], log: true);
        (axis.Min, axis.Max, axis.Interval).ShouldBe((0.01, 1, null));
    }

    [Theory]
    [InlineData(100, 20)]
    [InlineData(10, 2)]
    [InlineData(12, 2.5)]
    [InlineData(0.03, 0.01)]
    public void An_interval_is_a_round_number(double span, double interval) => AxisScale.Interval(span, 5).ShouldBe(interval, interval * 1e-9);

    [Fact]
    public void A_time_axis_has_ticks_at_whole_minutes() => AxisScale.Across("time", AxisUnit.Seconds, 0, 510).Interval.ShouldBe(120);
}
