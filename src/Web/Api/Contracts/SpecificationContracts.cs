using System.Text.Json.Serialization;
using Tracker.Domain;

namespace Tracker.Web.Api;

/// <summary>A batch-size sweep: every combination of the lists becomes one run. Only network, data set and one batch size are required.</summary>
/// <param name="Network">Name of a network, see /api/v1/networks.</param>
/// <param name="Dataset">Name of a data set that fits the network, see /api/v1/datasets.</param>
/// <param name="Name">What people call the sweep; at most 200 characters.</param>
/// <param name="SmallBatch">The small batch, in samples: the batch of sb, and what learning rate and regime refer to.</param>
/// <param name="LargeBatch">The large batches of the lb methods, in samples. Wherever a list is expected, a single value counts as a list of one.</param>
/// <param name="GhostBatch">The ghost batch sizes of the +gbn methods, in samples; not larger than the batch.</param>
/// <param name="Methods">sb or lb, each followed by any of +lr +gbn +ra +noise.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Epochs">Epochs of the small batch's regime, before regime adaptation.</param>
/// <param name="TrainExamples">How many training images are used; all when left out.</param>
/// <param name="Parameters">Optimizer settings.</param>
/// <param name="Device">any, cpu or cuda.</param>
/// <param name="Priority">low, normal or high.</param>
/// <param name="MaxParallel">How many runs of the sweep may train at once.</param>
/// <param name="Rerun">Train runs again that have already finished with the same fingerprint, instead of reusing them.</param>
/// <param name="Normalization">batch, or none for the networks without batch normalization.</param>
/// <param name="Precision">float32, tf32 (CUDA only) or bf16.</param>
/// <param name="InitialScale">What every parameter is multiplied by at the start.</param>
/// <param name="ValidationExamples">Images held out of the training set for validation; 0 validates on the test set, as the paper does.</param>
/// <param name="Selection">Which evaluation the result comes from: final, best or mean-last-K.</param>
/// <param name="Protocol">Choices of the protocol.</param>
/// <param name="Diagnostics">What is measured besides, each at a cost.</param>
/// <param name="Timing">Whether each run gets its device for itself, so that its seconds tell how fast it is.</param>
/// <param name="Labels">Labels that a host must have, all of them; lower case.</param>
/// <param name="DeviceMemoryGb">Memory that the device must have, in GB (10⁹ bytes); when left out, what like runs took, if that is known.</param>
public sealed record SweepSpecification(
    string Network, string Dataset, [property: JsonPropertyOrder(-1)] string? Name = null, int? SmallBatch = null, IReadOnlyList<int>? LargeBatch = null,
    IReadOnlyList<int>? GhostBatch = null, IReadOnlyList<string>? Methods = null, IReadOnlyList<int>? Seeds = null, int? Epochs = null,
    int? TrainExamples = null, SweepParameters? Parameters = null, DeviceClass? Device = null, Priority? Priority = null, int? MaxParallel = null,
    bool? Rerun = null, string? Normalization = null, string? Precision = null, double? InitialScale = null, int? ValidationExamples = null,
    string? Selection = null, ProtocolOptions? Protocol = null, DiagnosticsOptions? Diagnostics = null, bool? Timing = null,
    IReadOnlyList<string>? Labels = null, double? DeviceMemoryGb = null)
{
    /// <summary>The specification with every default stated.</summary>
    public static SweepSpecification From(SweepSpec spec) => new(
        spec.Network, spec.Dataset, spec.Name, spec.SmallBatch, spec.LargeBatch, spec.GhostBatch, [.. spec.Methods.Select(m => m.ToString())],
        spec.Seeds, spec.Epochs, spec.TrainExamples,
        new(spec.LearningRates, spec.WeightDecays, spec.Momentum, spec.Clip, spec.Scaling.Word(), spec.NoiseVariance, Words.Of(spec.Optimizer.Kind),
            spec.Optimizer.WarmUp, Words.Trust(spec.Optimizer), Words.Proximal(spec.Optimizer), Words.InnerSteps(spec.Optimizer), spec.Optimizer.ScaledRate),
        spec.Device, spec.Priority, spec.MaxParallel, spec.Rerun, Words.Of(spec.Options.Normalization), Words.Of(spec.Options.Precision),
        spec.Options.InitialScale, spec.Options.ValidationExamples, spec.Options.Selection.ToString(),
        ProtocolOptions.From(spec.Options.Protocol), DiagnosticsOptions.From(spec.Options.Diagnostics),
        spec.Placement.Timing, spec.Placement.Labels, spec.Placement.DeviceMemoryGb);
}

