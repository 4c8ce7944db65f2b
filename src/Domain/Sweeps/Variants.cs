using System.Globalization;

namespace Tracker.Domain;

/// <summary>What sets an experiment apart from the usual one, in words.</summary>
public static class Variants
{
    /// <summary>
    /// Every setting that changes a result and has not its default, in a fixed order, such as <c>no batch normalization, LARS</c>;
    /// an empty text when all have. Runs with different texts are never averaged. Rate, decay, momentum, clipping and scaling are left
    /// out, which tables show anyway; so are diagnostics, which change no result.
    /// </summary>
    /// <param name="spec">The run.</param>
    public static string Variant(this RunSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return string.Join(", ", OfNetwork(spec).Concat(OfOptimizer(spec.Parameters.Settings)).Concat(OfProtocol(spec.Protocol)).Concat(OfSelection(spec.Options)));
    }

    private static IEnumerable<string> OfNetwork(RunSpec spec)
    {
        if (spec.Normalization == NormalizationKind.None) yield return "no batch normalization";
        if (spec.InitialScale != 1) yield return $"initial weights × {Text(spec.InitialScale)}";
        if (spec.Precision == Precision.Tf32) yield return "TF32";
        if (spec.Precision == Precision.Bf16) yield return "bfloat16";
        if (spec.Method.Noise && spec.Parameters.NoiseVariance is { } variance) yield return $"noise variance {Text(variance)}";
    }

    private static IEnumerable<string> OfOptimizer(OptimizerSettings optimizer)
    {
        if (optimizer.Kind == OptimizerKind.Lars) yield return $"LARS with trust {Text(optimizer.Trust)}";
        if (optimizer.Kind == OptimizerKind.Emso) yield return $"EMSO with λ {Text(optimizer.Proximal)} and {Text(optimizer.InnerSteps)} steps";
        if (optimizer.ScaledRate is { } rate) yield return $"scaled rate {Text(rate)}";
        if (optimizer.WarmUp > 0) yield return $"warm-up of {Text(optimizer.WarmUp)} updates";
    }

    private static IEnumerable<string> OfProtocol(Protocol protocol)
    {
        if (protocol.LastBatch == LastBatch.Drop) yield return "last partial batch dropped";
        if (protocol.MomentumReset == MomentumReset.Epoch) yield return "momentum reset each epoch";
        if (protocol.Decay == DecayScope.Weights) yield return "decay on weights only";
        if (protocol.GhostStatistics == GhostStatistics.Equal) yield return "equal-weight ghost statistics";
    }

    private static IEnumerable<string> OfSelection(ExperimentOptions options)
    {
        if (options.ValidationExamples > 0) yield return $"{Text(options.ValidationExamples)} held out for validation";
        if (options.Selection.Kind == SelectionKind.Best) yield return "best epoch";
        if (options.Selection.Kind == SelectionKind.MeanOfLast) yield return $"mean of the last {Text(options.Selection.Epochs)} epochs";
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
