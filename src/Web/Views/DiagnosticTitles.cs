using Tracker.Domain;

namespace Tracker.Web.Views;

/// <summary>A diagnostic as people choose it.</summary>
/// <param name="Name">As specifications name it.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Cost">What it costs, in words.</param>
/// <param name="IsOn">Whether it was asked for.</param>
public sealed record DiagnosticTitle(string Name, string Title, string Cost, Func<DiagnosticsSpec, bool> IsOn);

/// <summary>The diagnostics, in the order in which they are offered.</summary>
public static class DiagnosticTitles
{
    public static IReadOnlyList<DiagnosticTitle> All { get; } =
    [
        new(DiagnosticNames.DiffusionFit, "Log-time diffusion fit", "costs nothing", d => d.DiffusionFit),
        new(DiagnosticNames.LayerDistances, "Distance of each layer", "costs little", d => d.LayerDistances),
        new(DiagnosticNames.NoiseScale, "Gradient noise scale", "one more gradient now and then", d => d.NoiseScale),
        new(DiagnosticNames.GhostStatistics, "Sequential against equal ghost statistics", "some batches and two evaluations at the end", d => d.GhostStatistics),
        new(DiagnosticNames.Sharpness, "Sharpness", "some twenty gradients of 10,000 images at the end", d => d.Sharpness),
        new(DiagnosticNames.HessianEigenvalue, "Top Hessian eigenvalue", "tens of double gradients of 1,000 images at the end", d => d.HessianEigenvalue),
        new(DiagnosticNames.RandomPotential, "Random potential of appendix B", "a thousand passes over 512 images at the start", d => d.RandomPotential),
    ];

    /// <summary>The title of a diagnostic, or its name when it is not known here.</summary>
    public static string Of(string name) => All.FirstOrDefault(d => d.Name == name)?.Title ?? name;
}