/// <summary>Optimizer settings of a sweep.</summary>
/// <param name="LearningRate">Initial learning rates at the small batch.</param>
/// <param name="WeightDecay">L2 coefficients.</param>
/// <param name="Momentum">Momentum of SGD.</param>
/// <param name="Clip">Largest global gradient norm; 0 for no clipping.</param>
/// <param name="Scaling">How +lr scales the rate: sqrt (the paper's), linear, none or fixed.</param>
/// <param name="NoiseVariance">Variance of the multiplicative gradient noise of +noise; from the batch ratio when left out.</param>
/// <param name="Optimizer">sgd, lars or emso.</param>
/// <param name="WarmUp">Updates in which +lr raises the rate to its scaled value.</param>
/// <param name="Trust">LARS: the trust coefficient.</param>
/// <param name="Proximal">EMSO: weight of the proximal term.</param>
/// <param name="InnerSteps">EMSO: gradient steps on each batch.</param>
/// <param name="ScaledRate">The initial rate of +lr with fixed scaling.</param>
public sealed record SweepParameters(
    IReadOnlyList<double>? LearningRate = null, IReadOnlyList<double>? WeightDecay = null, double? Momentum = null, double? Clip = null,
    string? Scaling = null, double? NoiseVariance = null, string? Optimizer = null, int? WarmUp = null, double? Trust = null, double? Proximal = null,
    int? InnerSteps = null, double? ScaledRate = null);

/// <summary>One run, completely described.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="Method">sb or lb, followed by its techniques.</param>
/// <param name="Batch">Samples in one mini-batch.</param>
/// <param name="SmallBatch">The small batch that learning rate and regime refer to.</param>
/// <param name="GhostBatch">Samples in one ghost batch, with +gbn.</param>
/// <param name="Seed">Seed of everything random.</param>
/// <param name="Epochs">Epochs of the small batch's regime, before regime adaptation.</param>
/// <param name="TrainExamples">Training images used.</param>
/// <param name="Parameters">Optimizer settings.</param>
/// <param name="Device">The kind of device asked for.</param>
/// <param name="Normalization">batch or none.</param>
/// <param name="Precision">float32, tf32 or bf16.</param>
/// <param name="InitialScale">What every parameter is multiplied by at the start.</param>
/// <param name="ValidationExamples">Images held out of the training set for validation.</param>
/// <param name="Selection">Which evaluation the result comes from: final, best or mean-last-K.</param>
/// <param name="Protocol">Choices of the protocol.</param>
/// <param name="Diagnostics">What is measured besides.</param>
public sealed record RunSpecification(
    string Network, string Dataset, string Method, int Batch, int SmallBatch, int? GhostBatch, int Seed, int Epochs, int TrainExamples,
    RunParameters Parameters, DeviceClass Device, string Normalization, string Precision, double InitialScale, int ValidationExamples, string Selection,
    ProtocolOptions Protocol, DiagnosticsOptions Diagnostics)
{
    public static RunSpecification From(RunSpec spec) => new(
        spec.Network, spec.Dataset, spec.Method.ToString(), spec.Batch, spec.SmallBatch, spec.GhostBatch, spec.Seed, spec.Epochs, spec.TrainExamples,
        new(spec.Parameters.LearningRate, spec.Parameters.WeightDecay, spec.Parameters.Momentum, spec.Parameters.Clip,
            spec.Parameters.Scaling.Word(), spec.Parameters.NoiseVariance, Words.Of(spec.Parameters.Optimizer), spec.Parameters.WarmUp,
            Words.Trust(spec.Parameters.Settings), Words.Proximal(spec.Parameters.Settings), Words.InnerSteps(spec.Parameters.Settings), spec.Parameters.ScaledRate),
        spec.Device, Words.Of(spec.Normalization), Words.Of(spec.Precision), spec.InitialScale, spec.ValidationExamples, spec.Selection.ToString(),
        ProtocolOptions.From(spec.Protocol), DiagnosticsOptions.From(spec.Diagnostics));
}

