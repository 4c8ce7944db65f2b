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
    private const int Compared = 24;
    private const int Runs = 1_200;
    private const long Points = 2_000_000;
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(2);

    private static readonly (string Name, ColorScheme Scheme, int Width, int Height)[] s_looks =
    [
        ("light", ColorScheme.Light, 1440, 900), ("dark", ColorScheme.Dark, 1440, 900), ("360", ColorScheme.Light, 360, 780),
    ];

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
        var places = await SeededPlaces.FindAsync(services.GetRequiredService<NpgsqlDataSource>(), Compared);
        await using var browser = await MeasuredBrowser.StartAsync(product.Url, SeededProduct.UserName, product.Password);
        foreach (var (look, scheme, width, height) in s_looks)
        {
            if (only.Count == 0 || only.Contains("sign-in")) await SignInAsync(browser, axe, look, scheme, width, height);
            await using var window = await browser.OpenAsync(scheme, width, height);
            foreach (var (name, path) in places.Pages.Where(page => only.Count == 0 || only.Contains(page.Name)))
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

    private async Task SignInAsync(MeasuredBrowser browser, AxeReport axe, string look, ColorScheme scheme, int width, int height)
    {
        await using var stranger = await browser.OpenAsync(scheme, width, height, signedIn: false);
        await stranger.Page.GotoAsync("/sign-in", new() { WaitUntil = WaitUntilState.NetworkIdle });
        await stranger.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"sign-in-{look}.png") });
        await axe.CheckAsync("sign-in", look, stranger.Page);
    }
}
