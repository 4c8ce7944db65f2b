namespace Tracker.Domain;

/// <summary>The names of diagnostics, as specifications and results write them, and of the values they find.</summary>
public static class DiagnosticNames
{
    /// <summary>The gradient noise scale.</summary>
    public const string NoiseScale = "noiseScale";

    /// <summary>Sharpness of the trained network.</summary>
    public const string Sharpness = "sharpness";

    /// <summary>The top eigenvalue of the trained network's Hessian.</summary>
    public const string HessianEigenvalue = "hessianEigenvalue";

    /// <summary>‖w_t − w_0‖ of each parameter.</summary>
    public const string LayerDistances = "layerDistances";

    /// <summary>The fit of ‖w_t − w_0‖ to log t.</summary>
    public const string DiffusionFit = "diffusionFit";

    /// <summary>The random-potential experiment.</summary>
    public const string RandomPotential = "randomPotential";

    /// <summary>Sequential against equal-weight ghost statistics.</summary>
    public const string GhostStatistics = "ghostStatistics";
}
