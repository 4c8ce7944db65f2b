using Tracker.Domain;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training.Tests;

/// <summary>The optimizers against their formulas, written out number by number.</summary>
public sealed class OptimizerTests
{
    private const double Rate = 0.2;
    private const double Decay = 0.1;

    /// <summary>A weight of (2, 2), then a bias of (2).</summary>
    private static readonly double[] s_start = [0.5, -1.0, 0.25, 2.0, 0.0, 0.0];
    private static readonly double[] s_first = [0.4, 0.1, -0.3, 0.2, 0.5, -0.5];
    private static readonly double[] s_second = [-0.1, 0.3, 0.2, 0.4, 0.0, 0.25];

    [Theory]
    [InlineData(DecayScope.All, 2.94, 3.92)]
    [InlineData(DecayScope.Weights, 3.0, 4.0)]
    public void Decay_acts_on_all_parameters_or_leaves_out_those_of_one_dimension(DecayScope scope, double first, double second)
    {
        using var layer = new Layer([0.5, -1.0, 0.25, 2.0, 3.0, 4.0]);
        using var optimizer = new Sgd(layer.Weights, new(Rate, Decay, Momentum: 0, Clip: 0), scope);
        layer.Update(optimizer, [0, 0, 0, 0, 0, 0]);
        layer.ShouldBe([0.49, -0.98, 0.245, 1.96, first, second]);
    }

