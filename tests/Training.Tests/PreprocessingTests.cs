using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

public sealed class PreprocessingTests
{
    private static readonly Preprocessing s_augmenting = new(Mean: [0.2860], Deviation: [0.3530], Channels: 3, CropPadding: 4, Flip: true);

    [Fact]
    public void Pixels_are_normalized_and_gray_is_repeated()
    {
        using var scope = NewDisposeScope();
        var input = s_augmenting.Normalize(tensor(new byte[] { 0, 255, 51, 102 }, [1, 1, 2, 2]));
        input.shape.ShouldBe([1, 3, 2, 2]);
        float[] expected = [-0.2860f / 0.3530f, 0.7140f / 0.3530f, (0.2f - 0.2860f) / 0.3530f, (0.4f - 0.2860f) / 0.3530f];
        var found = input.data<float>().ToArray();
        for (var i = 0; i < found.Length; i++) found[i].ShouldBe(expected[i % 4], 1e-5f);
    }

    [Fact]
    public void Padding_puts_black_around_the_image()
    {
        using var scope = NewDisposeScope();
        using var set = new ImageSet([.. Enumerable.Repeat((byte)1, 2 * 28 * 28)], [0, 1], (1, 28, 28), CPU, padding: 2);
        var padded = set.Images;
        padded.shape.ShouldBe([2, 1, 32, 32]);
        padded.to(ScalarType.Int64).sum().ToInt64().ShouldBe(2 * 28 * 28);
        padded[0, 0, 1, 16].ToByte().ShouldBe((byte)0);
        padded[0, 0, 2, 2].ToByte().ShouldBe((byte)1);
    }

    [Fact]
    public void Every_augmented_image_is_a_shifted_and_perhaps_mirrored_original()
    {
        const int Size = 6, Shift = 4, Count = 200;
        using var scope = NewDisposeScope();
        var pixels = IdxFiles.Pixels(Size * Size).Select(p => (byte)(p | 1)).ToArray();
        var image = tensor(pixels, [1, 1, Size, Size]);
        StatelessRandom.SeedFor(3, RandomPurpose.Augmentation, 11);
        var augmented = Augment(s_augmenting, image.expand(Count, -1, -1, -1));
        var possible = new Dictionary<string, (int, int, bool)>();
        foreach (var (dy, dx, mirrored) in from dy in Range(Shift) from dx in Range(Shift) from m in new[] { false, true } select (dy, dx, m))
            possible[string.Join(',', Shifted(pixels, Size, dy, dx, mirrored))] = (dy, dx, mirrored);

        var found = augmented.data<byte>().ToArray().Chunk(Size * Size).Select(i => possible[string.Join(',', i)]).ToList();

        found.Count.ShouldBe(Count);
        found.Select(f => f.Item1).Distinct().Count().ShouldBe(2 * Shift + 1);
        found.Select(f => f.Item2).Distinct().Count().ShouldBe(2 * Shift + 1);
        found.Count(f => f.Item3).ShouldBeInRange(70, 130);
    }

    [Fact]
    public void Augmentation_follows_from_seed_and_step_alone()
    {
        using var scope = NewDisposeScope();
        var images = tensor(IdxFiles.Pixels(50 * 36), [50, 1, 6, 6]);
        StatelessRandom.SeedFor(3, RandomPurpose.Augmentation, 11);
        var first = Augment(s_augmenting, images);
        Augment(s_augmenting, images).Equals(first).ShouldBeFalse();
        StatelessRandom.SeedFor(3, RandomPurpose.Augmentation, 11);
        Augment(s_augmenting, images).Equals(first).ShouldBeTrue();
    }

    [Fact]
    public void Each_channel_is_normalized_by_its_own_statistics()
    {
        using var scope = NewDisposeScope();
        var pixels = tensor(IdxFiles.Pixels(2 * 3 * 4), [2, 3, 2, 2]);
        var input = DatasetPreprocessing.Of("cifar10").Normalize(pixels).data<float>().ToArray();
        (double Mean, double Deviation)[] statistics = [(0.4914, 0.2470), (0.4822, 0.2435), (0.4465, 0.2616)];
        for (var i = 0; i < input.Length; i++)
        {
            var (mean, deviation) = statistics[i / 4 % 3];
            input[i].ShouldBe((float)(((byte)(i * 7) / 255.0 - mean) / deviation), 1e-5f);
        }
    }

    [Fact]
    public void Borders_of_photographs_are_gray()
    {
        using var scope = NewDisposeScope();
        StatelessRandom.SeedFor(3, RandomPurpose.Augmentation, 11);
        var augmented = Augment(DatasetPreprocessing.Of("cifar10"), full([64, 3, 32, 32], 255, dtype: ScalarType.Byte));
        augmented.data<byte>().ToArray().Distinct().ShouldBe([(byte)127, (byte)255], ignoreOrder: true);
    }

    [Fact]
    public void Training_crops_anywhere_and_evaluation_in_the_middle()
    {
        const int Stored = 10, Crop = 6, Count = 300;
        using var scope = NewDisposeScope();
        var cropping = new Preprocessing([0.5], [0.5], Crop: Crop);
        var image = arange(Stored * Stored).to(ScalarType.Byte).view(1, 1, Stored, Stored);
        StatelessRandom.SeedFor(3, RandomPurpose.Augmentation, 11);
        var augmented = Augment(cropping, image.expand(Count, -1, -1, -1)).data<byte>().ToArray().Chunk(Crop * Crop).ToList();

        augmented.Count.ShouldBe(Count);
        foreach (var crop in augmented) crop.ShouldBe(Part(crop[0] / Stored, crop[0] % Stored));
        augmented.Select(c => c[0]).Distinct().Count().ShouldBe(25);
        cropping.Center(image).contiguous().data<byte>().ToArray().ShouldBe(Part(2, 2));

        static IEnumerable<byte> Part(int top, int left) =>
            from i in Enumerable.Range(top, Crop) from j in Enumerable.Range(left, Crop) select (byte)(i * Stored + j);
    }

    private static Tensor Augment(Preprocessing preprocessing, Tensor images) =>
        preprocessing.Augment(images, preprocessing.Draw(images.shape[0], images.shape[2], images.shape[3]));

    private static IEnumerable<int> Range(int shift) => Enumerable.Range(-shift, 2 * shift + 1);

    private static byte[] Shifted(byte[] pixels, int size, int dy, int dx, bool mirrored)
    {
        byte At(int row, int column) => row >= 0 && row < size && column >= 0 && column < size ? pixels[row * size + column] : (byte)0;
        return [.. from i in Enumerable.Range(0, size) from j in Enumerable.Range(0, size) select At(i + dy, (mirrored ? size - 1 - j : j) + dx)];
    }
}
