using Tracker.Web.Formatting;

namespace Tracker.Web.Tests.Formatting;

public sealed class NumbersTests
{
    [Theory]
    [InlineData(0, "0", "")]
    [InlineData(612, "612", "")]
    [InlineData(999.4, "999", "")]
    [InlineData(999.6, "1", "k")]
    [InlineData(1_000, "1", "k")]
    [InlineData(21_437, "21.4", "k")]
    [InlineData(153_900, "154", "k")]
    [InlineData(999_960, "1", "M")]
    [InlineData(1_234_567, "1.2", "M")]
    [InlineData(-21_437, "−21.4", "k")]
    [InlineData(double.NaN, "–", "")]
    public void A_large_number_has_three_digits_and_its_magnitude(double value, string digits, string unit) =>
        Numbers.Big(value).ShouldBe(new Quantity(digits, unit));

    [Fact]
    public void A_unit_follows_the_magnitude() => Numbers.Big(21_400, "samples/s").ToString().ShouldBe("21.4 k samples/s");

    [Fact]
    public void An_accuracy_has_two_decimals_and_a_percent_sign()
    {
        Numbers.Accuracy(0.93068).ToString().ShouldBe("93.07 %");
        Numbers.Accuracy(null).ToString().ShouldBe("–");
    }

    [Theory]
    [InlineData(0.85385, 2, "85.39")]
    [InlineData(0.8035, 1, "80.4")]
    [InlineData(-0.00005, 2, "−0.01")]
    public void A_percentage_is_rounded_as_the_decimal_number_that_it_stands_for(double share, int decimals, string text) =>
        Numbers.Points(share, decimals).ShouldBe(text);

    [Theory]
    [InlineData(0.0004, "+0.04")]
    [InlineData(-0.0136, "−1.36")]
    [InlineData(0.00001, "0.00")]
    [InlineData(-0.00001, "0.00")]
    public void A_difference_always_says_its_sign_unless_it_is_none(double shares, string text) => Numbers.Difference(shares).ShouldBe(text);

    [Theory]
    [InlineData(0.659, 65)]
    [InlineData(0.9999, 99)]
    [InlineData(1, 100)]
    [InlineData(0.29, 29)]
    [InlineData(1.5, 100)]
    public void A_hundred_percent_means_the_end(double share, int percent) => Numbers.WholePercent(share).ShouldBe(percent);

    [Theory]
    [InlineData(0.4, "0.400")]
    [InlineData(1.4444, "1.44")]
    [InlineData(0.05657, "0.0566")]
    [InlineData(12345, "12345")]
    [InlineData(0.0000021, "2.1e-6")]
    [InlineData(-0.31, "−0.310")]
    [InlineData(double.PositiveInfinity, "∞")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(0, "0")]
    public void A_loss_has_three_significant_digits(double value, string text) => Numbers.Significant(value).ShouldBe(text);

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.56568542, "0.565685")]
    [InlineData(1e-9, "1e-9")]
    public void A_setting_reads_as_it_would_be_typed(double value, string text) => Numbers.Setting(value).ShouldBe(text);

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(5_312_000, "5.3 MB")]
    [InlineData(999_999, "1 MB")]
    public void Bytes_are_in_decimal_units(long bytes, string text) => Numbers.Bytes(bytes).ToString().ShouldBe(text);

    [Fact]
    public void One_thing_is_not_many()
    {
        Numbers.Of(1, "run").ShouldBe("1 run");
        Numbers.Of(27_430, "step").ShouldBe("27,430 steps");
        Numbers.Of(2, "entry", "entries").ShouldBe("2 entries");
    }
}
