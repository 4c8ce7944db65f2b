using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Npgsql;
using Tracker.Benchmarks.Seed;
using Tracker.Migrations;
using Tracker.Storage;

namespace Tracker.Benchmarks.Pages;

/// <summary>Pictures of every page over a database of made-up runs: in light, in dark, and on a small screen.</summary>
/// <param name="database">An empty database.</param>
/// <param name="folder">Where the pictures go.</param>
/// <param name="web">The web program.</param>
/// <param name="report">Where the table of what axe says goes; it is only written when every page was looked at.</param>
/// <param name="only">Names of pages; all when there are none.</param>
internal sealed class Pictures(string database, string folder, string web, string report, IReadOnlyList<string> only)
{
    /// <summary>Another project's page, whose markup is not ours to judge.</summary>
    private const string Docs = "docs";
    private const int Compared = 24;
    private const int Runs = 1_200;
    private const long Points = 2_000_000;
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(2);

    private static readonly (string Name, ColorScheme Scheme, int Width, int Height)[] s_looks =
    [
        ("light", ColorScheme.Light, 1440, 900), ("dark", ColorScheme.Dark, 1440, 900), ("360", ColorScheme.Light, 360, 780),
    ];

    private static readonly (string Name, string Path)[] s_plain = [("sign-in", "/sign-in"), (Docs, "/docs/")];

    /// <returns>How many rules of accessibility the pages break.</returns>
    public async Task<int> TakeAsync()
    {
        var axe = new AxeReport();
        Directory.CreateDirectory(folder);
        await TrackerMigrator.MigrateAsync(database, CancellationToken.None);
        // The web process comes first, because it creates the admin of a database without users.
        await using var product = await SeededProduct.StartAsync(database, web);
        await new PageSeed(database, Runs, Points).RunAsync();
        await using var services = new ServiceCollection().AddLogging().AddTrackerStorage(database).AddRunQueueClient().BuildServiceProvider();
        var source = services.GetRequiredService<NpgsqlDataSource>();
        var places = await SeededPlaces.FindAsync(source, Compared);
        using var reports = new SeedReports(product.Url, product.Token, source);
        var pages = places.PagesWith(await reports.WriteAsync());
        await using var browser = await MeasuredBrowser.StartAsync(product.Url, SeededProduct.UserName, product.Password);
        foreach (var (look, scheme, width, height) in s_looks)
        {
            foreach (var (name, path) in s_plain.Where(page => only.Count == 0 || only.Contains(page.Name)))
                await PlainAsync(browser, name == Docs ? null : axe, (name, path), look, scheme, width, height);
            await using var window = await browser.OpenAsync(scheme, width, height);
            foreach (var (name, path) in pages.Where(page => only.Count == 0 || only.Contains(page.Name)))
            {
                await window.GoAsync(path);
                await window.Page.EvaluateAsync("document.fonts.ready.then(() => null)");
                await Task.Delay(s_settling);
                await window.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{look}.png") });
                await axe.CheckAsync(name, look, window.Page);
                Console.WriteLine($"{name}-{look}.png");
            }
        }
        if (only.Count == 0) await axe.WriteAsync(report);
        return axe.Violations;
    }

    /// <summary>A page that is no live one, as whoever has no account sees it.</summary>
    private async Task PlainAsync(MeasuredBrowser browser, AxeReport? axe, (string Name, string Path) page, string look, ColorScheme scheme, int width, int height)
    {
        await using var stranger = await browser.OpenAsync(scheme, width, height, signedIn: false);
        await stranger.Page.GotoAsync(page.Path, new() { WaitUntil = WaitUntilState.NetworkIdle });
        await stranger.Page.Locator(page.Name == Docs ? ".opblock" : "form").First.WaitForAsync();
        await stranger.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{page.Name}-{look}.png") });
        if (axe is not null) await axe.CheckAsync(page.Name, look, stranger.Page);
        Console.WriteLine($"{page.Name}-{look}.png");
    }
}
