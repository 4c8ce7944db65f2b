using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

/// <summary>The batch in one pass against gather, crop and normalization one after the other.</summary>
public sealed class FusedBatchTests
{
    [Theory]
    [InlineData("fashion-mnist", 1, 28)]
    [InlineData("fashion-mnist-32", 1, 32)]
    [InlineData("cifar10", 3, 32)]
    [InlineData("imagenet", 3, 256)]
    public void A_batch_agrees_with_the_plain_path(string dataset, int channels, int size)
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        var preprocessing = DatasetPreprocessing.Of(dataset);
        var images = (Formula.UniformTensor(1, 12, channels, size, size) * 127 + 128).to(ScalarType.Byte);
        var indexes = tensor(new long[] { 3, 11, 0, 3, 7, 5, 8, 2, 1, 10 });
        manual_seed(4);
        var draws = preprocessing.Augments ? preprocessing.Draw(10, size, size) : null;
        var chosen = images.index_select(0, indexes);
        var expected = preprocessing.Normalize(draws is null ? chosen : preprocessing.Augment(chosen, draws));
        var batch = FusedBatch.Of(images, indexes, draws, preprocessing).ShouldNotBeNull();
        batch.shape.ShouldBe(expected.shape);
        batch.allclose(expected, 1e-6, 1e-6).ShouldBeTrue();
    }

    [Fact]
    public void An_index_beyond_the_images_is_an_error()
    {
        if (!HostKernels.AreOn) Assert.Skip("This tensor library has no kernels of ours.");
        using var scope = NewDisposeScope();
        var images = zeros([2, 1, 4, 4], dtype: ScalarType.Byte);
        Should.Throw<ExternalException>(() => FusedBatch.Of(images, tensor(new long[] { 2 }), null, DatasetPreprocessing.Of("mnist"))).Message.ShouldContain("There is no image 2");
    }
}
