using Tracker.Web.Formatting;

namespace Tracker.Web.Tests.Formatting;

public sealed class ViewerTimeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 12, 12, 0, 0, TimeSpan.Zero);
    private readonly ViewerTime _utc = ViewerTime.In("UTC", new StoppedClock(Noon));

    [Theory]
    [InlineData(0.5, "now")]
    [InlineData(4, "4 s ago")]
    [InlineData(185, "3 m ago")]
    [InlineData(7_500, "2 h ago")]
    [InlineData(86_400, "yesterday")]
    [InlineData(3 * 86_400, "3 d ago")]
    [InlineData(20 * 86_400, "20 Feb")]
    [InlineData(400 * 86_400, "5 Feb 2025")]
    [InlineData(-180, "in 3 m")]
    public void A_time_is_relative_to_now(double secondsAgo, string text) => _utc.Ago(Noon.AddSeconds(-secondsAgo)).ShouldBe(text);

    [Fact]
    public void Last_night_is_hours_ago_and_not_yesterday() => ViewerTime.In("UTC", new StoppedClock(Noon.AddHours(-10))).Ago(Noon.AddHours(-15)).ShouldBe("5 h ago");

    [Theory]
    [InlineData(0, "12:00")]
    [InlineData(-24, "yesterday 12:00")]
    [InlineData(24, "tomorrow 12:00")]
    [InlineData(-24 * 10, "2 Mar 12:00")]
    public void A_clock_time_names_the_day_unless_it_is_today(int hours, string text) => _utc.At(Noon.AddHours(hours)).ShouldBe(text);

    [Fact]
    public void Clock_times_are_those_of_the_viewer()
    {
        var berlin = ViewerTime.In("Europe/Berlin", new StoppedClock(Noon));
        berlin.At(Noon).ShouldBe("13:00");
        berlin.Absolute(Noon).ShouldBe("12 March 2026, 13:00:00 (UTC+01:00)");
    }

    [Fact]
    public void An_unknown_zone_is_UTC() => ViewerTime.In("Mars/Olympus", new StoppedClock(Noon)).Absolute(Noon).ShouldBe("12 March 2026, 12:00:00 (UTC)");

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
