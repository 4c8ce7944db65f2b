using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Tracker.Domain;

/// <summary>Writes sweeps and runs as the JSON that <see cref="SpecReader"/> reads, with every default stated.</summary>
public static class SpecWriter
{
    private static readonly JsonWriterOptions s_compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions s_indented = s_compact with { Indented = true };

    /// <summary>The canonical form of a run: one line, fields in a fixed order, every default stated.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="indented">Whether to break lines for people.</param>
    public static string ToJson(this RunSpec spec, bool indented = false)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Write(indented, json => WriteRun(json, spec, whole: true));
    }

    /// <summary>
    /// SHA-256 of the canonical form without the device, 64 lower-case hexadecimal digits: runs with the same fingerprint are the
    /// same experiment. Options count only where they differ from their default, so that a new one leaves old fingerprints as they are.
    /// </summary>
    /// <param name="spec">The run.</param>
    public static string Fingerprint(this RunSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Write(indented: false, json => WriteRun(json, spec, whole: false)))));
    }

    /// <summary>The sweep as JSON, every default stated.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="indented">Whether to break lines for people.</param>
    public static string ToJson(this SweepSpec sweep, bool indented = false)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        return Write(indented, json => WriteSweep(json, sweep));
    }

    private static string Write(bool indented, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, indented ? s_indented : s_compact))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The settings that make no column of their own, as far as they differ from their defaults; <c>{}</c> when none does.</summary>
    /// <param name="spec">The run.</param>
    public static string OptionsJson(this RunSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Write(indented: false, json =>
        {
            var writer = new OptionsWriter(json, defaults: false);
            writer.Write(spec.Options);
            if (spec.Parameters.Settings == new OptimizerSettings()) return;
            json.WriteStartObject("parameters");
            writer.Write(spec.Parameters.Settings);
            json.WriteEndObject();
        });
    }

    /// <param name="json">Where to.</param>
    /// <param name="spec">The run.</param>
    /// <param name="whole">Whether to write the device, and options that have their default.</param>
    private static void WriteRun(Utf8JsonWriter json, RunSpec spec, bool whole)
    {
        var options = new OptionsWriter(json, defaults: whole);
        json.WriteString("network", spec.Network);
        json.WriteString("dataset", spec.Dataset);
        json.WriteString("method", spec.Method.ToString());
        json.WriteNumber("batch", spec.Batch);
        json.WriteNumber("smallBatch", spec.SmallBatch);
        if (spec.GhostBatch is { } ghost) json.WriteNumber("ghostBatch", ghost);
        json.WriteNumber("seed", spec.Seed);
        json.WriteNumber("epochs", spec.Epochs);
        json.WriteNumber("trainExamples", spec.TrainExamples);
        json.WriteStartObject("parameters");
        json.WriteNumber("learningRate", spec.Parameters.LearningRate);
        json.WriteNumber("weightDecay", spec.Parameters.WeightDecay);
        WriteShared(json, spec.Parameters.Momentum, spec.Parameters.Clip, spec.Parameters.Scaling, spec.Parameters.NoiseVariance);
        options.Write(spec.Parameters.Settings);
        json.WriteEndObject();
        options.Write(spec.Options);
        if (whole) json.WriteString("device", Name(spec.Device));
    }

    private static void WriteSweep(Utf8JsonWriter json, SweepSpec sweep)
    {
        var options = new OptionsWriter(json, defaults: true);
        json.WriteString("name", sweep.Name);
        json.WriteString("network", sweep.Network);
        json.WriteString("dataset", sweep.Dataset);
        json.WriteNumber("smallBatch", sweep.SmallBatch);
        if (sweep.LargeBatch.Count > 0) WriteList(json, "largeBatch", sweep.LargeBatch, json.WriteNumberValue);
        WriteList(json, "ghostBatch", sweep.GhostBatch, json.WriteNumberValue);
        WriteList(json, "methods", sweep.Methods, m => json.WriteStringValue(m.ToString()));
        WriteList(json, "seeds", sweep.Seeds, json.WriteNumberValue);
        json.WriteNumber("epochs", sweep.Epochs);
        json.WriteNumber("trainExamples", sweep.TrainExamples);
        json.WriteStartObject("parameters");
        WriteList(json, "learningRate", sweep.LearningRates, json.WriteNumberValue);
        WriteList(json, "weightDecay", sweep.WeightDecays, json.WriteNumberValue);
        WriteShared(json, sweep.Momentum, sweep.Clip, sweep.Scaling, sweep.NoiseVariance);
        options.Write(sweep.Optimizer);
        json.WriteEndObject();
        options.Write(sweep.Options);
        json.WriteString("device", Name(sweep.Device));
        json.WriteString("priority", sweep.Priority.ToString().ToLowerInvariant());
        if (sweep.MaxParallel is { } max) json.WriteNumber("maxParallel", max);
        json.WriteBoolean("rerun", sweep.Rerun);
        json.WriteBoolean("timing", sweep.Placement.Timing);
        if (sweep.Placement.Labels.Count > 0) WriteList(json, "labels", sweep.Placement.Labels, json.WriteStringValue);
        if (sweep.Placement.DeviceMemoryGb is { } memory) json.WriteNumber("deviceMemoryGb", memory);
    }

    private static void WriteShared(Utf8JsonWriter json, double momentum, double clip, LearningRateScaling scaling, double? noiseVariance)
    {
        json.WriteNumber("momentum", momentum);
        json.WriteNumber("clip", clip);
        json.WriteString("scaling", scaling.Word());
        if (noiseVariance is { } variance) json.WriteNumber("noiseVariance", variance);
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> values, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var value in values) write(value);
        json.WriteEndArray();
    }

    private static string Name(DeviceClass device) => device.ToString().ToLowerInvariant();
}
