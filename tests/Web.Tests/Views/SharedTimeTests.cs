using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class SharedTimeTests
{
    private static readonly RunView s_alone = SampleHosts.RunOn("cpu") with { Attempt = 1 };
    private static readonly RunView s_shared = s_alone with { Shared = true };

    [Fact]
    public void Runs_that_shared_a_device_are_left_out_and_counted()
    {
        var time = new SharedTime([s_alone, s_shared, s_shared], show: false);
        time.Counts(s_shared).ShouldBeFalse();
        time.Counts(s_alone).ShouldBeTrue();
        time.Sentence.ShouldBe("2 runs are left out: they shared a device, and alone they would have taken less time.");
    }

    [Fact]
    public void They_are_shown_when_asked_for_and_the_page_says_what_that_means()
    {
        var time = new SharedTime([s_alone, s_shared], show: true);
        time.Counts(s_shared).ShouldBeTrue();
        time.Sentence.ShouldBe("1 run shared its device: alone it would have taken less time.");
    }

    [Fact]
    public void When_nothing_is_left_the_sentence_says_all() =>
        new SharedTime([s_shared, s_shared], show: false).Sentence.ShouldBe("All 2 runs are left out: they shared a device, and alone they would have taken less time.");

    [Fact]
    public void Without_such_runs_there_is_nothing_to_say() =>
        new SharedTime([s_alone, s_shared with { Attempt = 0 }], show: false).Sentence.ShouldBeNull();
}
