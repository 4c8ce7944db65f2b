using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

/// <summary>The fused normalization of feature maps against libtorch's operations.</summary>
public sealed class MapNormTests
{
    [Theory]
    [InlineData(8, 0, false, false, 1)]
    [InlineData(8, 0, true, false, 2)]
    [InlineData(13, 4, true, true, 2)]
    [InlineData(12, 4, true, true, 3)]
    [InlineData(9, 4, true, false, 1)]
    [InlineData(9, 4, false, false, 2)]
    public void Output_gradients_and_running_statistics_agree_with_the_plain_path(int samples, int ghost, bool relu, bool shortcut, int threads)
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        set_num_threads(threads);
        var fused = Compute(samples, ghost, relu, shortcut);
        using var suspended = HostKernels.Suspend();
        var plain = Compute(samples, ghost, relu, shortcut);
        fused.Count.ShouldBe(plain.Count);
        foreach (var (mine, theirs) in fused.Zip(plain)) ((mine - theirs).norm() / theirs.norm()).ToDouble().ShouldBeLessThan(1e-5);
    }

    [Fact]
    public void The_gradient_is_the_slope_of_the_output()
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        var layer = new GhostBatchNorm(16, 4);
        Formula.SetWeights(layer);
        var input = Maps(1, 8).requires_grad_();
        var factors = Formula.UniformTensor(2, 8, 16, 5, 3);
        var gradient = autograd.grad([(Normalize(layer, input) * factors).sum()], [input])[0];
        const double Step = 1e-2;
        var direction = Maps(3, 8);
        var (up, down) = (Value(Step), Value(-Step));
        ((up - down) / (2 * Step)).ShouldBe((gradient * direction).sum().ToDouble(), 1e-2);

        double Value(double by) => (Normalize(layer, (input + direction * by).detach()) * factors).to(ScalarType.Float64).sum().ToDouble();
    }

    [Fact]
    public void It_gives_the_same_bits_every_time_and_keeps_what_is_not_a_number()
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        set_num_threads(3);
        foreach (var (first, second) in Compute(13, 4, true, true).Zip(Compute(13, 4, true, true))) first.Equals(second).ShouldBeTrue();
        var layer = new GhostBatchNorm(16, 0, relu: true);
        var input = Maps(1, 8);
        input[0, 0, 0, 0] = float.NaN;
        Normalize(layer, input).isnan().any().ToBoolean().ShouldBeTrue();
    }

    [Fact]
    public void Other_layouts_modes_and_second_derivatives_are_left_to_the_plain_path()
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        var maps = Maps(1, 8);
        MapNorm.Takes(maps).ShouldBeTrue();
        MapNorm.Takes(maps.contiguous()).ShouldBeFalse();
        MapNorm.Takes(Formula.UniformTensor(1, 8, 16)).ShouldBeFalse();
        MapNorm.Takes(MapNorm.ChannelsLast(Formula.UniformTensor(1, 8, 10, 5, 3))).ShouldBeFalse();
        using (no_grad()) MapNorm.Takes(maps).ShouldBeFalse();
        using (HostKernels.Suspend()) MapNorm.Takes(maps).ShouldBeFalse();
        var layer = new GhostBatchNorm(16, 0);
        var loss = Normalize(layer, maps).square().sum();
        Should.Throw<System.Runtime.InteropServices.ExternalException>(() => autograd.grad([loss], [layer.Scale], create_graph: true)).Message.ShouldContain("second derivative");
    }

    private static Tensor Normalize(GhostBatchNorm layer, Tensor input) => layer.call(input);

    /// <summary>Output, gradients of input, scale, shift and shortcut, running statistics.</summary>
    private static List<Tensor> Compute(int samples, int ghost, bool relu, bool shortcut)
    {
        var layer = new GhostBatchNorm(16, ghost, relu: relu);
        Formula.SetWeights(layer);
        var (input, other) = ((Maps(1, samples) * 3 + 1).requires_grad_(), Maps(2, samples).requires_grad_());
        MapNorm.Takes(input).ShouldBe(HostKernels.AreOn);
        var output = shortcut ? layer.WithShortcut(input, other) : layer.call(input);
        List<Tensor> inputs = [input, layer.Scale, layer.Shift];
        if (shortcut) inputs.Add(other);
        var gradients = autograd.grad([(output * Formula.UniformTensor(3, samples, 16, 5, 3)).sum()], inputs);
        return [output.detach(), .. gradients, .. layer.RunningState.Select(t => t.to(ScalarType.Float32))];
    }

    private static Tensor Maps(int stream, int samples) =>
        Formula.UniformTensor(stream, samples, 5, 3, 16).permute(0, 3, 1, 2);
}
