using MathNet.Numerics.Distributions;

namespace Tracker.Domain;

/// <summary>
/// Welch's t-test: whether two means differ, without assuming equal variances. With the three to five seeds that experiments have, its
/// degrees of freedom are few, and only large differences are significant; that is as it should be.
/// </summary>
/// <param name="Difference">The first mean minus the second.</param>
/// <param name="T">The difference in units of its standard error.</param>
/// <param name="DegreesOfFreedom">By the Welch–Satterthwaite equation; not whole in general.</param>
/// <param name="PValue">Two-sided: how often a difference at least as large would come about if the means were equal, from 0 to 1.</param>
public sealed record WelchTest(double Difference, double T, double DegreesOfFreedom, double PValue)
{
    /// <summary>Compares two samples.</summary>
    /// <param name="first">The first sample.</param>
    /// <param name="second">The second sample.</param>
    /// <returns>
    /// The test, or <see langword="null"/> when it cannot be made: a sample has a single value, or neither has any spread, so that the error
    /// of their difference is unknown.
    /// </returns>
    public static WelchTest? Between(SeedStatistics first, SeedStatistics second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (SquaredError(first) is not { } one || SquaredError(second) is not { } other || !(one + other > 0)) return null;
        var difference = first.Mean - second.Mean;
        var t = difference / Math.Sqrt(one + other);
        var freedom = (one + other) * (one + other) / (one * one / (first.Count - 1) + other * other / (second.Count - 1));
        return new(difference, t, freedom, Math.Min(1, 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(t))));
    }

    private static double? SquaredError(SeedStatistics sample) => sample.StandardDeviation * sample.StandardDeviation / sample.Count;
}
