namespace Tracker.Training;

/// <summary>
/// Fashion-MNIST (Zalando, MIT licence): 60,000 training and 10,000 test images of 28 × 28 gray pixels in 10 classes, in four IDX
/// files. Debian removes name and time from the gzip headers, so the checksums here are of the uncompressed content. They belong to
/// the published files: with name and time put back into its header (1504176606 for the training set, 1504176627 for the test set),
/// each of Debian's files has the published SHA-256.
/// </summary>
public static class FashionMnist
{
    /// <summary>Where Debian's package <c>dataset-fashion-mnist</c> puts the files.</summary>
    public const string DebianDirectory = "/usr/share/datasets/fashion-mnist";

    /// <summary>The four files, training images, training labels, test images and test labels, as published.</summary>
    public static IReadOnlyList<IdxContent> Official { get; } =
    [
        new("train-images-idx3-ubyte", [60_000, 28, 28], "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
        new("train-labels-idx1-ubyte", [60_000], "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
        new("t10k-images-idx3-ubyte", [10_000, 28, 28], "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
        new("t10k-labels-idx1-ubyte", [10_000], "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
    ];
}
