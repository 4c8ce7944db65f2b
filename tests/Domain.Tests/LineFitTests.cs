using MathNet.Numerics;
using MathNet.Numerics.LinearRegression;

namespace Tracker.Domain.Tests;

public sealed class LineFitTests
{
    private static readonly (double X, double Y)[] s_points = [.. Enumerable.Range(1, 40).Select(i => (Math.Sqrt(i), 3 - 0.7 * Math.Sqrt(i) + 0.2 * Math.Sin(17 * i)))];

    [Fact]
    public void The_line_is_that_of_a_whole_regression()
    {
        var (x, y) = (s_points.Select(p => p.X).ToArray(), s_points.Select(p => p.Y).ToArray());
        var (intercept, slope) = SimpleRegression.Fit(x, y);
        var fit = LineFit.Through(s_points).ShouldNotBeNull();

        fit.Slope.ShouldBe(slope, 1e-12);
        fit.Intercept.ShouldBe(intercept, 1e-12);
        fit.RSquared.ShouldBe(GoodnessOfFit.RSquared(x.Select(v => intercept + slope * v), y), 1e-12);
        fit.Points.ShouldBe(40);
        fit.At(2).ShouldBe(intercept + 2 * slope, 1e-12);
        // s² = Σ residual² / (n − 2), s² / Σ (x − mean)² under the root.
        var rest = s_points.Sum(p => Math.Pow(p.Y - intercept - slope * p.X, 2)) / 38;
        fit.SlopeError.ShouldNotBeNull().ShouldBe(Math.Sqrt(rest / x.Sum(v => Math.Pow(v - x.Average(), 2))), 1e-12);
    }

    [Fact]
    public void Points_far_from_the_origin_lose_no_digits()
    {
        var fit = LineFit.Through(s_points.Select(p => (p.X + 1e6, p.Y + 1e6))).ShouldNotBeNull();
        fit.Slope.ShouldBe(LineFit.Through(s_points)!.Slope, 1e-7);
    }

    [Fact]
    public void Points_above_each_other_have_no_line() => LineFit.Through([(2, 1), (2, 3), (2, 5)]).ShouldBeNull();

    [Fact]
    public void One_point_has_no_line() => LineFit.Through([(1, 1)]).ShouldBeNull();

    [Fact]
    public void Two_points_have_a_line_of_unknown_error() => LineFit.Through([(1, 1), (3, 5)]).ShouldBe(new LineFit(2, -1, 1, null, 2));
}
