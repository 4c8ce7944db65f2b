using System.Text.Json;
using System.Text.Json.Serialization;
using Tracker.Domain;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Training.Tests;

/// <summary>
/// Three updates of each network against PyTorch, with plain batch normalization and with ghosts, which PyTorch computed one after the
/// other (golden/generate.py). Relative to a tensor's norm: 1e-5 without convolutions, 1e-4 with.
/// </summary>
public sealed class GoldenTests
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);
    private static readonly GoldenFile s_golden = JsonSerializer.Deserialize<GoldenFile>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "golden.json")), s_json)!;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_golden.Cases.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Three_updates_agree_with_PyTorch(int index)
    {
        var golden = s_golden.Cases[index];
        var tolerance = golden.Network == "f1" ? 1e-5 : 1e-4;
        using var scope = NewDisposeScope();
        set_num_threads(1);
        var network = NetworkFactory.Create(golden.Network, 10, NormalizationOptions.Ghosts(golden.Ghost == golden.Samples ? 0 : golden.Ghost), seed: 0);
        Formula.SetWeights(network);
        network.train();
        Formula.WithoutDropout(network);
        using var weights = new ParameterVector(network);
        using var optimizer = new Sgd(weights, new HyperParameters(golden.Rate, golden.WeightDecay, golden.Momentum, golden.Clip));
        weights.Count.ShouldBe(golden.Parameters);

        long[] shape = golden.Network == "f1" ? [golden.Samples, 1, 28, 28] : [golden.Samples, 3, 32, 32];
        for (var step = 0; step < golden.Losses.Length; step++)
        {
            var order = BatchOrder.Interleave(arange(golden.Samples, dtype: ScalarType.Int64), golden.Ghost == golden.Samples ? 0 : golden.Ghost);
            var input = Formula.UniformTensor(100 + step, shape).index_select(0, order);
            var labels = Formula.Labels(200 + step, golden.Samples).index_select(0, order);
            var loss = F.cross_entropy(network.call(input), labels);
            var gradient = weights.Gradient(loss);
            if (step == 0)
                foreach (var slice in weights.Slices) Check(slice.Of(gradient), golden.Gradients[slice.Name], $"gradient of {slice.Name}", tolerance, gradient.Norm().ToDouble());
            var norm = optimizer.Clip(gradient);
            optimizer.Step(gradient, golden.Rate);
            loss.ToDouble().ShouldBe(golden.Losses[step], golden.Losses[step] * tolerance, $"loss of step {step}");
            norm.ToDouble().ShouldBe(golden.GradientNorms[step], golden.GradientNorms[step] * tolerance, $"gradient norm of step {step}");
        }

        var state = StateDictionary.Of(network).ToList();
        state.Select(s => s.Name).ShouldBe(golden.State.Keys);
        foreach (var (name, value) in state) Check(value, golden.State[name], name, tolerance, 0);
    }

    /// <summary>
    /// Compares norm, projection and first entries. The bias of a layer before batch normalization has no gradient but rounding errors,
    /// so gradients are judged against at least a hundredth of the whole gradient.
    /// </summary>
    private static void Check(Tensor value, Summary golden, string what, double tolerance, double whole)
    {
        var flat = value.detach().to(ScalarType.Float64).reshape(-1).data<double>().ToArray();
        var allowed = tolerance * Math.Max(golden.Norm, whole * 1e-2);
        Math.Sqrt(flat.Sum(v => v * v)).ShouldBe(golden.Norm, allowed, $"norm of {what}");
        flat.Zip(Formula.Uniform(999, flat.Length), (v, p) => v * p).Sum().ShouldBe(golden.Projection, allowed, $"projection of {what}");
        for (var i = 0; i < golden.First.Length; i++) flat[i].ShouldBe(golden.First[i], allowed, $"entry {i} of {what}");
    }

    private sealed record GoldenFile(string Torch, GoldenCase[] Cases);

    private sealed record GoldenCase(
        string Network, int Samples, int Ghost, double Clip, double WeightDecay, double Rate, double Momentum, long Parameters,
        double[] Losses, double[] GradientNorms, Dictionary<string, Summary> Gradients, Dictionary<string, Summary> State);

    private sealed record Summary(double Norm, double Projection, [property: JsonRequired] double[] First);
}
