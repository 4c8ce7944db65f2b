using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class LogFitTests
{
    [Fact]
    public void A_logarithm_is_found_again_exactly()
    {
        var fit = LogFit.Through(Enumerable.Range(1, 50).Select(t => ((double)t, -0.31 + 1.03 * Math.Log(t))), until: 50).ShouldNotBeNull();
        fit.Intercept.ShouldBe(-0.31, 1e-9);
        fit.Slope.ShouldBe(1.03, 1e-9);
        fit.RSquared.ShouldBe(1, 1e-9);
        fit.PerDecade.ShouldBe(1.03 * Math.Log(10), 1e-9);
        fit.At(10).ShouldBe(-0.31 + 1.03 * Math.Log(10), 1e-9);
    }

    [Fact]
    public void Points_after_the_first_change_of_the_rate_do_not_count()
    {
        var points = Enumerable.Range(1, 50).Select(t => ((double)t, t <= 25 ? Math.Log(t) : 100.0));
        LogFit.Through(points, until: 25).ShouldNotBeNull().ShouldSatisfyAllConditions(fit => fit.Slope.ShouldBe(1, 1e-9), fit => fit.To.ShouldBe(25));
    }

    [Fact]
    public void Four_points_are_too_few() => LogFit.Through([(1, 1), (2, 2), (3, 3), (4, 4)], until: 10).ShouldBeNull();
}
