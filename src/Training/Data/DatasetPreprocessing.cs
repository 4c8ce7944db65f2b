namespace Tracker.Training;

/// <summary>
/// How each data set of the catalogue is prepared. Means and deviations are those of the data set's own training images (ImageNet's,
/// as everyone uses them); the authors' code takes ImageNet's for CIFAR as well, and ½ for MNIST.
/// <para>
/// Gray images of 28 × 28 are not augmented; the authors' code crops and mirrors MNIST for F1, which turns digits into other shapes.
/// CIFAR gets the authors' augmentation: 4 pixels of middle gray (127, as theirs) around the image, a random crop of 32 × 32, and a
/// mirror for half of the images. The 32 × 32 form of Fashion-MNIST gets the same with black borders, since black is its background.
/// ImageNet gets what the authors give AlexNet: of the 256 × 256 pixels that are stored, a random crop of 224 × 224 and a mirror in
/// training, the middle in evaluation.
/// </para>
/// </summary>
public static class DatasetPreprocessing
{
    private const byte Gray = 127;

    private static readonly Preprocessing s_fashionMnist = new(Mean: [0.2860], Deviation: [0.3530]);

    private static readonly Dictionary<string, Preprocessing> s_datasets = new(StringComparer.Ordinal)
    {
        ["fashion-mnist"] = s_fashionMnist,
        ["fashion-mnist-32"] = s_fashionMnist with { Channels = 3, CropPadding = 4, Flip = true },
        ["mnist"] = new(Mean: [0.1307], Deviation: [0.3081]),
        ["cifar10"] = Cifar([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]),
        ["cifar100"] = Cifar([0.5071, 0.4865, 0.4409], [0.2673, 0.2564, 0.2762]),
        ["imagenet"] = new(Mean: [0.485, 0.456, 0.406], Deviation: [0.229, 0.224, 0.225], Channels: 3, Flip: true, Crop: 224),
    };

    /// <summary>How the images of a data set become input.</summary>
    /// <param name="dataset">Name of the data set.</param>
    /// <exception cref="ArgumentException">The data set is unknown.</exception>
    public static Preprocessing Of(string dataset) => s_datasets.TryGetValue(dataset, out var preprocessing)
        ? preprocessing
        : throw new ArgumentException($"There is no data set '{dataset}'. Data sets: {string.Join(", ", s_datasets.Keys)}.", nameof(dataset));

    private static Preprocessing Cifar(IReadOnlyList<double> mean, IReadOnlyList<double> deviation) =>
        new(mean, deviation, Channels: 3, CropPadding: 4, Flip: true, Fill: Gray);
}
