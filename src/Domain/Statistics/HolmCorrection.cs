namespace Tracker.Domain;

/// <summary>
/// Holm's step-down correction for several tests at once: the chance that any of the true null hypotheses is rejected stays below the
/// level, whatever the tests' dependence, with more power than dividing the level by their number.
/// </summary>
public static class HolmCorrection
{
    /// <summary>p-values that can be compared with the level as if each were alone.</summary>
    /// <param name="values">The p-values of the tests, from 0 to 1.</param>
    /// <returns>The corrected ones in the same order: never smaller than the original, at most 1.</returns>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var adjusted = new double[values.Count];
        var largest = 0.0;
        foreach (var (rank, index) in Enumerable.Range(0, values.Count).OrderBy(i => values[i]).Index())
            adjusted[index] = largest = Math.Max(largest, Math.Min(1, values[index] * (values.Count - rank)));
        return adjusted;
    }
}
