namespace Tracker.Domain.Tests;

public sealed class DiffusionFitTests
{
    [Fact]
    public void A_logarithm_is_found_again_and_fits_better_than_a_root()
    {
        var fit = DiffusionFit.Through(Series(t => 0.4 + 1.03 * Math.Log(t))).ShouldNotBeNull();

        fit.Logarithm.Slope.ShouldBe(1.03, 1e-9);
        fit.Logarithm.Intercept.ShouldBe(0.4, 1e-9);
        fit.Logarithm.RSquared.ShouldBe(1, 1e-9);
        fit.SquareRoot.RSquared.ShouldBeLessThan(0.95);
        (fit.From, fit.To, fit.Logarithm.Points).ShouldBe((1, 200, 200));
    }

    [Fact]
    public void A_walk_on_a_flat_potential_fits_a_root_better()
    {
        var fit = DiffusionFit.Through(Series(t => 0.2 * Math.Sqrt(t))).ShouldNotBeNull();
        fit.SquareRoot.Slope.ShouldBe(0.2, 1e-9);
        fit.SquareRoot.RSquared.ShouldBe(1, 1e-9);
        fit.Logarithm.RSquared.ShouldBeLessThan(0.95);
    }

    [Theory]
    [InlineData(2.0)]
    [InlineData(1.0)]
    [InlineData(4.0)]
    public void Alpha_is_read_from_the_power_of_the_logarithm(double alpha)
    {
        var fit = DiffusionFit.Through(Series(t => 3 * Math.Pow(Math.Log(t), 2 / alpha))).ShouldNotBeNull();
        fit.Alpha.ShouldNotBeNull().ShouldBe(alpha, 1e-9);
        // ln ln 1 does not exist.
        fit.Power.ShouldNotBeNull().Points.ShouldBe(199);
    }

    [Fact]
    public void Steps_after_the_initial_phase_do_not_count()
    {
        var fit = DiffusionFit.Through(Series(t => t <= 50 ? Math.Log(t) : 100), until: 50).ShouldNotBeNull();
        fit.Logarithm.Slope.ShouldBe(1, 1e-9);
        fit.To.ShouldBe(50);
    }

    [Fact]
    public void A_series_can_be_interrupted_anywhere()
    {
        var points = Series(t => Math.Log(t) + 0.1 * Math.Sin(t)).ToList();
        var half = points.Take(70).Aggregate(default(DiffusionMoments), (moments, p) => moments.With(p.T, p.Distance));
        points.Skip(70).Aggregate(half, (moments, p) => moments.With(p.T, p.Distance)).Fit().ShouldBe(DiffusionFit.Through(points));
    }

    [Fact]
    public void Four_points_are_too_few() => DiffusionFit.Through(Series(Math.Log).Take(4)).ShouldBeNull();

    [Fact]
    public void Steps_before_the_first_update_and_lost_values_do_not_count() =>
        DiffusionFit.Through([(0, 5), (0.5, 7), (8, double.NaN), .. Series(Math.Log)]).ShouldBe(DiffusionFit.Through(Series(Math.Log)));

    private static IEnumerable<(double T, double Distance)> Series(Func<double, double> distance) =>
        Enumerable.Range(1, 200).Select(t => ((double)t, distance(t)));
}
