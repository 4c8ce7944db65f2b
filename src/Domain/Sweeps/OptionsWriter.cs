using System.Text.Json;

namespace Tracker.Domain;

/// <summary>Writes what <see cref="OptionsReader"/> reads.</summary>
/// <param name="json">Where to.</param>
/// <param name="defaults">Whether settings that have their default are written too.</param>
internal sealed class OptionsWriter(Utf8JsonWriter json, bool defaults)
{
    private static readonly ExperimentOptions s_options = new();
    private static readonly OptimizerSettings s_optimizer = new();

    /// <summary>The settings of the optimizer, into the object <c>parameters</c>.</summary>
    internal void Write(OptimizerSettings optimizer)
    {
        Text("optimizer", optimizer.Kind, s_optimizer.Kind);
        Number("warmUp", optimizer.WarmUp, s_optimizer.WarmUp);
        if (optimizer.Kind == OptimizerKind.Lars) json.WriteNumber("trust", optimizer.Trust);
        if (optimizer.Kind == OptimizerKind.Emso)
        {
            json.WriteNumber("proximal", optimizer.Proximal);
            json.WriteNumber("innerSteps", optimizer.InnerSteps);
        }
        if (optimizer.ScaledRate is { } rate) json.WriteNumber("scaledRate", rate);
    }

    /// <summary>The settings of the experiment, into the object of the run or sweep.</summary>
    internal void Write(ExperimentOptions options)
    {
        Text("normalization", options.Normalization, s_options.Normalization);
        Text("precision", options.Precision, s_options.Precision);
        if (defaults || options.InitialScale != s_options.InitialScale) json.WriteNumber("initialScale", options.InitialScale);
        Number("validationExamples", options.ValidationExamples, s_options.ValidationExamples);
        if (defaults || options.Selection != s_options.Selection) json.WriteString("selection", options.Selection.ToString());
        if (defaults || options.Protocol != s_options.Protocol) Write(options.Protocol);
        if (defaults || !options.Diagnostics.IsEmpty) Write(options.Diagnostics);
    }

    private void Write(Protocol protocol)
    {
        json.WriteStartObject("protocol");
        Text("lastBatch", protocol.LastBatch, s_options.Protocol.LastBatch);
        Text("momentumReset", protocol.MomentumReset, s_options.Protocol.MomentumReset);
        Text("decay", protocol.Decay, s_options.Protocol.Decay);
        Text("ghostStatistics", protocol.GhostStatistics, s_options.Protocol.GhostStatistics);
        json.WriteEndObject();
    }

    private void Write(DiagnosticsSpec diagnostics)
    {
        json.WriteStartObject("diagnostics");
        Flag("noiseScale", diagnostics.NoiseScale);
        Flag("sharpness", diagnostics.Sharpness);
        Flag("hessianEigenvalue", diagnostics.HessianEigenvalue);
        Flag("layerDistances", diagnostics.LayerDistances);
        Flag("diffusionFit", diagnostics.DiffusionFit);
        Flag("randomPotential", diagnostics.RandomPotential);
        Flag("ghostStatistics", diagnostics.GhostStatistics);
        if (defaults || diagnostics.Targets.Count > 0)
        {
            json.WriteStartArray("targets");
            foreach (var target in diagnostics.Targets) json.WriteNumberValue(target);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private void Text<T>(string name, T value, T usual) where T : struct, Enum
    {
        if (defaults || !value.Equals(usual)) json.WriteString(name, value.ToString().ToLowerInvariant());
    }

    private void Number(string name, int value, int usual)
    {
        if (defaults || value != usual) json.WriteNumber(name, value);
    }

    private void Flag(string name, bool value)
    {
        if (defaults || value) json.WriteBoolean(name, value);
    }
}
