using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Tracker.Training.Tests;

/// <summary>Small data sets in the IDX format.</summary>
internal static class IdxFiles
{
    public static byte[] Bytes(byte[] values, params int[] shape)
    {
        var bytes = new byte[4 + 4 * shape.Length + values.Length];
        bytes[2] = 8;
        bytes[3] = (byte)shape.Length;
        for (var i = 0; i < shape.Length; i++) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + 4 * i), shape[i]);
        values.CopyTo(bytes, bytes.Length - values.Length);
        return bytes;
    }

    public static byte[] Pixels(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7))];

    /// <summary>Writes a file and tells what an intact reader would find.</summary>
    public static IdxContent Write(string directory, string name, byte[] bytes, params int[] shape)
    {
        using var file = File.Create(Path.Combine(directory, name + ".gz"));
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        gzip.Write(bytes);
        return new(name, shape, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>A whole data set of 6 training and 4 test images of 28 × 28 pixels.</summary>
    public static List<IdxContent> WriteDataSet(string directory) =>
    [
        Write(directory, "train-images", Bytes(Pixels(6 * 784), 6, 28, 28), 6, 28, 28),
        Write(directory, "train-labels", Bytes([0, 1, 2, 3, 9, 5], 6), 6),
        Write(directory, "test-images", Bytes(Pixels(4 * 784), 4, 28, 28), 4, 28, 28),
        Write(directory, "test-labels", Bytes([3, 2, 1, 0], 4), 4),
    ];
}
