using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class SeedCurveTests
{
    [Fact]
    public void The_mean_of_equal_positions_has_the_sample_deviation_as_its_band()
    {
        var curve = SeedCurve.Of([[(1, 2), (2, 4)], [(1, 4), (2, 8)]]);
        curve.Xs.ShouldBe([1, 2]);
        curve.Mean.ShouldBe([3, 6]);
        curve.High[0]!.Value.ShouldBe(3 + Math.Sqrt(2), 1e-12);
        curve.Low[1]!.Value.ShouldBe(6 - Math.Sqrt(8), 1e-12);
    }

    [Fact]
    public void Between_its_points_a_curve_is_straight() => SeedCurve.Of([[(0, 0), (1, 0), (2, 0)], [(0, 0), (2, 2)]]).Mean.ShouldBe([0, 0.5, 1]);

    [Fact]
    public void A_curve_that_ended_counts_no_longer()
    {
        var curve = SeedCurve.Of([[(1, 1), (2, 1), (3, 1)], [(1, 3)]]);
        curve.Mean.ShouldBe([2, 1, 1]);
        curve.Low[1].ShouldBeNull();
    }

    [Fact]
    public void No_curves_make_an_empty_one() => SeedCurve.Of([[], []]).Xs.ShouldBeEmpty();

    [Fact]
    public void Smoothing_moves_part_of_the_way_and_keeps_the_first_value() =>
        SeedCurve.Of([[(1, 0), (2, 1)]]).Smoothed(0.75).Mean.ShouldBe([0, 0.25]);
}
