using System.Formats.Tar;
using System.Globalization;
using Tracker.Training;

namespace Tracker.Jobs.Data.ImageNet;

/// <summary>An image within an archive that is not compressed.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Offset">Where its bytes begin.</param>
/// <param name="Length">How many there are.</param>
/// <param name="Label">What it shows.</param>
internal readonly record struct ArchivedImage(string Name, long Offset, int Length, ushort Label);

/// <summary>Finds the images in ImageNet's archives, which are tar files that hold them as they are, so that each can be read by itself.</summary>
internal static class ImageNetArchives
{
    private const string ValidationPrefix = "ILSVRC2012_val_";

    /// <summary>The images of the training archive: a tar file for each class, within a tar file.</summary>
    /// <param name="path"><c>ILSVRC2012_img_train.tar</c>.</param>
    /// <param name="kit">The classes.</param>
    /// <param name="images">How many images there must be.</param>
    /// <param name="report">Where to tell how far it is.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="DataException">A class is missing, unknown or there twice, or the number of images is another.</exception>
    public static List<ArchivedImage> FindTraining(string path, DevKit kit, int images, IDataReport report, CancellationToken cancellationToken)
    {
        var found = new List<ArchivedImage>(images);
        var classes = new HashSet<string>(StringComparer.Ordinal);
        using var file = File.OpenRead(path);
        foreach (var outer in Entries(file, path))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Path.GetFileName(outer.Name);
            var synset = Path.GetFileNameWithoutExtension(name);
            var label = kit.Classes.ToList().BinarySearch(synset, StringComparer.Ordinal);
            if (label < 0 || !name.EndsWith(".tar", StringComparison.Ordinal)) throw new DataException(path, "one .tar file for each class", $"'{outer.Name}'");
            if (!classes.Add(synset)) throw new DataException(path, $"class {synset} once", "it twice");
            foreach (var inner in Entries(outer.DataStream!, $"{path}: {name}"))
                found.Add(new(Path.GetFileName(inner.Name), outer.DataOffset + inner.DataOffset, checked((int)inner.Length), (ushort)label));
            report.Advance(new("Training images found", found.Count, Math.Max(images, found.Count), "images"));
        }
        if (kit.Classes.FirstOrDefault(c => !classes.Contains(c)) is { } missing) throw new DataException(path, $"class {missing}", "none");
        return found.Count == images ? found : throw new DataException(path, $"{images} images", $"{found.Count}");
    }

    /// <summary>The images of the validation archive, in the order of their numbers.</summary>
    /// <param name="path"><c>ILSVRC2012_img_val.tar</c>.</param>
    /// <param name="kit">The labels.</param>
    /// <exception cref="DataException">An image is missing, unknown or there twice.</exception>
    public static List<ArchivedImage> FindValidation(string path, DevKit kit)
    {
        var found = new ArchivedImage?[kit.ValidationLabels.Count];
        using var file = File.OpenRead(path);
        foreach (var entry in Entries(file, path))
        {
            var name = Path.GetFileName(entry.Name);
            var digits = Path.GetFileNameWithoutExtension(name);
            if (!digits.StartsWith(ValidationPrefix, StringComparison.Ordinal)
                || !int.TryParse(digits[ValidationPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > found.Length)
                throw new DataException(path, $"{ValidationPrefix}00000001.JPEG to {ValidationPrefix}{found.Length:00000000}.JPEG", $"'{name}'");
            if (found[number - 1] is not null) throw new DataException(path, $"'{name}' once", "it twice");
            found[number - 1] = new(name, entry.DataOffset, checked((int)entry.Length), (ushort)kit.ValidationLabels[number - 1]);
        }
        var missing = Array.FindIndex(found, f => f is null);
        if (missing >= 0) throw new DataException(path, $"{found.Length} images", $"none with number {missing + 1}");
        return [.. found.Select(f => f!.Value)];
    }

    private static IEnumerable<TarEntry> Entries(Stream stream, string path)
    {
        using var tar = new TarReader(stream, leaveOpen: true);
        while (Next(tar, path) is { } entry)
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile) yield return entry;
    }

    private static TarEntry? Next(TarReader tar, string path)
    {
        try
        {
            return tar.GetNextEntry();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new DataException(path, "an intact tar file", $"damage ({e.Message.TrimEnd('.')})", e);
        }
    }
}
