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
        new("diffusionFit", "Log-time diffusion fit", "costs nothing", d => d.DiffusionFit),
        new("layerDistances", "Distance of each layer", "costs little", d => d.LayerDistances),
        new("noiseScale", "Gradient noise scale", "one more gradient now and then", d => d.NoiseScale),
        new("ghostStatistics", "Sequential against equal ghost statistics", "one more evaluation", d => d.GhostStatistics),
        new("sharpness", "Sharpness", "tens of gradients at the end", d => d.Sharpness),
        new("hessianEigenvalue", "Top Hessian eigenvalue", "tens of gradients at the end", d => d.HessianEigenvalue),
        new("randomPotential", "Random potential of appendix B", "a thousand evaluations at the start", d => d.RandomPotential),
    ];

    /// <summary>The title of a diagnostic, or its name when it is not known here.</summary>
    public static string Of(string name) => All.FirstOrDefault(d => d.Name == name)?.Title ?? name;
}
