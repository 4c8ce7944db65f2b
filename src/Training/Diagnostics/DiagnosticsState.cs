using System.Text.Json;
using Tracker.Domain;

namespace Tracker.Training;

/// <summary>What the diagnostics of a run have gathered so far. A checkpoint holds all of it, so an interrupted run finds what an uninterrupted one finds.</summary>
public sealed class DiagnosticsState
{
    /// <summary>Seconds spent on each diagnostic that goes along with the training, over all attempts.</summary>
    public IDictionary<string, double> Seconds { get; init; } = new Dictionary<string, double>();

    /// <summary>Averages of the gradient noise scale.</summary>
    public NoiseScaleAverages NoiseScale { get; set; }

    /// <summary>The weights' distances from their start, for the diffusion fit.</summary>
    public DiffusionMoments Diffusion { get; set; }

    /// <summary>Results of diagnostics that run before the first step.</summary>
    public IList<DiagnosticResult> Finished { get; init; } = [];

    /// <summary>Books time on a diagnostic.</summary>
    /// <param name="diagnostic">Its name.</param>
    /// <param name="seconds">The time.</param>
    public void Spend(string diagnostic, double seconds) => Seconds[diagnostic] = SecondsOf(diagnostic) + seconds;

    /// <summary>What a diagnostic that goes along with the training has cost so far.</summary>
    /// <param name="diagnostic">Its name.</param>
    public double SecondsOf(string diagnostic) => Seconds.TryGetValue(diagnostic, out var seconds) ? seconds : 0;

    /// <summary>The state as one line of text; numbers come back exactly.</summary>
    public string ToText() => JsonSerializer.Serialize(this, s_options);

    /// <summary>Reads what <see cref="ToText"/> has written.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="JsonException">It is no such text.</exception>
    public static DiagnosticsState Parse(string text) =>
        JsonSerializer.Deserialize<DiagnosticsState>(text, s_options) ?? throw new JsonException("Expected an object, found null.");

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { IgnoreReadOnlyProperties = true };
}
