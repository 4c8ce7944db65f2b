using Tracker.Jobs.Data.ImageNet;
using Tracker.Jobs.Tests.Fakes;
using Tracker.Training;

namespace Tracker.Jobs.Tests.Data.ImageNet;

public sealed class PngImageTests
{
    [Fact]
    public void Every_filter_is_undone()
    {
        // Two pixels a line. None: as it is. Sub: + left. Up: + above. Average: + half of left and above. Paeth: + the likeliest of the three.
        byte[] lines =
        [
            0, 10, 20, 30, 40, 50, 60,
            1, 1, 1, 1, 2, 2, 2,
            2, 1, 1, 1, 1, 1, 1,
            3, 10, 10, 10, 10, 10, 10,
            4, 1, 1, 1, 1, 1, 1,
        ];
        var (height, width, pixels) = PngImage.Decode("a.png", PngFiles.Encode(2, 5, type: 2, lines));
        (height, width).ShouldBe((5, 2));
        pixels.ShouldBe((byte[])[10, 20, 30, 40, 50, 60, 1, 1, 1, 3, 3, 3, 2, 2, 2, 4, 4, 4, 11, 11, 11, 17, 17, 17, 12, 12, 12, 18, 18, 18]);
    }

    [Theory]
    [InlineData(0, new byte[] { 0, 7, 9 }, new byte[] { 7, 7, 7, 9, 9, 9 })]
    [InlineData(4, new byte[] { 0, 7, 255, 9, 0 }, new byte[] { 7, 7, 7, 9, 9, 9 })]
    [InlineData(6, new byte[] { 0, 1, 2, 3, 255, 4, 5, 6, 0 }, new byte[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(3, new byte[] { 0, 1, 0 }, new byte[] { 40, 50, 60, 10, 20, 30 })]
    public void Every_kind_of_colour_becomes_red_green_and_blue(byte type, byte[] lines, byte[] expected)
    {
        PngImage.Decode("a.png", PngFiles.Encode(2, 1, type, lines, palette: [10, 20, 30, 40, 50, 60])).Pixels.ShouldBe(expected);
    }

    [Fact]
    public void What_cannot_be_read_is_refused()
    {
        var intact = PngFiles.Encode(4, 4, (1, 2, 3));
        PngImage.IsPng(intact).ShouldBeTrue();
        PngImage.IsPng([0xff, 0xd8, 0xff, 0xe0]).ShouldBeFalse();
        Should.Throw<DataException>(() => PngImage.Decode("a.png", intact.AsSpan(0, intact.Length / 2))).Expected.ShouldBe("an intact PNG file");
        Should.Throw<DataException>(() => PngImage.Decode("a.png", PngFiles.Encode(1, 1, 2, [0, 1, 2, 3], interlace: 1))).Found.ShouldBe("8 bits, colour type 2, interlace 1");
    }
}
