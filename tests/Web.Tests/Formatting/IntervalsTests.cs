using Tracker.Domain;
using Tracker.Web.Formatting;

namespace Tracker.Web.Tests.Formatting;

public sealed class IntervalsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 12, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(480, 1200, "8 to 20 m")]
    [InlineData(3, 30, "3 to 30 s")]
    [InlineData(30, 600, "30 s to 10 m")]
    [InlineData(3000, 7560, "50 m to 2 h 6 m")]
    [InlineData(3660, 7260, "1 h 1 m to 2 h 1 m")]
    [InlineData(-5, 20, "now to 20 s")]
    [InlineData(601, 605, "")]
    public void Both_ends_are_told_with_their_unit_once(double low, double high, string text) =>
        Intervals.Between(TimeSpan.FromSeconds(low), TimeSpan.FromSeconds(high)).ShouldBe(text);

    [Fact]
    public void A_moment_is_told_from_now_on_and_by_the_clock()
    {
        var moment = new MomentEstimate(s_now.AddMinutes(12), s_now.AddMinutes(8), s_now.AddMinutes(20));
        moment.Until(s_now).ShouldBe("in 12 m");
        moment.Range(s_now).ShouldBe("8 to 20 m");
        moment.Range(new ViewerTime(TimeZoneInfo.Utc, new FixedClock(s_now))).ShouldBe("12:08 to 12:20");
    }

    [Fact]
    public void A_moment_that_has_come_is_now() => new MomentEstimate(s_now.AddSeconds(-3), s_now.AddSeconds(-9), s_now).Until(s_now).ShouldBe("now");

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
