using System.Globalization;

namespace Tracker.Domain;

/// <summary>Reads the settings that runs and sweeps share beyond batch, method and regime.</summary>
internal static class OptionsReader
{
    private const int MaxWarmUp = 1_000_000;
    private const int MaxInnerSteps = 100;

    /// <summary>The settings of the experiment.</summary>
    /// <param name="fields">The fields of the run or sweep.</param>
    /// <param name="trainExamples">Training images used.</param>
    internal static ExperimentOptions ReadOptions(JsonFields fields, int trainExamples)
    {
        var defaults = new ExperimentOptions();
        return new()
        {
            Normalization = fields.Choice("normalization", ("batch", NormalizationKind.Batch), ("none", NormalizationKind.None)) ?? defaults.Normalization,
            Precision = fields.Choice("precision", ("float32", Precision.Float32), ("tf32", Precision.Tf32), ("bf16", Precision.Bf16)) ?? defaults.Precision,
            InitialScale = fields.Number("initialScale", 0, 1000, openMin: true) ?? defaults.InitialScale,
            ValidationExamples = fields.Whole("validationExamples", 0, trainExamples - 2) ?? defaults.ValidationExamples,
            Selection = ReadSelection(fields) ?? defaults.Selection,
            Protocol = ReadProtocol(fields.Object("protocol")),
            Diagnostics = ReadDiagnostics(fields.Object("diagnostics")),
        };
    }

    /// <summary>The settings of the optimizer.</summary>
    /// <param name="parameters">The fields of <c>parameters</c>.</param>
    /// <param name="scaling">How <c>+lr</c> scales the rate.</param>
    internal static OptimizerSettings ReadOptimizer(JsonFields? parameters, LearningRateScaling scaling)
    {
        var defaults = new OptimizerSettings();
        if (parameters is null) return defaults;
        var kind = parameters.Choice("optimizer", ("sgd", OptimizerKind.Sgd), ("lars", OptimizerKind.Lars), ("emso", OptimizerKind.Emso)) ?? defaults.Kind;
        var settings = new OptimizerSettings
        {
            Kind = kind,
            WarmUp = parameters.Whole("warmUp", 0, MaxWarmUp) ?? defaults.WarmUp,
            Trust = parameters.Number("trust", 0, 1000, openMin: true) ?? defaults.Trust,
            Proximal = parameters.Number("proximal", 0, 1e6) ?? defaults.Proximal,
            InnerSteps = parameters.Whole("innerSteps", 1, MaxInnerSteps) ?? defaults.InnerSteps,
            ScaledRate = parameters.Number("scaledRate", 0, 1000, openMin: true),
        };
        RefuseWithout(parameters, kind == OptimizerKind.Lars, "optimizer 'lars'", "trust");
        RefuseWithout(parameters, kind == OptimizerKind.Emso, "optimizer 'emso'", "proximal", "innerSteps");
        RefuseWithout(parameters, scaling == LearningRateScaling.Fixed, "scaling 'fixed'", "scaledRate");
        if (scaling == LearningRateScaling.Fixed && !parameters.Has("scaledRate"))
            parameters.Fault("scaledRate", "Scaling 'fixed' needs the rate that +lr trains with.");
        return settings;
    }

    private static void RefuseWithout(JsonFields fields, bool allowed, string owner, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!allowed && fields.Has(name)) fields.Fault(name, $"Used with {owner} only: leave it out, or choose that.");
        }
    }

    private static SelectionRule? ReadSelection(JsonFields fields)
    {
        if (fields.Text("selection") is not { } text) return null;
        var rule = SelectionRule.Parse(text);
        if (rule is null)
            fields.Fault("selection", $"Expected 'final', 'best' or 'mean-last-K' with K from 1 to {SelectionRule.MaxEpochs.ToString(CultureInfo.InvariantCulture)}, found '{text}'.");
        return rule;
    }

    private static Protocol ReadProtocol(JsonFields? fields)
    {
        var defaults = new Protocol();
        if (fields is null) return defaults;
        var protocol = new Protocol
        {
            LastBatch = fields.Choice("lastBatch", ("keep", LastBatch.Keep), ("drop", LastBatch.Drop)) ?? defaults.LastBatch,
            MomentumReset = fields.Choice("momentumReset", ("never", MomentumReset.Never), ("epoch", MomentumReset.Epoch)) ?? defaults.MomentumReset,
            Decay = fields.Choice("decay", ("all", DecayScope.All), ("weights", DecayScope.Weights)) ?? defaults.Decay,
            GhostStatistics = fields.Choice("ghostStatistics", ("sequential", GhostStatistics.Sequential), ("equal", GhostStatistics.Equal)) ?? defaults.GhostStatistics,
        };
        fields.RefuseUnknown();
        return protocol;
    }

    private static DiagnosticsSpec ReadDiagnostics(JsonFields? fields)
    {
        if (fields is null) return new();
        var diagnostics = new DiagnosticsSpec
        {
            NoiseScale = fields.Flag("noiseScale") ?? false,
            Sharpness = fields.Flag("sharpness") ?? false,
            HessianEigenvalue = fields.Flag("hessianEigenvalue") ?? false,
            LayerDistances = fields.Flag("layerDistances") ?? false,
            DiffusionFit = fields.Flag("diffusionFit") ?? false,
            RandomPotential = fields.Flag("randomPotential") ?? false,
            GhostStatistics = fields.Flag("ghostStatistics") ?? false,
            Targets = fields.Has("targets") && !fields.IsEmptyList("targets") ? [.. (fields.Numbers("targets", 0, 1, openMin: true) ?? []).Order()] : [],
        };
        fields.RefuseUnknown();
        return diagnostics;
    }
}
