using System.Buffers.Binary;

namespace Tracker.Training;

/// <summary>What an IDX file of unsigned bytes must contain.</summary>
/// <param name="Name">The file's name without <c>.gz</c>.</param>
/// <param name="Shape">Its dimensions, the number of items first.</param>
/// <param name="Sha256">SHA-256 of the uncompressed file, 64 lower-case hexadecimal digits.</param>
public sealed record IdxContent(string Name, IReadOnlyList<int> Shape, string Sha256);

/// <summary>
/// Reads the IDX format of MNIST and its successors: big-endian, two zero bytes, the type (8 for unsigned bytes), the number of
/// dimensions, the dimensions, the values in row-major order.
/// </summary>
public static class IdxFile
{
    private const byte UnsignedByte = 8;

    /// <summary>Verifies a whole file and keeps the first items of it.</summary>
    /// <param name="path">The file, compressed when its name ends in <c>.gz</c>.</param>
    /// <param name="content">What it must contain.</param>
    /// <param name="items">How many items to keep; at most as many as the file has.</param>
    /// <returns>The values of these items in row-major order.</returns>
    /// <exception cref="DataException">The file is missing, unreadable, truncated, of another shape, or its checksum differs.</exception>
    public static byte[] Read(string path, IdxContent content, int items)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(items, content.Shape[0]);
        var values = new byte[items * ItemLength(content)];
        Read(path, content, values);
        return values;
    }

    /// <summary>Verifies a whole file and keeps the first items of it where the caller wants them.</summary>
    /// <param name="path">The file, compressed when its name ends in <c>.gz</c>.</param>
    /// <param name="content">What it must contain.</param>
    /// <param name="values">Filled with the values of the first items in row-major order; of no use after an exception.</param>
    /// <exception cref="DataException">The file is missing, unreadable, truncated, of another shape, or its checksum differs.</exception>
    internal static void Read(string path, IdxContent content, Span<byte> values)
    {
        var headerLength = 4 + 4 * content.Shape.Count;
        var length = headerLength + (long)content.Shape[0] * ItemLength(content);
        CheckedFile.Read(path, length, FileChecksum.Sha256(content.Sha256), headerLength, values, bytes => CheckHeader(path, bytes, content.Shape));
    }

    private static int ItemLength(IdxContent content) => content.Shape.Skip(1).Aggregate(1, (product, size) => product * size);

    private static void CheckHeader(string path, ReadOnlySpan<byte> bytes, IReadOnlyList<int> shape)
    {
        if (bytes.Length < 4 + 4 * shape.Count)
            throw new DataException(path, $"an IDX header of {4 + 4 * shape.Count} bytes", $"{bytes.Length} bytes");
        var magic = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var expectedMagic = (uint)((UnsignedByte << 8) | shape.Count);
        if (magic != expectedMagic) throw new DataException(path, $"the magic number {expectedMagic}", $"{magic}");
        for (var i = 0; i < shape.Count; i++)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 + 4 * i)..]);
            if (size != shape[i]) throw new DataException(path, i == 0 ? $"{shape[i]} items" : $"{shape[i]} as dimension {i}", $"{size}");
        }
    }
}
