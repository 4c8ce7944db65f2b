using Microsoft.Extensions.Logging.Abstractions;
using Tracker.Web.Live;

namespace Tracker.Web.Tests.Live;

/// <summary>When pages follow, and how often.</summary>
public sealed class PageAttentionTests
{
    [Fact]
    public async Task A_page_is_watched_while_its_browser_is_connected_and_it_is_on_screen()
    {
        var attention = new PageAttention();
        var turns = new List<bool>();
        attention.Turned += (_, _) => turns.Add(attention.Watched);

        attention.Watched.ShouldBeTrue();
        attention.Shown(false);
        await attention.OnConnectionDownAsync(null!, CancellationToken.None);
        attention.Shown(true);
        attention.Watched.ShouldBeFalse();
        await attention.OnConnectionUpAsync(null!, CancellationToken.None);
        attention.Shown(true);

        turns.ShouldBe([false, true]);
    }

    [Fact]
    public void The_more_pages_are_open_the_longer_they_wait_between_updates()
    {
        var hub = new LiveHub(TimeProvider.System, NullLogger<LiveHub>.Instance);
        hub.PresentPace.ShouldBe(LiveHub.Pace);
        var pages = Enumerable.Range(0, 48).Select(_ => hub.Subscribe(_ => true, _ => Task.CompletedTask)).ToList();
        hub.PresentPace.ShouldBe(LiveHub.Pace * 4);
        pages.ForEach(page => page.Dispose());
        hub.PresentPace.ShouldBe(LiveHub.Pace);
    }
}