/// <summary>Optimizer settings of a run.</summary>
/// <param name="LearningRate">Initial learning rate at the small batch.</param>
/// <param name="WeightDecay">L2 coefficient.</param>
/// <param name="Momentum">Momentum of SGD.</param>
/// <param name="Clip">Largest global gradient norm; 0 for no clipping.</param>
/// <param name="Scaling">How +lr scales the rate: sqrt, linear, none or fixed.</param>
/// <param name="NoiseVariance">Variance of the gradient noise of +noise, when it was stated.</param>
/// <param name="Optimizer">sgd, lars or emso.</param>
/// <param name="WarmUp">Updates in which +lr raises the rate to its scaled value.</param>
/// <param name="Trust">LARS: the trust coefficient.</param>
/// <param name="Proximal">EMSO: weight of the proximal term.</param>
/// <param name="InnerSteps">EMSO: gradient steps on each batch.</param>
/// <param name="ScaledRate">The initial rate of +lr with fixed scaling.</param>
public sealed record RunParameters(
    double LearningRate, double WeightDecay, double Momentum, double Clip, string Scaling, double? NoiseVariance, string Optimizer, int WarmUp,
    double? Trust, double? Proximal, int? InnerSteps, double? ScaledRate);

/// <summary>Choices of the training protocol that papers seldom state.</summary>
/// <param name="LastBatch">The last partial batch of an epoch: keep or drop.</param>
/// <param name="MomentumReset">When the momentum buffer returns to zero: never, or epoch as in the authors' code.</param>
/// <param name="Decay">What weight decay acts on: all, or weights.</param>
/// <param name="GhostStatistics">How ghosts enter the running statistics: sequential or equal.</param>
public sealed record ProtocolOptions(string? LastBatch = null, string? MomentumReset = null, string? Decay = null, string? GhostStatistics = null)
{
    public static ProtocolOptions From(Protocol protocol) =>
        new(Words.Of(protocol.LastBatch), Words.Of(protocol.MomentumReset), Words.Of(protocol.Decay), Words.Of(protocol.GhostStatistics));
}

/// <summary>What is measured beside the training; nothing of it changes what is trained.</summary>
/// <param name="NoiseScale">The gradient noise scale, as a metric.</param>
/// <param name="Sharpness">Sharpness of the trained network.</param>
/// <param name="HessianEigenvalue">The top eigenvalue of the trained network's Hessian.</param>
/// <param name="LayerDistances">The distance of each parameter from its start, as metrics.</param>
/// <param name="DiffusionFit">The fit of the distance from the start to the logarithm of time.</param>
/// <param name="RandomPotential">The random-potential experiment, before the first step.</param>
/// <param name="GhostStatistics">Validation accuracy with sequential and with equal-weight ghost statistics.</param>
/// <param name="Targets">Validation accuracies, between 0 and 1, whose first step and time are recorded.</param>
public sealed record DiagnosticsOptions(
    bool NoiseScale = false, bool Sharpness = false, bool HessianEigenvalue = false, bool LayerDistances = false, bool DiffusionFit = false,
    bool RandomPotential = false, bool GhostStatistics = false, IReadOnlyList<double>? Targets = null)
{
    public static DiagnosticsOptions From(DiagnosticsSpec spec) => new(
        spec.NoiseScale, spec.Sharpness, spec.HessianEigenvalue, spec.LayerDistances, spec.DiffusionFit, spec.RandomPotential, spec.GhostStatistics, spec.Targets);
}

/// <summary>The words that specifications use.</summary>
internal static class Words
{
    internal static string Of<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    internal static double? Trust(OptimizerSettings optimizer) => optimizer.Kind == OptimizerKind.Lars ? optimizer.Trust : null;

    internal static double? Proximal(OptimizerSettings optimizer) => optimizer.Kind == OptimizerKind.Emso ? optimizer.Proximal : null;

    internal static int? InnerSteps(OptimizerSettings optimizer) => optimizer.Kind == OptimizerKind.Emso ? optimizer.InnerSteps : null;

    /// <summary>Reads a word of an enumeration in any case; nothing stays nothing, and numbers are no words.</summary>
    internal static bool TryParse<T>(string? text, out T? value) where T : struct, Enum
    {
        var known = Enum.GetNames<T>().FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        value = known is null ? null : Enum.Parse<T>(known);
        return text is null || known is not null;
    }
}
