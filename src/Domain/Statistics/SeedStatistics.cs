using MathNet.Numerics.Statistics;

namespace Tracker.Domain;

/// <summary>Mean and spread of one quantity over seeds.</summary>
/// <param name="Count">Number of values, at least 1.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="StandardDeviation">Sample standard deviation (n − 1), or <see langword="null"/> for a single value.</param>
/// <param name="Best">The largest value.</param>
public sealed record SeedStatistics(int Count, double Mean, double? StandardDeviation, double Best)
{
    /// <summary>Mean and spread of some values.</summary>
    /// <param name="values">Finite values in any order.</param>
    /// <returns>The statistics, or <see langword="null"/> when there are no values.</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static SeedStatistics? Of(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.FirstOrDefault(v => !double.IsFinite(v)) is var odd && !double.IsFinite(odd))
            throw new ArgumentException($"Expected finite values, found {odd}.", nameof(values));
        return values.Count == 0 ? null : new(values.Count, values.Mean(), values.Count > 1 ? values.StandardDeviation() : null, values.Max());
    }
}
