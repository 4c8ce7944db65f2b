using System.Runtime.InteropServices;

namespace Tracker.Tests.Files;

/// <summary>Makes JPEG files, through the compressor of the library that the product decodes them with.</summary>
internal static class JpegFiles
{
    private const int Rgb = 0;
    private const int Cmyk = 11;
    private const int FullColor = 0;
    private const int GrayScale = 3;

    /// <summary>A file of red, green and blue.</summary>
    public static byte[] Encode(byte[] pixels, int width, int height, bool gray = false) => Encode(pixels, width, height, Rgb, gray ? GrayScale : FullColor);

    /// <summary>A file of four printing colours, as they are stored.</summary>
    public static byte[] EncodeCmyk(byte[] pixels, int width, int height) => Encode(pixels, width, height, Cmyk, FullColor);

    private static byte[] Encode(byte[] pixels, int width, int height, int format, int sampling)
    {
        var handle = tjInitCompress();
        try
        {
            nint buffer = 0;
            nuint length = 0;
            tjCompress2(handle, pixels, width, 0, height, format, ref buffer, ref length, sampling, quality: 98, flags: 0).ShouldBe(0);
            var jpeg = new byte[(int)length];
            Marshal.Copy(buffer, jpeg, 0, jpeg.Length);
            tjFree(buffer);
            return jpeg;
        }
        finally
        {
            _ = tjDestroy(handle);
        }
    }

    private const string Library = "libturbojpeg.so.0";

    [DllImport(Library)] private static extern nint tjInitCompress();
    [DllImport(Library)] private static extern int tjCompress2(nint handle, byte[] pixels, int width, int pitch, int height, int format, ref nint buffer, ref nuint length, int sampling, int quality, int flags);
    [DllImport(Library)] private static extern int tjDestroy(nint handle);
    [DllImport(Library)] private static extern void tjFree(nint buffer);
}
