using static Tracker.Domain.Tests.Cases;

namespace Tracker.Domain.Tests;

public sealed class DeviceTimeTests
{
    [Theory]
    [InlineData(0, 100)]
    [InlineData(24, 50)]
    [InlineData(12, 70.71067811865476)]
    [InlineData(240, 0.09765625)]
    [InlineData(-24, 100)]
    public void Device_time_counts_half_after_a_day(double hours, double expected) =>
        DeviceTime.Decay(100, Now, Now.AddHours(hours)).ShouldBe(expected, 1e-9);

    [Fact]
    public void Decay_in_two_steps_is_decay_in_one()
    {
        var middle = Now.AddHours(5);

        DeviceTime.Decay(DeviceTime.Decay(100, Now, middle), middle, Now.AddHours(30)).ShouldBe(DeviceTime.Decay(100, Now, Now.AddHours(30)), 1e-9);
    }
}
