using Tracker.Cli.Output;

namespace Tracker.Cli.Tests;

public class FormatTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(double.NaN, "–")]
    [InlineData(0.0, "0 s")]
    [InlineData(2.25, "2.3 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(61.0, "1 min 01 s")]
    [InlineData(3_720.0, "1 h 02 min")]
    [InlineData(100_000.0, "1 d 03 h")]
    public void Durations_have_two_units_at_most(double? seconds, string expected) => Format.Duration(seconds).ShouldBe(expected);

    [Theory]
    [InlineData(0.9, "90.00%")]
    [InlineData(0.91239, "91.24%")]
    [InlineData(double.NaN, "–")]
    [InlineData(null, "–")]
    public void Accuracies_are_percent(double? share, string expected) => Format.Percent(share).ShouldBe(expected);

    [Fact]
    public void Nothing_is_done_before_all_of_it_is() => Format.Whole(0.999).ShouldBe("99 %");

    [Theory]
    [InlineData(999, "999 B")]
    [InlineData(1_234, "1.2 kB")]
    [InlineData(12_345_678, "12.3 MB")]
    [InlineData(1_234_567_890, "1.23 GB")]
    public void Sizes_are_decimal(long bytes, string expected) => Format.Bytes(bytes).ShouldBe(expected);

    [Theory]
    [InlineData("plain – text ±", "plain – text ±")]
    [InlineData("two\nlines\tand a tab", "two lines and a tab")]
    [InlineData("\u001b]0;title\u0007", "\uFFFD]0;title\uFFFD")]
    [InlineData("a\u202Eb\u2066c\u009b", "a\uFFFDb\uFFFDc\uFFFD")]
    public void Texts_of_others_cannot_steer_a_terminal(string text, string expected) => Format.Plain(text).ShouldBe(expected);
}
