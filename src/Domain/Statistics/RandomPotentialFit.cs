namespace Tracker.Domain;

/// <summary>Deviation of the loss at about one distance from the start.</summary>
/// <param name="Distance">Root mean square of the samples' distances.</param>
/// <param name="Deviation">√E(L(w) − L(w_0))², in nats.</param>
/// <param name="Samples">Number of samples.</param>
public sealed record PotentialBin(double Distance, double Deviation, int Samples);

/// <summary>
/// The random-potential experiment of appendix B of the paper: √E(L(w) − L(w_0))² against ‖w − w_0‖ (equation 8 and figure 4). A
/// straight line means that the loss looks like a random potential with α = 2; in general the deviation grows with the power α/2.
/// </summary>
/// <param name="Bins">Deviation by distance, nearest first; bins without samples are left out.</param>
/// <param name="Line">Deviation against distance.</param>
/// <param name="Power">Logarithm of the deviation against logarithm of the distance; its slope is α/2.</param>
public sealed record RandomPotentialFit(IReadOnlyList<PotentialBin> Bins, LineFit Line, LineFit Power)
{
    /// <summary>α of equation (2), E(L(w) − L(w_0))² ~ ‖w − w_0‖^α.</summary>
    public double Alpha => 2 * Power.Slope;

    /// <summary>Sorts samples into bins of equal width and fits the lines.</summary>
    /// <param name="samples">‖w − w_0‖ from 0 to <paramref name="reach"/>, and L(w) − L(w_0).</param>
    /// <param name="reach">c, the largest distance.</param>
    /// <param name="bins">Number of bins, at least 2.</param>
    /// <returns>The fit, or <see langword="null"/> when fewer than two bins have samples and a deviation above 0.</returns>
    public static RandomPotentialFit? Through(IEnumerable<(double Distance, double Difference)> samples, double reach, int bins)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(reach);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        var found = samples
            .GroupBy(s => Math.Clamp((int)(s.Distance / reach * bins), 0, bins - 1))
            .OrderBy(group => group.Key)
            .Select(group => new PotentialBin(Root(group.Select(s => s.Distance)), Root(group.Select(s => s.Difference)), group.Count()))
            .Where(bin => bin.Deviation > 0)
            .ToList();
        var line = LineFit.Through(found.Select(bin => (bin.Distance, bin.Deviation)));
        var power = LineFit.Through(found.Where(bin => bin.Distance > 0).Select(bin => (Math.Log(bin.Distance), Math.Log(bin.Deviation))));
        return line is null || power is null ? null : new(found, line, power);
    }

    private static double Root(IEnumerable<double> values) => Math.Sqrt(values.Average(v => v * v));
}
