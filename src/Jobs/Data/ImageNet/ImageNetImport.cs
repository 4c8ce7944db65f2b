using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Tracker.Training;

namespace Tracker.Jobs.Data.ImageNet;

/// <summary>An official archive.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length, or <see langword="null"/> where it was not published.</param>
/// <param name="Md5">Its MD5; nothing better was published.</param>
internal sealed record OfficialArchive(string Name, long? Bytes, string Md5);

/// <summary>The official archives, and what becomes of them.</summary>
internal sealed record ImageNetFiles(OfficialArchive Training, OfficialArchive Validation, OfficialArchive Kit, ShardLayout Layout)
{
    public static ImageNetFiles Official { get; } = new(
        new("ILSVRC2012_img_train.tar", 147_897_477_120, "1d675b47d978889d74fa0da5fadfb00e"),
        new("ILSVRC2012_img_val.tar", 6_744_924_160, "29b22e2961454d5413ddabcf34fc5622"),
        new("ILSVRC2012_devkit_t12.tar.gz", null, "fa75699e90414af021442c21a62c3abf"),
        ShardLayout.ImageNet);

    public IEnumerable<OfficialArchive> All => [Training, Validation, Kit];
}

/// <summary>
/// Makes shards of ImageNet's official archives, all of them at most once: each image is decoded, its shorter side scaled to 256
/// pixels, and its middle kept. Shards that are there already stay, so an interrupted import goes on where it stopped. The training
/// images are put in a random order that is always the same, so that the first of them are a fair sample and neighbours in a shard
/// are of many classes.
/// </summary>
/// <param name="files">The archives.</param>
/// <param name="dataDirectory">Where data sets are kept.</param>
/// <param name="report">Where to tell how far it is.</param>
/// <param name="clock">Time.</param>
internal sealed class ImageNetImport(ImageNetFiles files, string dataDirectory, IDataReport report, TimeProvider clock)
{
    /// <summary>The data set's name and folder.</summary>
    public const string Folder = "imagenet";

    private const ulong OrderSeed = 2012;
    private const int Chunk = 1 << 20;

    private int _damaged;

    /// <summary>Free space of the file system that a folder is on, in bytes.</summary>
    public Func<string, long> FreeSpace { get; init; } = path => new DriveInfo(path).AvailableFreeSpace;

    /// <summary>Imports the archives of a folder.</summary>
    /// <exception cref="DataException">An archive is missing or damaged, or an image in it.</exception>
    /// <exception cref="DownloadException">The shards cannot be written.</exception>
    public async Task RunAsync(string source, CancellationToken cancellationToken)
    {
        if (!JpegDecoder.IsAvailable) throw new DownloadException(JpegDecoder.Remedy);
        var downloads = Directory.CreateDirectory(Path.Combine(dataDirectory, ".downloads")).FullName;
        using var held = await DataLock.AcquireAsync(Path.Combine(downloads, $"{Folder}.lock"), report, clock, cancellationToken);
        var target = Directory.CreateDirectory(Path.Combine(dataDirectory, Folder)).FullName;
        var missing = files.Layout.TrainingShards.Concat(files.Layout.ValidationShards).Where(s => !IsThere(target, s)).ToList();
        if (missing.Count > 0)
        {
            CheckSpace(target, missing);
            await VerifyArchivesAsync(source, Path.Combine(downloads, $"{Folder}.verified"), cancellationToken);
            var kit = DevKit.Read(Path.Combine(source, files.Kit.Name), files.Layout.Classes, files.Layout.Validation);
            await WriteAsync("Validation", Path.Combine(source, files.Validation.Name), files.Layout.ValidationShards, target,
                () => ImageNetArchives.FindValidation(Path.Combine(source, files.Validation.Name), kit), cancellationToken);
            await WriteAsync("Training", Path.Combine(source, files.Training.Name), files.Layout.TrainingShards, target,
                () => Shuffled(ImageNetArchives.FindTraining(Path.Combine(source, files.Training.Name), kit, files.Layout.Training, report, cancellationToken)), cancellationToken);
        }
        if (_damaged > 0) report.Say($"{_damaged} images are slightly damaged in the archives and were decoded all the same.");
        report.Say($"ImageNet is complete: {target}");
    }

    private static bool IsThere(string target, ShardPlan shard)
    {
        var path = Path.Combine(target, shard.Name);
        if (!File.Exists(path)) return false;
        // A shard gets its name only when it is whole; opening it refuses one of another make.
        ImageShard.Open(path, shard).Dispose();
        return true;
    }

