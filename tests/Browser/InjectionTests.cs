using System.Globalization;
using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>What people and programs write is text on every page: it is read as it was written, does nothing, raises no barrier, and fits the window.</summary>
[Collection(HostileTrackerCollection.Name)]
public class InjectionTests(HostileTracker tracker)
{
    /// <summary>Pages, and which names and notes each shows.</summary>
    public static TheoryData<string, string[], string[]> Pages => new()
    {
        { "/", ["sweep", "exp", "outside-1", "host"], [] },
        { "/sweeps", ["sweep", "exp"], [] },
        { "/sweeps/{sweep}", ["sweep"], ["of-the-sweep"] },
        { "/sweeps/{outside}", ["exp", "outside-1", "exp-tag"], ["of-the-exp"] },
        { "/sweeps/new?clone={sweep}", ["sweep"], [] },
        { "/runs?columns=sweep,tags,notes,network,dataset,metrics.שלום: loss of W", ["sweep", "exp"], ["of-the-run", "of-the-outside"] },
        { "/runs?filter=notes = '<img class=hostile src=x onerror=hacked(4)>", [], [] },
        { "/runs/{run}", ["sweep", "log-line"], ["of-the-run"] },
        { "/runs/{outsideRun}", ["outside-2", "exp", "param-value", "tag-value", "source", "user", "network", "dataset"], ["of-the-outside"] },
        { "/compare?runs={outsideRuns}&metrics=שלום: loss of W,validation/accuracy", ["outside-1", "outside-2"], [] },
        { "/compare?runs={outsideRuns}&group=network,dataset", ["network"], [] },
        { "/compare?filter=\"><img class=hostile src=x onerror=hacked(5)>", [], [] },
        { "/leaderboards?network={network}&dataset={dataset}", ["network", "dataset"], [] },
        { "/tables?sweep={sweep}", [], [] },
        { "/figures", [], [] },
        { "/queue?sweep={sweep}", ["sweep"], [] },
        { "/hosts", ["host", "label", "model"], [] },
        { "/settings", ["token"], [] },
        { "/settings/bin", ["deleted"], [] },
        { "/settings/users", [], [] },
        { "/settings/audit", ["sweep", "exp", "token", "hook"], [] },
        { "/settings/retention", ["exp"], [] },
        { "/settings/webhooks", ["hook"], [] },
    };

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Pages))]
    public async Task What_was_written_is_text_on_every_page(string path, string[] names, string[] notes)
    {
        foreach (var width in (int[])[1280, 360])
        {
            await using var visitor = await WatchedAsync(width);
            await visitor.OpenAsync(Address(path));
            await ShowsAsync(visitor, [.. names.Select(HostileTracker.Name), .. notes.Select(HostileTracker.Note)]);
            (await visitor.OverflowAsync()).ShouldBeEmpty($"at {width} pixels");
            (await visitor.AxeViolationsAsync()).ShouldBeEmpty($"at {width} pixels");
            await HarmlessAsync(visitor);
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData("/sweeps/{sweep}", "sweep")]
    [InlineData("/sweeps/{outside}", "exp")]
    [InlineData("/runs/{outsideRun}", "outside-2")]
    public async Task A_name_is_text_in_the_title_of_the_window_and_in_the_question_before_it_goes(string path, string name)
    {
        await using var visitor = await WatchedAsync();
        await visitor.OpenAsync(Address(path));
        (await visitor.Page.TitleAsync()).ShouldContain(HostileTracker.Name(name));
        await visitor.Page.Locator(".page-head .menu > summary").Last.ClickAsync();
        await visitor.Page.Locator(".page-head .menu-items .danger", new() { HasText = "Delete" }).ClickAsync();
        var dialog = visitor.Page.Locator("[role=alertdialog]");
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        (await dialog.TextContentAsync()).ShouldNotBeNull().ShouldContain(HostileTracker.Name(name));
        await HarmlessAsync(visitor);
    }

    [Fact(Timeout = 120_000)]
    public async Task Names_are_text_where_one_searches_filters_and_completes()
    {
        await using var visitor = await WatchedAsync();
        await visitor.OpenAsync("/runs");
        await visitor.Page.GetByText("Views", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".rg-views li .strong")).ToHaveTextAsync(HostileTracker.Name("view"));
        await visitor.Page.Keyboard.PressAsync("Escape");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Go to" }).ClickAsync();
        await visitor.Page.Locator("#jump-text").FillAsync("<img class=hostile");
        await Assertions.Expect(visitor.Page.Locator("#jump-list li").Filter(new() { HasText = HostileTracker.Name("exp") })).ToBeVisibleAsync();
        await visitor.Page.Locator("#jump-text").FillAsync("<script class=hostile>hacked(6)</script>");
        await Assertions.Expect(visitor.Page.Locator(".jump-none")).ToContainTextAsync("<script class=hostile>hacked(6)</script>");
        await HarmlessAsync(visitor);
    }

    [Fact(Timeout = 120_000)]
    public async Task Names_are_text_in_the_legends_and_readings_of_charts()
    {
        await using var visitor = await WatchedAsync();
        await visitor.OpenAsync(Address("/compare?runs={outsideRuns}&metrics=שלום: loss of W"));
        var chart = visitor.Page.Locator("figure.chart").First;
        await Assertions.Expect(chart.Locator(".legend")).ToContainTextAsync(HostileTracker.Name("outside-1"));
        await chart.Locator(".plot").FocusAsync();
        await visitor.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(chart.Locator("[data-said]")).ToContainTextAsync(HostileTracker.Name("outside-1"));
        await chart.Locator(".plot").HoverAsync();
        await HarmlessAsync(visitor);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_a_filter_gets_wrong_is_said_as_text()
    {
        await using var visitor = await WatchedAsync();
        await visitor.OpenAsync("/runs");
        var filter = visitor.Page.Locator(".filter input");
        await filter.FillAsync("<img class=hostile src=x onerror=hacked(7)> = 1");
        await filter.PressAsync("Enter");
        await Assertions.Expect(visitor.Page.Locator("main [role=alert]").First).ToBeVisibleAsync();
        await HarmlessAsync(visitor);
    }

    private async Task<Visitor> WatchedAsync(int width = 1280)
    {
        var visitor = await Visitor.SignedInAsync(tracker, width: width);
        await visitor.Page.AddInitScriptAsync("window.hacks = []; window.hacked = i => window.hacks.push(i);");
        visitor.Page.Dialog += async (_, dialog) =>
        {
            visitor.Complaints.Add($"dialog {dialog.Message}");
            await dialog.DismissAsync();
        };
        return visitor;
    }

    private string Address(string path) => path
        .Replace("{sweep}", Text(tracker.Sweep), StringComparison.Ordinal).Replace("{outside}", Text(tracker.Outside), StringComparison.Ordinal)
        .Replace("{run}", Text(tracker.Run), StringComparison.Ordinal).Replace("{outsideRun}", Text(tracker.OutsideRuns[0]), StringComparison.Ordinal)
        .Replace("{outsideRuns}", string.Join(',', tracker.OutsideRuns), StringComparison.Ordinal)
        .Replace("{network}", Uri.EscapeDataString(HostileTracker.Name("network")), StringComparison.Ordinal)
        .Replace("{dataset}", Uri.EscapeDataString(HostileTracker.Name("dataset")), StringComparison.Ordinal);

    /// <summary>As text or in a field, in one piece: what breaks lines between words counts as a blank.</summary>
    private static async Task ShowsAsync(Visitor visitor, string[] texts)
    {
        const string shown = "[document.querySelector('main').textContent, ...[...document.querySelectorAll('main :is(input, textarea)')].map(field => field.value)].join(' ').replace(/\\s+/g, ' ')";
        foreach (var text in texts)
        {
            try
            {
                // Some lists come after the page.
                await visitor.Page.WaitForFunctionAsync($"text => {shown}.includes(text)", text, new() { Timeout = 10_000 });
            }
            catch (TimeoutException)
            {
                (await visitor.Page.EvaluateAsync<string>($"() => {shown}")).ShouldContain(text);
            }
        }
    }

    private static async Task HarmlessAsync(Visitor visitor)
    {
        (await visitor.Page.EvaluateAsync<int[]>("() => window.hacks")).ShouldBeEmpty();
        (await visitor.Page.Locator(".hostile, [onerror], [onclick], a[href^='javascript' i]").CountAsync()).ShouldBe(0);
        visitor.Complaints.ShouldBeEmpty();
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
