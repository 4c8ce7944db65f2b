using Tracker.Web.Formatting;

namespace Tracker.Web.Tests.Formatting;

public sealed class DurationsTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.84, "0.8 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.6, "1 m 0 s")]
    [InlineData(192, "3 m 12 s")]
    [InlineData(3599.7, "1 h 0 m")]
    [InlineData(7_560, "2 h 6 m")]
    [InlineData(86_399, "1 d 0 h")]
    [InlineData(356_400, "4 d 3 h")]
    [InlineData(-192, "−3 m 12 s")]
    public void A_length_has_its_two_largest_units(double seconds, string text) => Durations.Text(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(42, "42 s")]
    [InlineData(58, "1 m")]
    [InlineData(2_580, "43 m")]
    [InlineData(7_570, "2 h 6 m")]
    public void A_rough_length_leaves_the_seconds_out(double seconds, string text) => Durations.Rough(TimeSpan.FromSeconds(seconds)).ShouldBe(text);
}
