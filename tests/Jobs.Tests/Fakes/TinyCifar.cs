using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Tracker.Jobs.Data;
using Tracker.Training;

namespace Tracker.Jobs.Tests.Fakes;

/// <summary>A data set of 40 training and 10 test images in CIFAR-10's form, and the archive that it would be published in.</summary>
internal static class TinyCifar
{
    public static readonly IReadOnlyDictionary<string, byte[]> Files = new Dictionary<string, byte[]>
    {
        ["data_batch_1.bin"] = Records(0, 20), ["data_batch_2.bin"] = Records(20, 20), ["test_batch.bin"] = Records(40, 10),
    };

    public static readonly CifarLayout Layout = new(
        [Content("data_batch_1.bin", 20), Content("data_batch_2.bin", 20)], Content("test_batch.bin", 10), [10]);

    /// <summary>The archive, with files that nobody asked for.</summary>
    public static byte[] Archive(IReadOnlyDictionary<string, byte[]> files, params string[] more)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.NoCompression, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Ustar, leaveOpen: true))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "cifar-10-batches-bin/"));
            foreach (var (name, content) in files.Concat(more.Select(m => KeyValuePair.Create(m, Encoding.ASCII.GetBytes(m)))))
            {
                var path = more.Contains(name) ? name : $"cifar-10-batches-bin/{name}";
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) });
            }
        }
        return bytes.ToArray();
    }

    public static DatasetPackage Package(byte[] archive, params Uri[] mirrors) => new(
        "cifar10", "CIFAR-10", "Cite it.",
        [new("cifar-10-binary.tar.gz", archive.Length, Sha256(archive), mirrors) { Members = [.. Files.Keys], UnpackedBytes = Files.Values.Sum(f => f.Length) }],
        folders => new CifarImages(folders, Layout));

    private static CifarContent Content(string name, int records) => new(name, records, FileChecksum.Sha256(Sha256(Files[name])));

    private static byte[] Records(int start, int count) =>
        [.. Enumerable.Range(start, count).SelectMany(i => Enumerable.Range(0, 3073).Select(p => p == 0 ? (byte)(i % 10) : (byte)(i * 37 + p * (i % 10 + 1))))];

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
