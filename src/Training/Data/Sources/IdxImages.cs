using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>A data set of gray images in 10 classes in four IDX files, compressed or not.</summary>
/// <param name="folders">Where to look.</param>
/// <param name="files">What must be there: images and labels of the training set, then of the test set.</param>
/// <param name="padding">Black pixels added to every side of the images.</param>
public sealed class IdxImages(DataFolders folders, IReadOnlyList<IdxContent> files, int padding = 0) : IImageSource
{
    private const int Classes = 10;

    /// <inheritdoc/>
    public IReadOnlyList<LocatedFile> Locate() => [.. files.Select(f => new LocatedFile(f.Name + ".gz", folders.Locate(Names(f))))];

    /// <inheritdoc/>
    public IImages LoadTraining(int examples, Device device) => Load(files[0], files[1], examples, device);

    /// <inheritdoc/>
    public IImages LoadValidation(Device device) => Load(files[2], files[3], files[3].Shape[0], device);

    /// <inheritdoc/>
    public IEnumerable<string> Verify()
    {
        for (var i = 0; i < files.Count; i++)
        {
            var path = folders.Find(Names(files[i]));
            var values = IdxFile.Read(path, files[i], files[i].Shape[0]);
            if (files[i].Shape.Count == 1) LabelCheck.InRange(path, values, Classes);
            yield return path;
        }
    }

    private ImageSet Load(IdxContent images, IdxContent labels, int examples, Device device)
    {
        var labelPath = folders.Find(Names(labels));
        var available = labels.Shape[0];
        if (examples > available) throw new DataException(labelPath, $"at least {examples} labels", $"{available}");
        var (height, width) = (images.Shape[1], images.Shape[2]);
        // Unpacked where libtorch will use them: another copy would be the largest thing that the process ever holds.
        using var pixels = empty([examples, 1, height, width], dtype: ScalarType.Byte);
        IdxFile.Read(folders.Find(Names(images)), images, pixels.bytes);
        var classes = IdxFile.Read(labelPath, labels, available);
        LabelCheck.InRange(labelPath, classes, Classes);
        return new(pixels, classes[..examples], device, padding);
    }

    private static string[] Names(IdxContent file) => [file.Name + ".gz", file.Name];
}
