using System.Globalization;
using Tracker.Domain;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>One number that a diagnostic found.</summary>
public sealed record DiagnosticFinding(string Label, Quantity Value);

/// <summary>What diagnostics found, in words and with units.</summary>
public static class DiagnosticFindings
{
    private const string DeviationPrefix = "deviationAt";

    private static readonly Dictionary<(string Diagnostic, string Value), (string Label, Func<double, Quantity> Show)> s_known = new()
    {
        [(DiagnosticNames.DiffusionFit, "slope")] = ("Slope per e-fold of t", Plain),
        [(DiagnosticNames.DiffusionFit, "intercept")] = ("Intercept", Plain),
        [(DiagnosticNames.DiffusionFit, "rSquared")] = ("R² of a + b ln t", Share),
        [(DiagnosticNames.DiffusionFit, "rSquaredOfRoot")] = ("R² of a + b √t", Share),
        [(DiagnosticNames.DiffusionFit, "from")] = ("From", Steps),
        [(DiagnosticNames.DiffusionFit, "to")] = ("To", Steps),
        [(DiagnosticNames.DiffusionFit, "points")] = ("Points", Count),
        [(DiagnosticNames.DiffusionFit, "exponent")] = ("Power of ln t", Plain),
        [(DiagnosticNames.DiffusionFit, "alpha")] = ("α", Plain),
        [(DiagnosticNames.LayerDistances, "parameters")] = ("Parameters measured", Count),
        [(DiagnosticNames.NoiseScale, "noiseScale")] = ("tr Σ / |G|²", value => Numbers.Big(value, "samples")),
        [(DiagnosticNames.NoiseScale, "variance")] = ("tr Σ", Plain),
        [(DiagnosticNames.NoiseScale, "squaredGradient")] = ("|G|²", Plain),
        [(DiagnosticNames.NoiseScale, "measurements")] = ("Measurements", Count),
        [(DiagnosticNames.GhostStatistics, "sequential")] = ("Sequential", value => Numbers.Accuracy(value)),
        [(DiagnosticNames.GhostStatistics, "equal")] = ("Equal weights", value => Numbers.Accuracy(value)),
        [(DiagnosticNames.GhostStatistics, "difference")] = ("Difference", value => new(Numbers.Difference(value), "points")),
        [(DiagnosticNames.GhostStatistics, "sequentialLoss")] = ("Loss, sequential", Nats),
        [(DiagnosticNames.GhostStatistics, "equalLoss")] = ("Loss, equal weights", Nats),
        [(DiagnosticNames.GhostStatistics, "batches")] = ("Batches", Count),
        [(DiagnosticNames.Sharpness, "sharpness1e-3")] = ("ε = 1e-3", Percent),
        [(DiagnosticNames.Sharpness, "sharpness5e-4")] = ("ε = 5e-4", Percent),
        [(DiagnosticNames.Sharpness, "loss")] = ("Training loss", Nats),
        [(DiagnosticNames.Sharpness, "maximum1e-3")] = ("Highest, ε = 1e-3", Nats),
        [(DiagnosticNames.Sharpness, "maximum5e-4")] = ("Highest, ε = 5e-4", Nats),
        [(DiagnosticNames.Sharpness, "samples")] = ("Images", Count),
        [(DiagnosticNames.HessianEigenvalue, "eigenvalue")] = ("λ", Plain),
        [(DiagnosticNames.HessianEigenvalue, "iterations")] = ("Iterations", Count),
        [(DiagnosticNames.HessianEigenvalue, "converged")] = ("Converged", value => new(value > 0 ? "yes" : "no")),
        [(DiagnosticNames.HessianEigenvalue, "samples")] = ("Images", Count),
        [(DiagnosticNames.RandomPotential, "alpha")] = ("α", Plain),
        [(DiagnosticNames.RandomPotential, "slope")] = ("Slope", value => new(Numbers.Significant(value), "nats")),
        [(DiagnosticNames.RandomPotential, "intercept")] = ("Intercept", Nats),
        [(DiagnosticNames.RandomPotential, "rSquared")] = ("R² of a line", Share),
        [(DiagnosticNames.RandomPotential, "draws")] = ("Points", Count),
        [(DiagnosticNames.RandomPotential, "reach")] = ("Largest distance", Plain),
        [(DiagnosticNames.RandomPotential, "samples")] = ("Images", Count),
    };

    /// <summary>The numbers of one diagnostic, those that have a name here first and in its order; others under the name they were stored with.</summary>
    public static IReadOnlyList<DiagnosticFinding> Of(DiagnosticResult result)
    {
        var known = s_known.Where(entry => entry.Key.Diagnostic == result.Name && result.Values.ContainsKey(entry.Key.Value))
            .Select(entry => new DiagnosticFinding(entry.Value.Label, entry.Value.Show(result.Values[entry.Key.Value])));
        var others = result.Values.Where(value => !s_known.ContainsKey((result.Name, value.Key)));
        return [.. known, .. others.Select(value => Other(value.Key, value.Value))];
    }

    private static DiagnosticFinding Other(string name, double value) => name.StartsWith(DeviationPrefix, StringComparison.Ordinal)
        ? new($"Deviation at {name[DeviationPrefix.Length..]}", Nats(value))
        : new(name, Plain(value));

    private static Quantity Plain(double value) => new(Numbers.Significant(value));

    private static Quantity Count(double value) => new(Numbers.Count((long)value));

    private static Quantity Steps(double value) => new(Numbers.Count((long)value), value == 1 ? "update" : "updates");

    private static Quantity Share(double value) => new(value.ToString("0.000", CultureInfo.InvariantCulture));

    private static Quantity Nats(double value) => new(Numbers.Significant(value), "nats");

    private static Quantity Percent(double value) => new(Numbers.Significant(value), "%");
}
