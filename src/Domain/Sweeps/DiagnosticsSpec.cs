namespace Tracker.Domain;

/// <summary>
/// What is measured beside the training; each costs time of its own, and none changes what is trained. All are off unless asked for.
/// </summary>
public sealed record DiagnosticsSpec
{
    /// <summary>The gradient noise scale (McCandlish et al.), as a metric.</summary>
    public bool NoiseScale { get; init; }

    /// <summary>Sharpness (Keskar et al.) of the trained network at ε = 1e-3 and 5e-4.</summary>
    public bool Sharpness { get; init; }

    /// <summary>The top eigenvalue of the trained network's Hessian.</summary>
    public bool HessianEigenvalue { get; init; }

    /// <summary>‖w_t − w_0‖ of each parameter, as metrics.</summary>
    public bool LayerDistances { get; init; }

    /// <summary>The fit of ‖w_t − w_0‖ to log t (equation 4 of the paper).</summary>
    public bool DiffusionFit { get; init; }

    /// <summary>The random-potential experiment of appendix B, before the first step.</summary>
    public bool RandomPotential { get; init; }

    /// <summary>Validation accuracy with sequential and with equal-weight ghost statistics.</summary>
    public bool GhostStatistics { get; init; }

    /// <summary>Validation accuracies, between 0 and 1 and ascending, whose first step and time are recorded.</summary>
    public IReadOnlyList<double> Targets { get; init; } = [];

    /// <summary>Whether everything is off.</summary>
    public bool IsEmpty => Equals(new DiagnosticsSpec());

    /// <summary>Whether both ask for the same; the targets are compared one by one.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(DiagnosticsSpec? other) => other is not null && Switches == other.Switches && Targets.SequenceEqual(other.Targets);

    /// <summary>A hash that fits <see cref="Equals(DiagnosticsSpec)"/>.</summary>
    public override int GetHashCode() => HashCode.Combine(Switches, Targets.Count);

    private (bool, bool, bool, bool, bool, bool, bool) Switches =>
        (NoiseScale, Sharpness, HessianEigenvalue, LayerDistances, DiffusionFit, RandomPotential, GhostStatistics);
}
