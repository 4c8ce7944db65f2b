namespace Tracker.Domain.Tests;

public sealed class RandomPotentialFitTests
{
    [Theory]
    [InlineData(2.0)]
    [InlineData(1.0)]
    public void The_power_of_the_deviation_is_found_again(double alpha)
    {
        var fit = RandomPotentialFit.Through(Samples(d => 0.05 * Math.Pow(d, alpha / 2)), reach: 10, bins: 20).ShouldNotBeNull();
        // Bins of finite width bend a power a little.
        fit.Alpha.ShouldBe(alpha, 0.03);
        fit.Bins.Count.ShouldBe(20);
        fit.Bins.Sum(bin => bin.Samples).ShouldBe(1000);
    }

    [Fact]
    public void A_deviation_that_grows_straight_gives_its_slope_and_alpha_2_exactly()
    {
        var fit = RandomPotentialFit.Through(Samples(d => 0.001 * d), reach: 10, bins: 10).ShouldNotBeNull();
        fit.Line.Slope.ShouldBe(0.001, 1e-12);
        fit.Line.Intercept.ShouldBe(0, 1e-12);
        fit.Line.RSquared.ShouldBe(1, 1e-9);
        fit.Alpha.ShouldBe(2, 1e-9);
    }

    [Fact]
    public void Empty_bins_and_bins_without_deviation_are_left_out()
    {
        var fit = RandomPotentialFit.Through([(0.5, 0), (1.5, 0.1), (1.6, -0.1), (9.5, 0.7)], reach: 10, bins: 10).ShouldNotBeNull();
        fit.Bins.Select(bin => bin.Samples).ShouldBe([2, 1]);
        fit.Bins[0].Deviation.ShouldBe(0.1, 1e-12);
    }

    [Fact]
    public void A_single_distance_has_no_fit() => RandomPotentialFit.Through([(1, 0.1), (1.1, 0.2)], reach: 10, bins: 10).ShouldBeNull();

    /// <summary>Differences of both signs at distances spread evenly.</summary>
    private static IEnumerable<(double, double)> Samples(Func<double, double> deviation) =>
        Enumerable.Range(0, 1000).Select(i => 10 * (i + 0.5) / 1000).Select((d, i) => (d, (i % 2 == 0 ? 1 : -1) * deviation(d)));
}
