using TorchSharp;
using Tracker.Domain;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Training.Tests;

public sealed class OptimisationTests
{
    [Fact]
    public void Gradient_noise_keeps_the_expected_step_and_multiplies_its_covariance()
    {
        const double Variance = 15;
        const int Steps = 4000;
        using var scope = NewDisposeScope();
        var objective = new Objective(Variance, Seed: 5);
        var logits = Formula.UniformTensor(7, 8, 10) * 3;
        logits.requires_grad_();
        var labels = Formula.Labels(8, 8);
        var exact = autograd.grad([F.cross_entropy(logits, labels)], [logits])[0];
        var (sum, squares) = (zeros_like(exact), zeros_like(exact));
        for (var step = 0; step < Steps; step++)
        {
            using var inner = NewDisposeScope();
            var (minimized, crossEntropy) = objective.Of(logits, labels, new(Seed: 5, step, BatchSlice.Whole(GhostLayout.For(8, 0))));
            var noisy = autograd.grad([minimized], [logits])[0];
            sum.add_(noisy);
            squares.add_((noisy - exact).square());
            if (step == 0) crossEntropy.ToDouble().ShouldBe(F.cross_entropy(logits, labels).ToDouble(), 1e-6);
        }
        // The mean of 4,000 draws is off by about sqrt(15 / 4000) = 6 % of each entry; their variance by about sqrt(2 / 4000) = 2 %.
        var mean = sum / Steps;
        ((mean - exact).norm() / exact.norm()).ToDouble().ShouldBeLessThan(0.15);
        ((squares / Steps).sum() / (exact.square() * Variance).sum()).ToDouble().ShouldBe(1, 0.15);
    }

    [Fact]
    public void Noise_of_a_step_does_not_depend_on_earlier_draws()
    {
        using var scope = NewDisposeScope();
        var objective = new Objective(3, Seed: 5);
        var first = objective.Noise(100, 7, CPU);
        objective.Noise(100, 8, CPU).Equals(first).ShouldBeFalse();
        objective.Noise(100, 7, CPU).Equals(first).ShouldBeTrue();
        objective.Noise(20_000, 9, CPU).var().ToDouble().ShouldBe(3, 0.2);
    }

    [Theory]
    [InlineData(10.0, 5.0, 5.0)]
    [InlineData(3.0, 5.0, 3.0)]
    [InlineData(10.0, 0.0, 10.0)]
    public void Gradients_are_scaled_down_to_the_largest_norm_and_never_up(double norm, double clip, double expected)
    {
        using var scope = NewDisposeScope();
        using var network = NetworkFactory.Create("f1", 10, NormalizationOptions.Plain, seed: 0);
        using var weights = new ParameterVector(network);
        using var optimizer = new Sgd(weights, new HyperParameters(0.1, 0, 0.9, clip));
        var gradient = ones_like(weights.Values) * (norm / Math.Sqrt(weights.Count));
        optimizer.Clip(gradient).ToDouble().ShouldBe(norm, norm * 1e-4);
        gradient.Norm().ToDouble().ShouldBe(expected, expected * 1e-4);
    }

    [Fact]
    public void Weight_decay_and_momentum_follow_their_formulas()
    {
        using var scope = NewDisposeScope();
        using var network = NetworkFactory.Create("f1", 10, NormalizationOptions.Plain, seed: 0);
        using var weights = new ParameterVector(network);
        using var optimizer = new Sgd(weights, new HyperParameters(0.1, WeightDecay: 0.01, Momentum: 0.9));
        var w0 = weights.Values.clone();
        optimizer.Step(ones_like(w0), 0.1);
        var v1 = 1 + 0.01 * w0;
        var w1 = w0 - 0.1 * v1;
        weights.Values.allclose(w1, 1e-5, 1e-6).ShouldBeTrue();
        optimizer.Step(ones_like(w0), 0.02);
        var v2 = 0.9 * v1 + 1 + 0.01 * w1;
        weights.Values.allclose(w1 - 0.02 * v2, 1e-5, 1e-6).ShouldBeTrue();
    }

    [Fact]
    public void Parameters_are_views_of_the_vector()
    {
        using var scope = NewDisposeScope();
        using var network = NetworkFactory.Create("c1", 10, NormalizationOptions.Plain, seed: 0);
        var before = StateDictionary.Sha256(network);
        using var weights = new ParameterVector(network);
        StateDictionary.Sha256(network).ShouldBe(before);
        using (no_grad()) weights.Values.fill_(0.5);
        foreach (var slice in weights.Slices) network.get_parameter(slice.Name)!.detach().eq(0.5).all().ToBoolean().ShouldBeTrue(slice.Name);
    }
}