    private void CheckSpace(string target, List<ShardPlan> missing)
    {
        var needed = missing.Sum(ImageShard.Length);
        if (FreeSpace(target) is var free && free < needed)
            throw new DownloadException(string.Create(CultureInfo.InvariantCulture, $"ImageNet's shards need {needed / 1e9:0.0} GB more in {target}, where {free / 1e9:0.0} GB are free."));
    }

    /// <summary>Compares the archives with what was published; once is enough as long as they do not change.</summary>
    private async Task VerifyArchivesAsync(string source, string notes, CancellationToken cancellationToken)
    {
        var verified = File.Exists(notes) ? await File.ReadAllLinesAsync(notes, cancellationToken) : [];
        foreach (var archive in files.All)
        {
            var file = new FileInfo(Path.Combine(source, archive.Name));
            if (!file.Exists) throw new DataException(file.FullName, "the official archive", "none");
            if (archive.Bytes is { } bytes && file.Length != bytes) throw new DataException(file.FullName, $"{bytes} bytes", $"{file.Length}");
            var note = string.Create(CultureInfo.InvariantCulture, $"{archive.Md5} {file.Length} {file.LastWriteTimeUtc:O} {file.FullName}");
            if (verified.Contains(note)) continue;
            var md5 = await Md5Async(file, cancellationToken);
            if (md5 != archive.Md5) throw new DataException(file.FullName, $"MD5 {archive.Md5}", md5);
            await File.AppendAllLinesAsync(notes, [note], cancellationToken);
        }
    }

    private async Task<string> Md5Async(FileInfo file, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var buffer = new byte[Chunk];
        var done = 0L;
        while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            hash.AppendData(buffer, 0, read);
            report.Advance(new($"{file.Name} verifying", done += read, file.Length));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A permutation that depends on nothing but the number of images (Fisher and Yates, drawing by SplitMix64).</summary>
    private static List<ArchivedImage> Shuffled(List<ArchivedImage> images)
    {
        var state = OrderSeed;
        for (var i = images.Count - 1; i > 0; i--)
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            var j = (int)((mixed ^ (mixed >> 31)) % (ulong)(i + 1));
            (images[i], images[j]) = (images[j], images[i]);
        }
        return images;
    }

    /// <summary>Decodes a shard by all cores while the one before is hashed and written.</summary>
    private async Task WriteAsync(
        string set, string archive, IReadOnlyList<ShardPlan> shards, string target, Func<List<ArchivedImage>> find, CancellationToken cancellationToken)
    {
        var missing = shards.Where(s => !IsThere(target, s)).ToList();
        if (missing.Count == 0) return;
        var images = find();
        var total = shards.Sum(s => s.Count);
        var done = total - missing.Sum(s => s.Count);
        using var file = File.OpenHandle(archive, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        var writing = Task.CompletedTask;
        try
        {
            foreach (var shard in missing)
            {
                var length = ImageShard.ImageLength(shard.Layout);
                var pixels = GC.AllocateUninitializedArray<byte>(shard.Count * length);
                var part = images.GetRange(shard.Start, shard.Count);
                InParallel(shard.Count, i =>
                {
                    Decode(file, archive, part[i], shard.Layout.Size, pixels.AsSpan(i * length, length));
                    lock (report) report.Advance(new($"{set} images", ++done, total, "images"));
                }, cancellationToken);
                await writing;
                writing = Task.Run(() => Save(Path.Combine(target, shard.Name), shard, part, pixels), CancellationToken.None);
            }
        }
        finally
        {
            await writing;
        }
    }

    private static void InParallel(int count, Action<int> action, CancellationToken cancellationToken)
    {
        try
        {
            Parallel.For(0, count, new() { CancellationToken = cancellationToken }, action);
        }
        catch (AggregateException e)
        {
            // Several cores may have failed; the first reason is enough.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static void Save(string path, ShardPlan shard, List<ArchivedImage> images, byte[] pixels)
    {
        try
        {
            ImageShard.Write(path, shard, [.. images.Select(i => i.Label)], pixels);
        }
        catch (IOException e)
        {
            throw new DownloadException($"{path} cannot be written: {e.Message}", e);
        }
    }

    private void Decode(SafeFileHandle file, string archive, ArchivedImage image, int size, Span<byte> pixels)
    {
        var bytes = new byte[image.Length];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), image.Offset + read) is var count and > 0) read += count;
        var name = $"{archive}: {image.Name}";
        if (read < bytes.Length) throw new DataException(name, $"{bytes.Length} bytes", $"{read}");
        if (PngImage.IsPng(bytes))
        {
            var (height, width, colors) = PngImage.Decode(name, bytes);
            JpegDecoder.Square(colors, height, width, size, pixels);
            return;
        }
        if (JpegDecoder.Square(name, bytes, size, pixels)) Interlocked.Increment(ref _damaged);
    }
}
