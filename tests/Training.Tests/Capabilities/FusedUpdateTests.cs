using TorchSharp;
using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

/// <summary>The update in one pass against libtorch's operations.</summary>
public sealed class FusedUpdateTests
{
    [Theory]
    [InlineData(0.9, 5.0, DecayScope.All)]
    [InlineData(0.9, 0.0, DecayScope.Weights)]
    [InlineData(0.0, 1e6, DecayScope.Weights)]
    [InlineData(0.0, 5.0, DecayScope.All)]
    public void A_step_agrees_with_the_plain_path(double momentum, double clip, DecayScope decay)
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        var (fused, plain) = (Steps(momentum, clip, decay), default((Tensor Weights, Tensor Norm)));
        using (HostKernels.Suspend()) plain = Steps(momentum, clip, decay);
        fused.Weights.allclose(plain.Weights, 1e-5, 1e-6).ShouldBeTrue();
        fused.Norm.ToDouble().ShouldBe(plain.Norm.ToDouble(), plain.Norm.ToDouble() * 1e-6);
    }

    [Fact]
    public void Norms_do_not_depend_on_the_number_of_threads()
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        var (a, b) = (Formula.UniformTensor(1, 100_003), Formula.UniformTensor(2, 100_003));
        set_num_threads(1);
        var (norm, distance) = (FusedUpdate.Norm(a)!, FusedUpdate.Norm(a, b)!);
        set_num_threads(3);
        FusedUpdate.Norm(a)!.Equals(norm).ShouldBeTrue();
        FusedUpdate.Norm(a, b)!.Equals(distance).ShouldBeTrue();
        norm.ToDouble().ShouldBe(a.to(ScalarType.Float64).norm().ToDouble(), 1e-4);
        distance.ToDouble().ShouldBe((a - b).to(ScalarType.Float64).norm().ToDouble(), 1e-4);
        FusedUpdate.Norm(a.to(ScalarType.Float64)).ShouldBeNull();
    }

    private static (Tensor Weights, Tensor Norm) Steps(double momentum, double clip, DecayScope decay)
    {
        using var network = NetworkFactory.Create("f1", 10, NormalizationOptions.Plain, seed: 0);
        using var weights = new ParameterVector(network);
        using var optimizer = new Sgd(weights, new HyperParameters(0.1, WeightDecay: 0.01, Momentum: momentum, Clip: clip), decay);
        var norm = zeros([]);
        for (var step = 0; step < 3; step++) norm = optimizer.Update(Formula.UniformTensor(step, weights.Count), 0.1);
        return (weights.Values.clone(), norm);
    }
}
