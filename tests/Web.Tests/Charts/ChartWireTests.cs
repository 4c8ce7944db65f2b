using System.Runtime.InteropServices;
using Tracker.Web.Components.Charts;

namespace Tracker.Web.Tests.Charts;

public sealed class ChartWireTests
{
    private static readonly ChartAxis s_x = new("step", AxisUnit.Count, false, 0, 10, 2);

    [Fact]
    public void The_first_message_has_everything_and_shared_positions_once()
    {
        var (message, numbers) = ChartWire.Difference(null, Data(Series("a", [1, 2], [10, 20]), Series("b", [1, 2], [30, 40])));
        message.Frame!.X.ShouldBe(s_x);
        message.Order.ShouldBe(["a", "b"]);
        Doubles(numbers).ShouldBe([1, 2, 10, 20, 30, 40]);
        message.Series.Select(series => (series.Xs, series.Columns["ys"], series.Keep, series.Count)).ShouldBe([(0, 2, 0, 2), (0, 4, 0, 2)]);
    }

    [Fact]
    public void What_did_not_change_is_not_sent() =>
        ChartWire.Difference(Data(Series("a", [1, 2], [10, null])), Data(Series("a", [1, 2], [10, null]))).Message.IsEmpty.ShouldBeTrue();

    [Fact]
    public void A_live_curve_sends_the_points_that_are_new_and_the_last_one_that_moved()
    {
        var (message, numbers) = ChartWire.Difference(
            Data(Series("a", [1, 2, 3], [10, 20, 30]), Series("b", [1], [1])), Data(Series("a", [1, 2, 4, 5], [10, 20, 35, 40]), Series("b", [1], [1])));
        message.Frame.ShouldBeNull();
        message.Order.ShouldBeNull();
        var only = message.Series.ShouldHaveSingleItem();
        (only.Id, only.Look, only.Keep, only.Count).ShouldBe(("a", null, 2, 2));
        Doubles(numbers).ShouldBe([4, 5, 35, 40]);
    }

    [Fact]
    public void A_curve_that_got_shorter_keeps_what_is_left()
    {
        var only = ChartWire.Difference(Data(Series("a", [1, 2, 3], [10, 20, 30])), Data(Series("a", [1, 2], [10, 20]))).Message.Series.ShouldHaveSingleItem();
        (only.Keep, only.Count).ShouldBe((2, 0));
    }

    [Fact]
    public void A_curve_that_gets_a_band_is_sent_whole()
    {
        var (message, _) = ChartWire.Difference(Data(Series("a", [1, 2], [10, 20])), Data(Series("a", [1, 2], [10, 20]) with { Low = [9, 19], High = [11, 21] }));
        var only = message.Series.ShouldHaveSingleItem();
        (only.Keep, only.Count).ShouldBe((0, 2));
        only.Columns.Keys.ShouldBe(["ys", "low", "high"]);
    }

    [Fact]
    public void A_curve_that_is_gone_is_missing_in_the_order_and_a_new_name_sends_no_points()
    {
        ChartWire.Difference(Data(Series("a", [1], [1]), Series("b", [1], [1])), Data(Series("b", [1], [1]))).Message.Order.ShouldBe(["b"]);
        var (message, numbers) = ChartWire.Difference(Data(Series("a", [1], [1])), Data(Series("a", [1], [1]) with { Name = "other" }));
        message.Series.ShouldHaveSingleItem().Look!.Name.ShouldBe("other");
        numbers.ShouldBeEmpty();
    }

    [Fact]
    public void Gaps_are_told_from_values_that_are_not_finite()
    {
        var (_, numbers) = ChartWire.Difference(null, Data(Series("a", [1, 2, 3, 4], [null, double.NaN, double.NegativeInfinity, 7])));
        Doubles(numbers)[4..].ShouldBe([double.NaN, double.PositiveInfinity, double.PositiveInfinity, 7]);
    }

    private static double[] Doubles(byte[] bytes) => MemoryMarshal.Cast<byte, double>(bytes).ToArray();

    private static ChartSeries Series(string id, double[] xs, double?[] ys) => new() { Id = id, Name = id, Color = "series-1", Xs = xs, Ys = ys };

    private static ChartData Data(params ChartSeries[] series) => new() { Series = series, X = s_x, Y = s_x };
}
