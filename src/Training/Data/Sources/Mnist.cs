namespace Tracker.Training;

/// <summary>
/// MNIST (LeCun and Cortes): 60,000 training and 10,000 test images of 28 × 28 gray pixels in 10 classes, in four IDX files.
/// </summary>
public static class Mnist
{
    /// <summary>The four files, training images, training labels, test images and test labels, with checksums of the uncompressed content.</summary>
    public static IReadOnlyList<IdxContent> Official { get; } =
    [
        new("train-images-idx3-ubyte", [60_000, 28, 28], "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        new("train-labels-idx1-ubyte", [60_000], "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        new("t10k-images-idx3-ubyte", [10_000, 28, 28], "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        new("t10k-labels-idx1-ubyte", [10_000], "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ];
}
