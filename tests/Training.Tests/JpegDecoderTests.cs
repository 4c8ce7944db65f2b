using Tracker.Tests.Files;

namespace Tracker.Training.Tests;

public sealed class JpegDecoderTests
{
    private const int Size = 8;

    private readonly byte[] _pixels = new byte[3 * Size * Size];

    public JpegDecoderTests() => Assert.SkipUnless(Shim.IsPresent, "The TorchSharp package decodes no JPEG files.");

    [Fact]
    public void The_decoder_is_there() => JpegDecoder.IsAvailable.ShouldBeTrue();

    [Fact]
    public void A_square_of_the_right_size_stays_as_it_is()
    {
        var colors = Colors(Size, Size, (x, y) => (30 * x, 30 * y, 100));
        JpegDecoder.Square(colors, Size, Size, Size, _pixels);
        for (var i = 0; i < Size * Size; i++)
            for (var c = 0; c < 3; c++) _pixels[c * Size * Size + i].ShouldBe(colors[3 * i + c]);
    }

    [Fact]
    public void The_middle_of_a_wide_image_is_kept()
    {
        JpegDecoder.Square(Colors(2 * Size, Size, (x, y) => (10 * x, 20 * y, 0)), Size, 2 * Size, Size, _pixels);
        for (var y = 0; y < Size; y++)
            for (var x = 0; x < Size; x++) (At(0, x, y), At(1, x, y)).ShouldBe(((byte)(10 * (x + Size / 2)), (byte)(20 * y)));
    }

    [Fact]
    public void The_middle_of_a_tall_image_is_kept()
    {
        JpegDecoder.Square(Colors(Size, Size + 4, (x, y) => (10 * x, 20 * y, 0)), Size + 4, Size, Size, _pixels);
        for (var y = 0; y < Size; y++)
            for (var x = 0; x < Size; x++) (At(0, x, y), At(1, x, y)).ShouldBe(((byte)(10 * x), (byte)(20 * (y + 2))));
    }

    [Fact]
    public void Shrinking_averages_instead_of_picking_pixels()
    {
        // Stripes that plain interpolation would turn into black or white.
        JpegDecoder.Square(Colors(16 * Size, 16 * Size, (x, _) => x % 2 == 0 ? (255, 255, 255) : (0, 0, 0)), 16 * Size, 16 * Size, Size, _pixels);
        _pixels.ShouldAllBe(p => p >= 125 && p <= 130);
    }

    [Fact]
    public void A_slope_stays_a_slope_when_it_is_shrunk_or_enlarged()
    {
        foreach (var length in (int[])[4 * Size, Size / 2])
        {
            JpegDecoder.Square(Colors(length, length, (x, _) => ((int)((x + 0.5) * 240 / length), 0, 0)), length, length, Size, _pixels);
            for (var x = 1; x < Size - 1; x++) ((int)At(0, x, 3)).ShouldBeInRange((int)((x + 0.5) * 240 / Size) - 2, (int)((x + 0.5) * 240 / Size) + 2);
        }
    }

    [Theory]
    [InlineData(40)]
    [InlineData(400)]
    public void A_jpeg_file_is_decoded_scaled_and_cut(int height)
    {
        var jpeg = JpegFiles.Encode(Colors(2 * height, height, (x, _) => (x < height / 2 ? 250 : x < 3 * height / 2 ? 120 : 0, 60, 200)), 2 * height, height);
        JpegDecoder.Square("a.JPEG", jpeg, Size, _pixels).ShouldBeFalse();
        for (var x = 1; x < Size - 1; x++)
        {
            ((int)At(0, x, 4)).ShouldBeInRange(116, 124);
            ((int)At(1, x, 4)).ShouldBeInRange(56, 64);
            ((int)At(2, x, 4)).ShouldBeInRange(196, 204);
        }
    }

    [Fact]
    public void Gray_images_become_three_channels()
    {
        var jpeg = JpegFiles.Encode(Colors(20, 20, (_, _) => (90, 90, 90)), 20, 20, gray: true);
        JpegDecoder.Square("a.JPEG", jpeg, Size, _pixels).ShouldBeFalse();
        _pixels.ShouldAllBe(p => p >= 88 && p <= 92);
    }

    [Fact]
    public void Printing_colours_become_red_green_and_blue()
    {
        // Inverted, as Adobe stores them: 255 is no ink. Half of the black ink halves every colour.
        var ink = Enumerable.Range(0, 400).SelectMany(_ => new byte[] { 255, 128, 0, 128 }).ToArray();
        JpegDecoder.Square("a.JPEG", JpegFiles.EncodeCmyk(ink, 20, 20), Size, _pixels).ShouldBeFalse();
        ((int)At(0, 4, 4)).ShouldBeInRange(125, 131);
        ((int)At(1, 4, 4)).ShouldBeInRange(61, 67);
        ((int)At(2, 4, 4)).ShouldBeInRange(0, 3);
    }

    [Fact]
    public void A_truncated_file_is_decoded_with_a_remark_and_another_one_refused()
    {
        var jpeg = JpegFiles.Encode(Colors(64, 64, (x, y) => (x * y % 256, x, y)), 64, 64);
        JpegDecoder.Square("a.JPEG", jpeg.AsSpan(0, jpeg.Length / 2), Size, _pixels).ShouldBeTrue();
        Should.Throw<DataException>(() => JpegDecoder.Square("n01/a.JPEG", "no picture"u8, Size, _pixels)).Message.ShouldStartWith("n01/a.JPEG: expected a JPEG file");
    }

    private byte At(int channel, int x, int y) => _pixels[(channel * Size + y) * Size + x];

    private static byte[] Colors(int width, int height, Func<int, int, (int R, int G, int B)> color) =>
        [.. from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) let c = color(x, y) from v in new[] { c.R, c.G, c.B } select (byte)v];
}
