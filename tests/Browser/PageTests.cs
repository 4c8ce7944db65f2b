using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

[Collection(RunningTrackerCollection.Name)]
public class PageTests(RunningTracker tracker)
{
    public static TheoryData<string, ColorScheme, int> Looks =>
        new(from path in SitePages.All
            from look in ((ColorScheme, int)[])[(ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Light, 360)]
            select (path, look.Item1, look.Item2));

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Looks))]
    public async Task A_page_has_no_barriers_fits_the_window_and_gives_the_browser_nothing_to_complain_about(string path, ColorScheme scheme, int width)
    {
        var (sweep, run) = (await tracker.FinishedSweepAsync(), await tracker.FinishedRunAsync());
        await using var visitor = await Visitor.SignedInAsync(tracker, scheme, width);

        await visitor.OpenAsync(path.Replace("{sweep}", $"{sweep}", StringComparison.Ordinal).Replace("{run}", $"{run}", StringComparison.Ordinal));

        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        (await visitor.OverflowAsync()).ShouldBeEmpty();
        visitor.Complaints.ShouldBeEmpty();
    }
}
