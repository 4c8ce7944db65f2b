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
public sealed record SweepSpecification(
    string Network, string Dataset, [property: JsonPropertyOrder(-1)] string? Name = null, int? SmallBatch = null, IReadOnlyList<int>? LargeBatch = null,
    IReadOnlyList<int>? GhostBatch = null, IReadOnlyList<string>? Methods = null, IReadOnlyList<int>? Seeds = null, int? Epochs = null,
    int? TrainExamples = null, SweepParameters? Parameters = null, DeviceClass? Device = null, Priority? Priority = null, int? MaxParallel = null,
    bool? Rerun = null)
{
    /// <summary>The specification with every default stated.</summary>
    public static SweepSpecification From(SweepSpec spec) => new(
        spec.Network, spec.Dataset, spec.Name, spec.SmallBatch, spec.LargeBatch, spec.GhostBatch, [.. spec.Methods.Select(m => m.ToString())],
        spec.Seeds, spec.Epochs, spec.TrainExamples,
        new(spec.LearningRates, spec.WeightDecays, spec.Momentum, spec.Clip, Words.Of(spec.Scaling), spec.NoiseVariance),
        spec.Device, spec.Priority, spec.MaxParallel, spec.Rerun);
}

/// <summary>Optimizer settings of a sweep.</summary>
/// <param name="LearningRate">Initial learning rates at the small batch.</param>
/// <param name="WeightDecay">L2 coefficients.</param>
/// <param name="Momentum">Momentum of SGD.</param>
/// <param name="Clip">Largest global gradient norm; 0 for no clipping.</param>
/// <param name="Scaling">How +lr scales the rate: sqrt (the paper's) or linear.</param>
/// <param name="NoiseVariance">Variance of the multiplicative gradient noise of +noise; from the batch ratio when left out.</param>
public sealed record SweepParameters(
    IReadOnlyList<double>? LearningRate = null, IReadOnlyList<double>? WeightDecay = null, double? Momentum = null, double? Clip = null,
    string? Scaling = null, double? NoiseVariance = null);

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
public sealed record RunSpecification(
    string Network, string Dataset, string Method, int Batch, int SmallBatch, int? GhostBatch, int Seed, int Epochs, int TrainExamples,
    RunParameters Parameters, DeviceClass Device)
{
    public static RunSpecification From(RunSpec spec) => new(
        spec.Network, spec.Dataset, spec.Method.ToString(), spec.Batch, spec.SmallBatch, spec.GhostBatch, spec.Seed, spec.Epochs, spec.TrainExamples,
        new(spec.Parameters.LearningRate, spec.Parameters.WeightDecay, spec.Parameters.Momentum, spec.Parameters.Clip,
            Words.Of(spec.Parameters.Scaling), spec.Parameters.NoiseVariance),
        spec.Device);
}

/// <summary>Optimizer settings of a run.</summary>
/// <param name="LearningRate">Initial learning rate at the small batch.</param>
/// <param name="WeightDecay">L2 coefficient.</param>
/// <param name="Momentum">Momentum of SGD.</param>
/// <param name="Clip">Largest global gradient norm; 0 for no clipping.</param>
/// <param name="Scaling">How +lr scales the rate: sqrt or linear.</param>
/// <param name="NoiseVariance">Variance of the gradient noise of +noise, when it was stated.</param>
public sealed record RunParameters(double LearningRate, double WeightDecay, double Momentum, double Clip, string Scaling, double? NoiseVariance);

/// <summary>The words that specifications use.</summary>
internal static class Words
{
    internal static string Of(LearningRateScaling scaling) => scaling == LearningRateScaling.SquareRoot ? "sqrt" : "linear";

    /// <summary>Reads a word of an enumeration in any case; nothing stays nothing, and numbers are no words.</summary>
    internal static bool TryParse<T>(string? text, out T? value) where T : struct, Enum
    {
        var known = Enum.GetNames<T>().FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        value = known is null ? null : Enum.Parse<T>(known);
        return text is null || known is not null;
    }
}
