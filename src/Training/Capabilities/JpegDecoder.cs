using System.Runtime.InteropServices;

namespace Tracker.Training;

/// <summary>
/// Makes small squares of photographs through libjpeg-turbo, for data sets that are decoded once. TorchSharp has nothing of the kind,
/// and nothing but the import of ImageNet needs it.
/// </summary>
public static partial class JpegDecoder
{
    /// <summary>What to do where it is not available.</summary>
    public const string Remedy =
        "There is no JPEG decoder here. It is part of src/Torch: apt-get install libturbojpeg0-dev, then build src/Torch again; a machine that only runs needs libturbojpeg0.";

    /// <summary>Whether files can be decoded.</summary>
    public static bool IsAvailable => Shim.IsPresent && tt_jpeg_available() != 0;

    /// <summary>
    /// Decodes a file, scales its shorter side to <paramref name="size"/> pixels (averaging, without aliasing) and keeps the middle.
    /// Gray images and images in printing colours become red, green and blue.
    /// </summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="jpeg">The file's content.</param>
    /// <param name="size">Rows and columns of the result.</param>
    /// <param name="pixels">The result, (3, size, size): red, green, blue, each row by row.</param>
    /// <returns>Whether the file is slightly damaged, though it could be decoded.</returns>
    /// <exception cref="DataException">It cannot be decoded.</exception>
    public static bool Square(string name, ReadOnlySpan<byte> jpeg, int size, Span<byte> pixels)
    {
        if (pixels.Length != 3 * size * size) throw new ArgumentException($"{pixels.Length} bytes do not hold (3, {size}, {size}).", nameof(pixels));
        try
        {
            Shim.Check(tt_jpeg_square(jpeg, jpeg.Length, size, pixels, out var warned));
            return warned != 0;
        }
        catch (ExternalException e)
        {
            throw new DataException(name, "a JPEG file", $"one that cannot be decoded ({e.Message.TrimEnd('.')})", e);
        }
    }

    /// <summary>Scales and cuts pixels in the same way.</summary>
    /// <param name="colors">Red, green and blue of each pixel, row by row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="size">Rows and columns of the result.</param>
    /// <param name="pixels">The result, (3, size, size).</param>
    public static void Square(ReadOnlySpan<byte> colors, int height, int width, int size, Span<byte> pixels)
    {
        if (colors.Length != 3 * height * width) throw new ArgumentException($"{colors.Length} bytes are not ({height}, {width}, 3).", nameof(colors));
        if (pixels.Length != 3 * size * size) throw new ArgumentException($"{pixels.Length} bytes do not hold (3, {size}, {size}).", nameof(pixels));
        Shim.Check(tt_picture_square(colors, height, width, size, pixels));
    }

    [LibraryImport(Shim.Library)] private static partial int tt_jpeg_available();
    [LibraryImport(Shim.Library)] private static partial int tt_jpeg_square(ReadOnlySpan<byte> jpeg, long length, long size, Span<byte> pixels, out int warned);
    [LibraryImport(Shim.Library)] private static partial int tt_picture_square(ReadOnlySpan<byte> pixels, long height, long width, long size, Span<byte> result);
}
