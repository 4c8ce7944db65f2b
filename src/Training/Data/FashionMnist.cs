using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// Fashion-MNIST (Zalando, MIT licence): 60,000 training and 10,000 test images of 28 × 28 gray pixels in 10 classes, in four IDX
/// files. They are looked for in the data directory, itself and its <c>fashion-mnist</c> folder, then where Debian's package
/// <c>dataset-fashion-mnist</c> puts them. Debian removes name and time from the gzip headers, so the checksums here are of the
/// uncompressed content. They belong to the published files: with name and time put back into its header (1504176606 for the training
/// set, 1504176627 for the test set), each of Debian's files has the published SHA-256.
/// </summary>
public sealed class FashionMnist
{
    /// <summary>Where Debian's package puts the files.</summary>
    public const string DebianDirectory = "/usr/share/datasets/fashion-mnist";

    private const int Classes = 10;

    /// <summary>The four files, training images, training labels, test images and test labels, as published.</summary>
    public static IReadOnlyList<IdxContent> Official { get; } =
    [
        new("train-images-idx3-ubyte", [60_000, 28, 28], "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
        new("train-labels-idx1-ubyte", [60_000], "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
        new("t10k-images-idx3-ubyte", [10_000, 28, 28], "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
        new("t10k-labels-idx1-ubyte", [10_000], "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
    ];

    private readonly IReadOnlyList<string> _directories;
    private readonly IReadOnlyList<IdxContent> _files;

    /// <summary>Looks for the data set.</summary>
    /// <param name="dataDirectory">Where data sets are kept, or <see langword="null"/>.</param>
    public FashionMnist(string? dataDirectory)
        : this(dataDirectory is null ? [DebianDirectory] : [dataDirectory, Path.Combine(dataDirectory, "fashion-mnist"), DebianDirectory], Official)
    {
    }

    /// <summary>Looks for files of known content.</summary>
    /// <param name="directories">Where to look, in this order.</param>
    /// <param name="files">What must be there: images and labels of the training set, then of the test set.</param>
    public FashionMnist(IReadOnlyList<string> directories, IReadOnlyList<IdxContent> files)
    {
        ArgumentNullException.ThrowIfNull(directories);
        ArgumentNullException.ThrowIfNull(files);
        _directories = directories;
        _files = files;
    }

    /// <summary>Loads the first images of the training set, in the order of the file (which is a random one).</summary>
    /// <param name="examples">How many images.</param>
    /// <param name="device">Where to keep them.</param>
    /// <exception cref="DataException">A file is missing or damaged.</exception>
    public ImageSet LoadTraining(int examples, Device device) => Load(_files[0], _files[1], examples, device);

    /// <summary>Loads the test set, which the paper validates on.</summary>
    /// <param name="device">Where to keep it.</param>
    /// <exception cref="DataException">A file is missing or damaged.</exception>
    public ImageSet LoadValidation(Device device) => Load(_files[2], _files[3], _files[3].Shape[0], device);

    private ImageSet Load(IdxContent images, IdxContent labels, int examples, Device device)
    {
        var labelPath = Find(labels);
        var available = labels.Shape[0];
        if (examples > available) throw new DataException(labelPath, $"at least {examples} labels", $"{available}");
        var pixels = IdxFile.Read(Find(images), images, examples);
        var classes = IdxFile.Read(labelPath, labels, available);
        if (classes.IndexOfAnyExceptInRange((byte)0, (byte)(Classes - 1)) is var wrong and >= 0)
            throw new DataException(labelPath, $"labels from 0 to {Classes - 1}", $"{classes[wrong]} as label of image {wrong}");
        var (height, width) = (images.Shape[1], images.Shape[2]);
        return new(pixels, classes[..examples], (1, height, width), device);
    }

    private string Find(IdxContent file)
    {
        var candidates = _directories.SelectMany(d => new[] { Path.Combine(d, file.Name + ".gz"), Path.Combine(d, file.Name) });
        return candidates.FirstOrDefault(File.Exists) ?? throw new DataException(
            $"{file.Name}.gz", $"the file in {string.Join(" or ", _directories)}",
            "none (Debian and Ubuntu: apt-get install dataset-fashion-mnist)");
    }
}
