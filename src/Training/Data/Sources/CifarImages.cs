using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>A file of CIFAR's binary form.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Records">How many images it holds.</param>
/// <param name="Checksum">Its checksum.</param>
public sealed record CifarContent(string Name, int Records, FileChecksum Checksum);

/// <summary>A data set in CIFAR's binary form.</summary>
/// <param name="Training">The training files, in the order of their images.</param>
/// <param name="Test">The test file.</param>
/// <param name="Labels">Number of classes of each label byte of a record; the last is the label to learn.</param>
public sealed record CifarLayout(IReadOnlyList<CifarContent> Training, CifarContent Test, IReadOnlyList<int> Labels);

/// <summary>
/// Reads CIFAR's binary form: records of the label bytes (CIFAR-10: one; CIFAR-100: the coarse label, then the fine one that is
/// learned) and 32 × 32 pixels of red, then green, then blue, each row-major.
/// </summary>
/// <param name="folders">Where to look.</param>
/// <param name="layout">What must be there.</param>
public sealed class CifarImages(DataFolders folders, CifarLayout layout) : IImageSource
{
    private const int Size = 32;
    private const int Channels = 3;
    private const int Pixels = Channels * Size * Size;

    /// <summary>CIFAR-10 as published: 50,000 training and 10,000 test images in 10 classes.</summary>
    public static CifarLayout Cifar10 { get; } = new(
        [
            new("data_batch_1.bin", 10_000, FileChecksum.Md5("5dd7e06a14cb22eb9f671a540d1b7c25")),
            new("data_batch_2.bin", 10_000, FileChecksum.Md5("5ea93a67294ea407fff1d09f752e9692")),
            new("data_batch_3.bin", 10_000, FileChecksum.Md5("942cd6a4bcdd0dd3c604fbe906cb4421")),
            new("data_batch_4.bin", 10_000, FileChecksum.Md5("ae636b3ba5c66a11e91e8cb52e771fcb")),
            new("data_batch_5.bin", 10_000, FileChecksum.Md5("53f37980c15c3d472c316c40844f3f0d")),
        ],
        new("test_batch.bin", 10_000, FileChecksum.Md5("803d5f7f4d78ea53de84dbe85f74fb6d")),
        [10]);

    /// <summary>CIFAR-100 as published: 50,000 training and 10,000 test images in 100 classes.</summary>
    public static CifarLayout Cifar100 { get; } = new(
        [new("train.bin", 50_000, FileChecksum.Md5("6172c7755cfe09b2fe270c85cebc1b15"))],
        new("test.bin", 10_000, FileChecksum.Md5("4499cfba6c016c1be1438163640a0898")),
        [20, 100]);

    private int RecordLength => layout.Labels.Count + Pixels;

    /// <inheritdoc/>
    public IReadOnlyList<LocatedFile> Locate() => [.. layout.Training.Append(layout.Test).Select(f => new LocatedFile(f.Name, folders.Locate(f.Name)))];

    /// <inheritdoc/>
    public IImages LoadTraining(int examples, Device device)
    {
        var available = layout.Training.Sum(f => f.Records);
        if (examples > available) throw new DataException(folders.Find(layout.Training[0].Name), $"at least {examples} training images", $"{available}");
        return Load(layout.Training, examples, device);
    }

    /// <inheritdoc/>
    public IImages LoadValidation(Device device) => Load([layout.Test], layout.Test.Records, device);

    /// <inheritdoc/>
    public IEnumerable<string> Verify()
    {
        foreach (var file in layout.Training.Append(layout.Test))
        {
            var path = folders.Find(file.Name);
            Read(file, path, new byte[file.Records * Pixels], new byte[file.Records]);
            yield return path;
        }
    }

    private ImageSet Load(IReadOnlyList<CifarContent> files, int examples, Device device)
    {
        var pixels = new byte[examples * Pixels];
        var labels = new byte[examples];
        var done = 0;
        foreach (var file in files)
        {
            if (done == examples) break;
            var count = Math.Min(file.Records, examples - done);
            Read(file, folders.Find(file.Name), pixels.AsSpan(done * Pixels, count * Pixels), labels.AsSpan(done, count));
            done += count;
        }
        return new(pixels, labels, (Channels, Size, Size), device);
    }

    /// <summary>Verifies a whole file and takes its first images.</summary>
    private void Read(CifarContent file, string path, Span<byte> pixels, Span<byte> labels)
    {
        var length = file.Records * RecordLength;
        var records = CheckedFile.Read(path, length, file.Checksum, headerLength: 0, keep: length);
        var one = new byte[file.Records];
        for (var l = 0; l < layout.Labels.Count; l++)
        {
            for (var i = 0; i < one.Length; i++) one[i] = records[i * RecordLength + l];
            LabelCheck.InRange(path, one, layout.Labels[l]);
        }
        one.AsSpan(0, labels.Length).CopyTo(labels);
        for (var i = 0; i < labels.Length; i++)
            records.AsSpan(i * RecordLength + layout.Labels.Count, Pixels).CopyTo(pixels[(i * Pixels)..]);
    }
}
