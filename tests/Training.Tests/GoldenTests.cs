using System.Text.Json;
using System.Text.Json.Serialization;
using Tracker.Domain;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Training.Tests;

/// <summary>
/// Three updates of each network against PyTorch, with plain batch normalization, with ghosts, which PyTorch computed one after the
/// other (golden/generate.py), and without normalization. Relative to a tensor's norm: 1e-5 without convolutions, 1e-4 with.
/// </summary>
public sealed class GoldenTests
{
    /// <summary>
    /// The bias of a layer before batch normalization has no gradient but rounding errors, so the gradient of a layer is judged against
    /// at least this share of the whole gradient.
    /// </summary>
    private const double LeastShare = 1e-2;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
    private static readonly GoldenCase[] s_cases = JsonSerializer.Deserialize<GoldenFile>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "golden.json")), s_json)!.Cases;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_cases.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Three_updates_agree_with_PyTorch(int index)
    {
        var golden = s_cases[index];
        using var scope = NewDisposeScope();
        set_num_threads(1);
        using var plain = HostKernels.Suspend();
        var agreement = Train(golden);
        TestContext.Current.TestOutputHelper!.WriteLine($"{golden.Title}: largest relative difference {agreement.Largest:E1} ({agreement.Where})");
        agreement.Largest.ShouldBeLessThan(golden.Network == "f1" ? 1e-5 : 1e-4, $"{golden.Title}, {agreement.Where}");
    }

    /// <summary>As <see cref="Three_updates_agree_with_PyTorch"/>, by the kernels that train on the CPU, which also keep feature maps channels last.</summary>
    [Theory]
    [InlineData("f1", 1e-5)]
    [InlineData("c1", 1e-4)]
    [InlineData("resnet44", 1e-4)]
    [InlineData("wresnet16-4", 1e-4)]
    public void The_kernels_of_the_CPU_agree_with_PyTorch(string network, double tolerance)
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        set_num_threads(2);
        foreach (var golden in s_cases.Where(c => c.Network == network && c.Normalization == NormalizationKind.Batch))
        {
            var agreement = Train(golden);
            TestContext.Current.TestOutputHelper!.WriteLine($"{golden.Title}: largest relative difference {agreement.Largest:E1} ({agreement.Where})");
            agreement.Largest.ShouldBeLessThan(tolerance, $"{golden.Title}, {agreement.Where}");
        }
    }

    [Fact]
    public void Every_network_is_compared_with_plain_and_ghost_batch_normalization_and_without()
    {
        foreach (var network in NetworkFactory.Names)
        {
            var cases = s_cases.Where(c => c.Network == network).ToList();
            cases.ShouldContain(c => c.Normalization == NormalizationKind.Batch && c.GhostSize == 0, network);
            cases.ShouldContain(c => c.Normalization == NormalizationKind.Batch && c.GhostSize > 0, network);
            cases.ShouldContain(c => c.Normalization == NormalizationKind.None, network);
        }
    }

    private static Agreement Train(GoldenCase golden)
    {
        var network = NetworkFactory.Create(golden.Network, golden.Classes, new(golden.Normalization, golden.GhostSize), seed: 0);
        Formula.SetWeights(network);
        network.train();
        Formula.WithoutDropout(network);
        using var weights = new ParameterVector(network);
        using var optimizer = new Sgd(weights, new HyperParameters(golden.Rate, golden.WeightDecay, golden.Momentum, golden.Clip));
        weights.Count.ShouldBe(golden.Parameters);

        var agreement = new Agreement();
        for (var step = 0; step < golden.Losses.Length; step++)
        {
            using var scope = NewDisposeScope();
            var order = BatchOrder.Interleave(arange(golden.Samples, dtype: ScalarType.Int64), golden.GhostSize);
            var input = Images.For(golden.Network, golden.Samples, 100 + step).index_select(0, order);
            var labels = Formula.Labels(200 + step, golden.Samples, golden.Classes).index_select(0, order);
            var loss = F.cross_entropy(network.call(input), labels);
            var gradient = weights.Gradient(loss);
            if (step == 0)
            {
                var least = LeastShare * gradient.Norm().ToDouble();
                foreach (var slice in weights.Slices) agreement.Compare(slice.Of(gradient), golden.Gradients[slice.Name], least, $"the gradient of {slice.Name}");
            }
            var norm = optimizer.Clip(gradient);
            optimizer.Step(gradient, golden.Rate);
            agreement.Compare(loss.ToDouble(), golden.Losses[step], golden.Losses[step], $"the loss of step {step}");
            agreement.Compare(norm.ToDouble(), golden.GradientNorms[step], golden.GradientNorms[step], $"the gradient norm of step {step}");
        }

        var state = StateDictionary.Of(network).ToList();
        state.Select(s => s.Name).ShouldBe(golden.State.Keys);
        foreach (var (name, value) in state) agreement.Compare(value, golden.State[name], 0, name);
        return agreement;
    }

    private sealed record GoldenFile(string Torch, GoldenCase[] Cases);

    private sealed record GoldenCase(
        string Network, int Classes, NormalizationKind Normalization, int Samples, int Ghost, double Clip, double WeightDecay, double Rate, double Momentum,
        long Parameters, double[] Losses, double[] GradientNorms, Dictionary<string, double[]> Gradients, Dictionary<string, double[]> State)
    {
        public int GhostSize => Ghost == Samples ? 0 : Ghost;

        public string Title => $"{Network}, {(Normalization == NormalizationKind.None ? "no normalization" : GhostSize == 0 ? "batch normalization" : $"ghosts of {Ghost} in {Samples}")}";
    }
}
