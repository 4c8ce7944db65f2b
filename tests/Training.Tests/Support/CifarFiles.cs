using System.Security.Cryptography;

namespace Tracker.Training.Tests;

/// <summary>Small data sets in CIFAR's binary form.</summary>
internal static class CifarFiles
{
    public const int Pixels = 3 * 32 * 32;

    /// <summary>The pixel of an image: a value that tells file position, channel and place apart.</summary>
    public static byte Pixel(int image, int place) => (byte)(image * 31 + place * 7 + place / 1024);

    public static byte[] Records(int count, params int[] classes) =>
        [.. Enumerable.Range(0, count).SelectMany(i => classes.Select(c => (byte)(i % c)).Concat(Enumerable.Range(0, Pixels).Select(p => Pixel(i, p))))];

    /// <summary>Writes a file and tells what an intact reader would find.</summary>
    public static CifarContent Write(string directory, string name, int records, byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(directory, name), bytes);
        return new(name, records, FileChecksum.Sha256(Convert.ToHexStringLower(SHA256.HashData(bytes))));
    }

    /// <summary>Two training files and a test file.</summary>
    public static CifarLayout WriteDataSet(string directory, params int[] classes) => new(
        [Write(directory, "one.bin", 12, Records(12, classes)), Write(directory, "two.bin", 4, Records(4, classes))],
        Write(directory, "test.bin", 5, Records(5, classes)), classes);
}
