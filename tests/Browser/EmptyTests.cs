using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>What people see before there is anything to see, and while the database is away.</summary>
[Collection(EmptyTrackerCollection.Name)]
public class EmptyTests(EmptyTracker tracker)
{
    public static TheoryData<string, ColorScheme, int> Looks =>
        new(from page in SitePages.WithoutIds
            from look in ((ColorScheme, int)[])[(ColorScheme.Light, 1280), (ColorScheme.Dark, 360)]
            select (page, look.Item1, look.Item2));

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Looks))]
    public async Task A_page_without_data_has_no_barriers_and_fits_the_window(string path, ColorScheme scheme, int width)
    {
        await using var visitor = await Visitor.SignedInAsync(tracker, scheme, width);

        await visitor.OpenAsync(path);

        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        (await visitor.OverflowAsync()).ShouldBeEmpty();
        visitor.Complaints.ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("/sweeps/4711")]
    [InlineData("/runs/4711")]
    [InlineData("/nothing/here")]
    public async Task What_is_not_there_is_said_and_leads_on(string path)
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.Page.GotoAsync(path);

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("There is nothing here");
        await Assertions.Expect(visitor.Page).ToHaveTitleAsync("Not found · Tracker");
        await Assertions.Expect(visitor.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Tables" })).ToBeVisibleAsync();
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
    }

    [Fact(Timeout = 240_000)]
    public async Task A_page_says_that_the_database_is_away_keeps_what_it_shows_and_catches_up()
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync("/sweeps");

        await tracker.Postgres.StopAsync();
        try
        {
            await Assertions.Expect(visitor.Page.Locator(".notice").First).ToContainTextAsync("The database does not answer", new() { Timeout = 60_000 });
            await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Sweeps");
            (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        }
        finally
        {
            await tracker.Postgres.RestartAsync();
        }

        await Assertions.Expect(visitor.Page.Locator(".notice")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
    }
}