    [Fact]
    public void Weights_between_biases_decay_wherever_they_lie()
    {
        using var scope = NewDisposeScope();
        using var network = NetworkFactory.Create("f1", 10, NormalizationOptions.Plain, seed: 0);
        using var weights = new ParameterVector(network);
        using var optimizer = new Sgd(weights, new(1, 0.5, Momentum: 0, Clip: 0), DecayScope.Weights);
        var before = weights.Values.clone();
        optimizer.Step(zeros_like(before), 1);
        foreach (var slice in weights.Slices)
            slice.Of(weights.Values).allclose(slice.Of(before) * (slice.Shape.Count == 2 ? 0.5 : 1)).ShouldBeTrue(slice.Name);
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.Lars)]
    [InlineData(OptimizerKind.Emso)]
    public void A_reset_makes_an_optimizer_as_good_as_new(OptimizerKind kind)
    {
        var settings = new HyperParameters(Rate, Decay, Momentum: 0.9) { Optimizer = kind };
        using var layer = new Layer(s_start);
        using var used = Optimizers.Create(layer.Weights, settings, DecayScope.All);
        for (var i = 0; i < used.GradientsPerStep; i++) layer.Update(used, s_first);
        used.Reset();
        using var other = new Layer(layer.Values);
        using var built = Optimizers.Create(other.Weights, settings, DecayScope.All);
        for (var i = 0; i < used.GradientsPerStep; i++)
        {
            layer.Update(used, s_second);
            other.Update(built, s_second);
        }
        layer.ShouldBe(other.Values);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    public void Lars_gives_each_tensor_the_rate_that_its_norms_ask_for(double momentum)
    {
        const double Trust = 0.02;
        using var layer = new Layer(s_start);
        using var optimizer = new Lars(layer.Weights, new(Rate, Decay, momentum, Clip: 0) { Optimizer = OptimizerKind.Lars, Trust = Trust }, DecayScope.All);

        layer.Update(optimizer, s_first);
        // ‖w‖ = √(0.25 + 1 + 0.0625 + 4), ‖g‖ = √(0.16 + 0.01 + 0.09 + 0.04); the bias is 0, so its rate is the plain one.
        var first = Rate * Trust * Math.Sqrt(5.3125) / (Math.Sqrt(0.3) + Decay * Math.Sqrt(5.3125));
        double[] v = [first * 0.45, first * 0.0, first * -0.275, first * 0.4, Rate * 0.5, Rate * -0.5];
        double[] w = [.. s_start.Zip(v, (a, b) => a - b)];
        layer.ShouldBe(w);

        layer.Update(optimizer, s_second);
        var second = Rate * Trust * Norm(w[..4]) / (Norm(s_second[..4]) + Decay * Norm(w[..4]));
        var bias = Rate * Trust * Norm(w[4..]) / (Norm(s_second[4..]) + Decay * Norm(w[4..]));
        layer.ShouldBe([.. w.Select((x, i) => x - momentum * v[i] - (i < 4 ? second : bias) * (s_second[i] + Decay * x))]);
    }

    [Fact]
    public void Lars_leaves_decay_out_of_the_rate_of_what_does_not_decay()
    {
        using var layer = new Layer([1, 0, 0, 0, 3, 4]);
        using var optimizer = new Lars(layer.Weights, new(1, Decay, Momentum: 0, Clip: 0) { Optimizer = OptimizerKind.Lars, Trust = 0.5 }, DecayScope.Weights);
        layer.Update(optimizer, [0, 2, 0, 0, 0, 2]);
        // Weight: 0.2 · 0.5 · 1 / (2 + 0.1 · 1); bias: 0.2 · 0.5 · 5 / 2.
        layer.ShouldBe([1 - 0.1 / 2.1 * 0.1, -0.1 / 2.1 * 2, 0, 0, 3, 4 - 0.25 * 2]);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.9)]
    public void Emso_pulls_each_of_its_steps_back_to_where_the_batch_began(double momentum)
    {
        const double Proximal = 0.5;
        using var layer = new Layer(s_start);
        var settings = new HyperParameters(Rate, 0, momentum, Clip: 0) { Optimizer = OptimizerKind.Emso, Proximal = Proximal, InnerSteps = 2 };
        using var optimizer = new Emso(layer.Weights, settings, DecayScope.All);
        optimizer.GradientsPerStep.ShouldBe(2);
        var (w, v) = ((double[])s_start.Clone(), new double[6]);
        foreach (var batch in new[] { (s_first, s_second), (s_second, s_first) })
        {
            var start = (double[])w.Clone();
            foreach (var g in new[] { batch.Item1, batch.Item2 })
            {
                layer.Update(optimizer, g);
                for (var i = 0; i < w.Length; i++)
                {
                    v[i] = momentum * v[i] + g[i] + Proximal * (w[i] - start[i]);
                    w[i] -= Rate * v[i];
                }
                layer.ShouldBe(w);
            }
        }
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.Lars)]
    [InlineData(OptimizerKind.Emso)]
    public void Every_optimizer_clips_the_gradient_and_tells_its_norm_from_before(OptimizerKind kind)
    {
        double[] gradient = [3, 0, 0, 0, 0, 4];
        var settings = new HyperParameters(Rate, 0, Momentum: 0, Clip: 1) { Optimizer = kind };
        using var clipped = new Layer(s_start);
        using var plain = new Layer(s_start);
        using var first = Optimizers.Create(clipped.Weights, settings, DecayScope.All);
        clipped.Update(first, gradient).ShouldBe(5, 1e-5);
        using var second = Optimizers.Create(plain.Weights, settings with { Clip = 0 }, DecayScope.All);
        plain.Update(second, [.. gradient.Select(g => g / 5)]).ShouldBe(1, 1e-5);
        clipped.ShouldBe(plain.Values);
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));

    /// <summary>A weight of (2, 2) and a bias of (2) with given values.</summary>
    private sealed class Layer : IDisposable
    {
        private readonly Module<Tensor, Tensor> _linear = Linear(2, 2);

        public Layer(double[] values)
        {
            Weights = new(_linear);
            using var scope = NewDisposeScope();
            using var ungraded = no_grad();
            Weights.Values.copy_(tensor(values.Select(v => (float)v).ToArray()));
        }

        public ParameterVector Weights { get; }

        public double[] Values => [.. Weights.Values.data<float>().ToArray().Select(v => (double)v)];

        public double Update(IOptimizer optimizer, double[] gradient)
        {
            using var scope = NewDisposeScope();
            return optimizer.Update(tensor(gradient.Select(g => (float)g).ToArray()), Rate).ToDouble();
        }

        public void ShouldBe(double[] expected)
        {
            foreach (var (found, wanted) in Values.Zip(expected)) found.ShouldBe(wanted, 2e-6);
        }

        public void Dispose()
        {
            Weights.Dispose();
            _linear.Dispose();
        }
    }
}
