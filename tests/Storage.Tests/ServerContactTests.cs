using Tracker.Storage.Scheduling;

namespace Tracker.Storage.Tests;

public class ServerContactTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch;
    private readonly ServerContact _contact = new();

    [Fact]
    public void Hosts_are_taken_for_lost_only_after_contact_for_as_long_as_they_may_be_silent()
    {
        for (var second = 0; second <= 10; second += 2) Look(second).ShouldBeFalse();
        Look(12).ShouldBeTrue();
    }

    [Fact]
    public void After_a_stall_contact_counts_anew()
    {
        for (var second = 0; second <= 20; second += 2) Look(second);
        Look(32).ShouldBeFalse();
        for (var second = 34; second <= 42; second += 2) Look(second).ShouldBeFalse();
        Look(44).ShouldBeTrue();
    }

    [Fact]
    public void After_a_step_of_the_clock_contact_counts_anew()
    {
        for (var second = 0; second <= 20; second += 2) Look(second);
        Look(-3600).ShouldBeFalse();
        Look(-3598).ShouldBeFalse();
    }

    private bool Look(int second) => _contact.Note(s_start.AddSeconds(second));
}
