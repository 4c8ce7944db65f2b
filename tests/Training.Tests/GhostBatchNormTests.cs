using TorchSharp;
using Tracker.Domain;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Tracker.Training.Tests;

public sealed class GhostBatchNormTests
{
    [Theory]
    [InlineData(32, 8, new long[] { 5 })]
    [InlineData(32, 8, new long[] { 5, 4, 3 })]
    [InlineData(37, 8, new long[] { 5 })]
    [InlineData(37, 8, new long[] { 5, 4, 3 })]
    [InlineData(33, 8, new long[] { 5 })]
    [InlineData(9, 8, new long[] { 5, 2, 2 })]
    [InlineData(7, 8, new long[] { 5 })]
    public void One_call_agrees_with_one_ghost_after_the_other(int samples, int ghost, long[] rest)
    {
        using var scope = NewDisposeScope();
        var layer = new GhostBatchNorm(5, ghost);
        Formula.SetWeights(layer);
        var input = Formula.UniformTensor(1, [samples, .. rest]) * 3 + 1;
        var order = BatchOrder.Interleave(arange(samples, dtype: ScalarType.Int64), ghost);
        var (mean, variance) = (zeros(5), ones(5));
        var parts = Sizes(samples, ghost).Select((size, i) => F.batch_norm(
            input.narrow(0, Sizes(samples, ghost).Take(i).Sum(), size), mean, variance, layer.get_parameter("weight"), layer.get_parameter("bias"), true)).ToList();
        var expected = cat(parts, 0).index_select(0, order);

        var output = layer.call(input.index_select(0, order));

        output.allclose(expected, 1e-5, 1e-6).ShouldBeTrue();
        layer.get_buffer("running_mean")!.allclose(mean, 1e-5, 1e-6).ShouldBeTrue();
        layer.get_buffer("running_var")!.allclose(variance, 1e-5, 1e-6).ShouldBeTrue();
        layer.get_buffer("num_batches_tracked")!.ToInt64().ShouldBe(Sizes(samples, ghost).Count);
    }

    [Theory]
    [InlineData(32, 8)]
    [InlineData(37, 8)]
    [InlineData(33, 8)]
    [InlineData(7, 8)]
    public void Equal_statistics_give_every_ghost_the_same_weight(int samples, int ghost)
    {
        using var scope = NewDisposeScope();
        var layer = new GhostBatchNorm(5, ghost, GhostStatistics.Equal);
        var input = Formula.UniformTensor(1, samples, 5) * 3 + 1;
        var sizes = Sizes(samples, ghost);
        var parts = input.split([.. sizes], 0);
        var kept = Math.Pow(1 - GhostBatchNorm.Momentum, sizes.Count);

        layer.call(input.index_select(0, BatchOrder.Interleave(arange(samples, dtype: ScalarType.Int64), ghost))).Dispose();

        var mean = stack(parts.Select(p => p.mean([0])).ToList()).mean([0]) * (1 - kept);
        var variance = stack(parts.Select(p => p.var([0])).ToList()).mean([0]) * (1 - kept) + kept;
        layer.get_buffer("running_mean")!.allclose(mean, 1e-5, 1e-6).ShouldBeTrue();
        layer.get_buffer("running_var")!.allclose(variance, 1e-5, 1e-6).ShouldBeTrue();
        layer.get_buffer("num_batches_tracked")!.ToInt64().ShouldBe(sizes.Count);
    }

    /// <summary>Full ghosts, then the rest; a rest of one sample is part of the last ghost.</summary>
    private static List<long> Sizes(int samples, int ghost)
    {
        var sizes = Enumerable.Range(0, (samples + ghost - 1) / ghost).Select(i => (long)Math.Min(ghost, samples - i * ghost)).ToList();
        if (sizes is not [.., var before, 1]) return sizes;
        return [.. sizes[..^2], before + 1];
    }

    [Fact]
    public void Without_ghosts_it_is_plain_batch_normalization()
    {
        using var scope = NewDisposeScope();
        var layer = new GhostBatchNorm(6, 0);
        var input = Formula.UniformTensor(2, 20, 6);
        var (mean, variance) = (zeros(6), ones(6));
        var expected = F.batch_norm(input, mean, variance, ones(6), zeros(6), true);
        layer.call(input).Equals(expected).ShouldBeTrue();
        layer.get_buffer("running_var")!.Equals(variance).ShouldBeTrue();
    }

    [Fact]
    public void Evaluation_uses_the_running_statistics_and_leaves_them_alone()
    {
        using var scope = NewDisposeScope();
        var layer = new GhostBatchNorm(6, 4);
        layer.call(Formula.UniformTensor(3, 16, 6) * 2 + 5).Dispose();
        var (mean, variance) = (layer.get_buffer("running_mean")!.clone(), layer.get_buffer("running_var")!.clone());
        layer.eval();
        var input = Formula.UniformTensor(4, 16, 6);
        layer.call(input).allclose((input - mean) / (variance + GhostBatchNorm.Epsilon).sqrt(), 1e-4, 1e-5).ShouldBeTrue();
        layer.get_buffer("running_mean")!.Equals(mean).ShouldBeTrue();
        layer.get_buffer("num_batches_tracked")!.ToInt64().ShouldBe(4);
    }

    [Fact]
    public void A_lone_sample_joins_the_last_ghost()
    {
        GhostLayout.For(129, 128).ShouldBe(new GhostLayout(128, 0, 129));
        GhostLayout.For(257, 128).ShouldBe(new GhostLayout(128, 1, 129));
        GhostLayout.For(256, 128).ShouldBe(new GhostLayout(128, 2, 0));
        GhostLayout.For(300, 128).ShouldBe(new GhostLayout(128, 2, 44));
        GhostLayout.For(100, 128).ShouldBe(new GhostLayout(100, 0, 100));
        GhostLayout.For(300, 0).ShouldBe(new GhostLayout(300, 0, 300));
    }
}
