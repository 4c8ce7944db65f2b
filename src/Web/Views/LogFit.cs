using MathNet.Numerics;
using MathNet.Numerics.LinearRegression;

namespace Tracker.Web.Views;

/// <summary>The line y = a + b ln t through some points (figure 2 of the paper: the weights' distance from their start grows with the logarithm of the step).</summary>
/// <param name="Intercept">a.</param>
/// <param name="Slope">b, per e-fold.</param>
/// <param name="RSquared">Share of the variance that the line explains.</param>
/// <param name="SlopeError">Standard error of b.</param>
/// <param name="From">First t of the fit.</param>
/// <param name="To">Last t of the fit.</param>
public sealed record LogFit(double Intercept, double Slope, double RSquared, double SlopeError, double From, double To)
{
    /// <summary>Growth over a factor of ten in t.</summary>
    public double PerDecade => Slope * Math.Log(10);

    /// <summary>Standard error of <see cref="PerDecade"/>.</summary>
    public double PerDecadeError => SlopeError * Math.Log(10);

    public double At(double t) => Intercept + Slope * Math.Log(t);

    /// <summary>The fit to the points with t from 1 to <paramref name="until"/>; <see langword="null"/> for fewer than five of them.</summary>
    public static LogFit? Through(IEnumerable<(double T, double Y)> points, double until) => Fit([.. points.Where(point => point.T >= 1 && point.T <= until && double.IsFinite(point.Y))]);

    private static LogFit? Fit((double T, double Y)[] points)
    {
        if (points.Length < 5 || points[0].T >= points[^1].T)
            return null;
        var (ln, y) = (Array.ConvertAll(points, point => Math.Log(point.T)), Array.ConvertAll(points, point => point.Y));
        var (a, b) = SimpleRegression.Fit(ln, y);
        var fitted = Array.ConvertAll(ln, x => a + b * x);
        var rest = y.Zip(fitted, (real, line) => (real - line) * (real - line)).Sum();
        var center = ln.Average();
        var error = Math.Sqrt(rest / (points.Length - 2) / ln.Sum(x => (x - center) * (x - center)));
        return new(a, b, GoodnessOfFit.CoefficientOfDetermination(fitted, y), error, points[0].T, points[^1].T);
    }
}
