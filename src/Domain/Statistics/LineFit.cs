namespace Tracker.Domain;

/// <summary>The least-squares line y = intercept + slope · x through some points.</summary>
/// <param name="Slope">Growth of y per unit of x.</param>
/// <param name="Intercept">y at x = 0.</param>
/// <param name="RSquared">Share of the variance of y that the line explains, from 0 to 1; 1 when y does not vary.</param>
/// <param name="SlopeError">Standard error of the slope, or <see langword="null"/> for fewer than three points.</param>
/// <param name="Points">Number of points, at least 2.</param>
public sealed record LineFit(double Slope, double Intercept, double RSquared, double? SlopeError, long Points)
{
    /// <summary>The line through some points.</summary>
    /// <param name="points">The points in any order.</param>
    /// <returns>The line, or <see langword="null"/> when all points have the same x.</returns>
    public static LineFit? Through(IEnumerable<(double X, double Y)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return points.Aggregate(default(LineMoments), (moments, point) => moments.With(point.X, point.Y)).Fit();
    }

    /// <summary>The line's y at some x.</summary>
    /// <param name="x">Where.</param>
    public double At(double x) => Intercept + Slope * x;
}

/// <summary>
/// What a line's fit needs to know of its points, whatever their number: a regression that can be saved half-way and go on. Means and
/// sums of centred products are kept (Welford's way), because plain sums of squares would cancel.
/// </summary>
/// <param name="Points">Number of points.</param>
/// <param name="MeanX">Mean of x.</param>
/// <param name="MeanY">Mean of y.</param>
/// <param name="SumXX">Σ (x − mean x)².</param>
/// <param name="SumXY">Σ (x − mean x)(y − mean y).</param>
/// <param name="SumYY">Σ (y − mean y)².</param>
public readonly record struct LineMoments(long Points, double MeanX, double MeanY, double SumXX, double SumXY, double SumYY)
{
    /// <summary>One point more.</summary>
    /// <param name="x">Its x, finite.</param>
    /// <param name="y">Its y, finite.</param>
    public LineMoments With(double x, double y)
    {
        var points = Points + 1;
        var (dx, dy) = (x - MeanX, y - MeanY);
        var (meanX, meanY) = (MeanX + dx / points, MeanY + dy / points);
        return new(points, meanX, meanY, SumXX + dx * (x - meanX), SumXY + dx * (y - meanY), SumYY + dy * (y - meanY));
    }

    /// <summary>The line through the points.</summary>
    /// <returns>The line, or <see langword="null"/> when all points have the same x.</returns>
    public LineFit? Fit()
    {
        if (Points < 2 || !(SumXX > 0)) return null;
        var slope = SumXY / SumXX;
        var explained = SumYY > 0 ? Math.Min(1, slope * SumXY / SumYY) : 1;
        double? error = Points > 2 ? Math.Sqrt(Math.Max(0, SumYY - slope * SumXY) / (Points - 2) / SumXX) : null;
        return new(slope, MeanY - slope * MeanX, explained, error, Points);
    }
}
