using System.Buffers.Binary;
using System.IO.Compression;
using Tracker.Training;

namespace Tracker.Jobs.Data.ImageNet;

/// <summary>
/// Reads PNG files as far as ImageNet needs it: one of its training images, n02105855_2933.JPEG, is a PNG file. 8 bits a channel,
/// gray, colour or palette, with or without transparency (which is ignored), not interlaced.
/// </summary>
internal static class PngImage
{
    private const int Gray = 0;
    private const int Color = 2;
    private const int Palette = 3;
    private const int GrayAlpha = 4;
    private const int ColorAlpha = 6;
    private static readonly byte[] s_signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Whether these are the bytes of a PNG file, whatever its name says.</summary>
    public static bool IsPng(ReadOnlySpan<byte> bytes) => bytes.StartsWith(s_signature);

    /// <summary>Decodes a file.</summary>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="bytes">Its content.</param>
    /// <returns>Height, width, and red, green and blue of each pixel, row by row.</returns>
    /// <exception cref="DataException">It is damaged, or of a kind that is not read here.</exception>
    public static (int Height, int Width, byte[] Pixels) Decode(string path, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return DecodeIntact(path, bytes);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or InvalidDataException or EndOfStreamException or IndexOutOfRangeException)
        {
            throw new DataException(path, "an intact PNG file", "damage", e);
        }
    }

    private static (int Height, int Width, byte[] Pixels) DecodeIntact(string path, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> header = [], palette = [];
        using var compressed = new MemoryStream();
        // Chunks: length, four letters, data, checksum.
        for (var rest = bytes[s_signature.Length..]; ;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            var kind = rest.Slice(4, 4);
            var data = rest.Slice(8, length);
            if (kind.SequenceEqual("IHDR"u8)) header = data;
            else if (kind.SequenceEqual("PLTE"u8)) palette = data;
            else if (kind.SequenceEqual("IDAT"u8)) compressed.Write(data);
            else if (kind.SequenceEqual("IEND"u8)) break;
            rest = rest[(12 + length)..];
        }
        var (width, height, type) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]), header[9]);
        var channels = type switch { Gray or Palette => 1, GrayAlpha => 2, Color => 3, ColorAlpha => 4, _ => 0 };
        if (header[8] != 8 || channels == 0 || header[12] != 0)
            throw new DataException(path, "a PNG file of 8 bits a channel, not interlaced", $"{header[8]} bits, colour type {type}, interlace {header[12]}");
        var lines = Unfilter(Inflate(compressed, height * (1 + width * channels)), height, width * channels, channels);
        return (height, width, ToColor(lines, height * width, type, channels, palette));
    }

    private static byte[] Inflate(MemoryStream compressed, int length)
    {
        compressed.Position = 0;
        var inflated = new byte[length];
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        zlib.ReadExactly(inflated);
        return inflated;
    }

    /// <summary>Undoes the prediction of each byte from those to its left (a), above (b) and above left (c).</summary>
    private static byte[] Unfilter(byte[] filtered, int height, int stride, int channels)
    {
        var lines = new byte[height * stride];
        for (var y = 0; y < height; y++)
        {
            var filter = filtered[y * (stride + 1)];
            for (var x = 0; x < stride; x++)
            {
                var at = y * stride + x;
                int a = x >= channels ? lines[at - channels] : 0, b = y > 0 ? lines[at - stride] : 0, c = x >= channels && y > 0 ? lines[at - stride - channels] : 0;
                var predicted = filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, 4 => Paeth(a, b, c), _ => throw new InvalidDataException($"filter {filter}") };
                lines[at] = (byte)(filtered[y * (stride + 1) + 1 + x] + predicted);
            }
        }
        return lines;
    }

    private static int Paeth(int a, int b, int c)
    {
        var estimate = a + b - c;
        var (toA, toB, toC) = (Math.Abs(estimate - a), Math.Abs(estimate - b), Math.Abs(estimate - c));
        return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
    }

    private static byte[] ToColor(byte[] lines, int count, int type, int channels, ReadOnlySpan<byte> palette)
    {
        var pixels = new byte[3 * count];
        for (var i = 0; i < count; i++)
        {
            for (var c = 0; c < 3; c++)
            {
                var first = lines[i * channels];
                pixels[3 * i + c] = type switch { Palette => palette[3 * first + c], Color or ColorAlpha => lines[i * channels + c], _ => first };
            }
        }
        return pixels;
    }
}
