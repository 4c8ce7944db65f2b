using TorchSharp;
using TorchSharp.Modules;
using Tracker.Domain;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Training.Tests;

/// <summary>The fused stack of layers against the same modules one after the other.</summary>
public sealed class DenseStackTests
{
    private const int Classes = 7;

    [Theory]
    [InlineData(40, 0, 1)]
    [InlineData(40, 8, 1)]
    [InlineData(37, 8, 2)]
    [InlineData(33, 8, 2)]
    [InlineData(9, 8, 3)]
    [InlineData(1300, 128, 2)]
    public void Output_gradients_and_running_statistics_agree_with_the_plain_path(int samples, int ghost, int threads)
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        set_num_threads(threads);
        var (fused, plain) = (Compute(samples, ghost, fused: true), Compute(samples, ghost, fused: false));

        fused.Logits.allclose(plain.Logits, 1e-4, 1e-5).ShouldBeTrue();
        // A unit that rounding lifts over zero may count in one and not in the other: its share of one of many samples.
        Relative(fused.Gradient, plain.Gradient).ShouldBeLessThan(samples > 1000 ? 5e-3 : 1e-5);
        foreach (var (mine, theirs) in fused.State.Zip(plain.State)) Relative(mine, theirs).ShouldBeLessThan(1e-5);
    }

    [Fact]
    public void Chunks_of_a_batch_share_equal_statistics_as_on_the_plain_path()
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        List<List<Tensor>> states = [];
        foreach (var fused in new[] { true, false })
        {
            using var suspended = fused ? null : HostKernels.Suspend();
            var (layers, stack) = Layers(new(NormalizationKind.Batch, 8, GhostStatistics.Equal));
            foreach (var slice in new BatchSplit(true, 8).Chunks(40, 16))
            {
                foreach (var norm in layers.OfType<IPositionedLayer>()) norm.Place(new(0, 0, slice), 0);
                var input = slice.Of(Formula.UniformTensor(1, 40, 24)).contiguous();
                stack.Takes(input).ShouldBe(fused);
                var logits = fused ? stack.Forward(input) : layers.Aggregate(input, (x, layer) => layer.call(x));
                logits.shape.ShouldBe([slice.Count, Classes]);
            }
            states.Add(Running(layers));
        }
        foreach (var (mine, theirs) in states[0].Zip(states[1])) Relative(mine, theirs).ShouldBeLessThan(1e-5);
    }

    [Fact]
    public void The_gradient_of_the_input_is_the_slope_of_the_loss()
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        var (_, stack) = Layers(NormalizationOptions.Ghosts(8));
        var input = Formula.UniformTensor(1, 16, 24).requires_grad_();
        var labels = Formula.Labels(2, 16) % Classes;
        var gradient = autograd.grad([F.cross_entropy(stack.Forward(input), labels)], [input])[0];
        // Along the gradient itself, with a step so small that hardly a unit changes sides.
        const double Step = 1e-2;
        var direction = gradient / gradient.norm();
        var slope = (Loss(Step) - Loss(-Step)) / (2 * Step);
        slope.ShouldBe(gradient.norm().ToDouble(), gradient.norm().ToDouble() * 1e-2);

        double Loss(double by) => F.cross_entropy(stack.Forward((input + direction * by).detach()), labels).ToDouble();
    }

    [Fact]
    public void It_gives_the_same_bits_every_time()
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        set_num_threads(2);
        var (first, second) = (Compute(300, 32, fused: true), Compute(300, 32, fused: true));
        first.Gradient.Equals(second.Gradient).ShouldBeTrue();
        foreach (var (mine, again) in first.State.Zip(second.State)) mine.Equals(again).ShouldBeTrue();
    }

    [Fact]
    public void A_second_derivative_is_refused_and_left_to_the_plain_path()
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        var (layers, stack) = Layers(NormalizationOptions.Plain);
        var weight = ((Linear)layers[0]).weight!;
        var loss = stack.Forward(Formula.UniformTensor(1, 16, 24)).square().sum();
        Should.Throw<System.Runtime.InteropServices.ExternalException>(() => autograd.grad([loss], [weight], create_graph: true)).Message.ShouldContain("second derivative");
        using (HostKernels.Suspend()) stack.Takes(Formula.UniformTensor(1, 16, 24)).ShouldBeFalse();
        stack.Takes(Formula.UniformTensor(1, 16, 24)).ShouldBeTrue();
    }

    [Fact]
    public void Evaluation_other_numbers_and_other_layers_are_left_to_the_plain_path()
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        var (layers, stack) = Layers(NormalizationOptions.Plain);
        stack.Takes(Formula.UniformTensor(1, 16, 24).to(ScalarType.Float64)).ShouldBeFalse();
        using (no_grad()) stack.Takes(Formula.UniformTensor(1, 16, 24)).ShouldBeFalse();
        foreach (var layer in layers) layer.eval();
        stack.Takes(Formula.UniformTensor(1, 16, 24)).ShouldBeFalse();
        DenseStack.In(Modules(NormalizationOptions.None)).ShouldBeNull();
        DenseStack.In([Linear(24, 20), new GhostBatchNorm(20, 0, relu: true), Identity(), Linear(20, Classes)]).ShouldBeNull();
    }

    [Fact]
    public void F1_trains_by_it_and_its_gradient_is_one_vector_without_a_copy()
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        using var network = NetworkFactory.Create("f1", 10, NormalizationOptions.Ghosts(8), seed: 0);
        using var weights = new ParameterVector(network);
        var parameters = weights.Slices.Select(s => network.get_parameter(s.Name)!).ToList<Tensor>();
        network.train();
        var loss = network.call(Formula.UniformTensor(1, 16, 1, 28, 28)).square().sum();
        FusedUpdate.Joined([.. autograd.grad([loss], parameters)]).ShouldNotBeNull().numel().ShouldBe(weights.Count);
        FusedUpdate.Joined([ones(3), ones(3)]).ShouldBeNull();
    }

    private static (Tensor Logits, Tensor Gradient, List<Tensor> State) Compute(int samples, int ghost, bool fused)
    {
        using var suspended = fused ? null : HostKernels.Suspend();
        var (layers, stack) = Layers(NormalizationOptions.Ghosts(ghost));
        var input = Formula.UniformTensor(1, samples, 24);
        stack.Takes(input).ShouldBe(fused);
        var logits = fused ? stack.Forward(input) : layers.Aggregate(input, (x, layer) => layer.call(x));
        var parameters = layers.SelectMany(l => l.parameters()).ToList<Tensor>();
        var gradients = autograd.grad([F.cross_entropy(logits, Formula.Labels(2, samples) % Classes)], parameters);
        return (logits, cat(gradients.Select(g => g.reshape(-1)).ToList(), 0), Running(layers));
    }

    private static (List<Module<Tensor, Tensor>> Layers, DenseStack Stack) Layers(NormalizationOptions normalization)
    {
        var layers = Modules(normalization);
        foreach (var layer in layers)
        {
            Formula.SetWeights(layer);
            layer.train();
        }
        return (layers, DenseStack.In(layers).ShouldNotBeNull());
    }

    private static List<Module<Tensor, Tensor>> Modules(NormalizationOptions normalization) =>
    [
        Linear(24, 48), .. normalization.LayerWithRelu(48), Linear(48, 16), .. normalization.LayerWithRelu(16), Linear(16, 32),
        .. normalization.LayerWithRelu(32), Linear(32, Classes),
    ];

    private static List<Tensor> Running(List<Module<Tensor, Tensor>> layers) =>
        [.. layers.OfType<GhostBatchNorm>().SelectMany(n => n.RunningState).Select(t => t.to(ScalarType.Float64))];

    private static double Relative(Tensor value, Tensor expected) => ((value - expected).norm() / expected.norm()).ToDouble();
}
