using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tracker.Benchmarks.Seed;
using Tracker.Domain;
using Tracker.Migrations;
using Tracker.Storage;

namespace Tracker.Benchmarks.Pages;

/// <summary>The pages in a browser, over a database of many runs: how soon they come, how fast they answer, and what they take when they stay open.</summary>
/// <param name="database">A server without other work.</param>
/// <param name="results">Where the results go.</param>
/// <param name="web">The web program.</param>
/// <param name="runs">How many runs the database holds.</param>
/// <param name="points">How many points.</param>
/// <param name="watched">How long a page is left open.</param>
internal sealed class PagesBenchmark(string database, string results, string web, int runs, long points, TimeSpan watched)
{
    private const int Rounds = 5;
    private const int Circuits = 50;
    private const int ComparedRuns = 100;
    private static readonly TimeSpan s_circuitsTime = TimeSpan.FromSeconds(30);
    private readonly List<object> _results = [];

    public async Task RunAsync()
    {
        await TrackerMigrator.MigrateAsync(database, CancellationToken.None);
        // The web process comes first, because it creates the admin of a database without users.
        await using var product = await SeededProduct.StartAsync(database, web);
        await using var services = new ServiceCollection().AddLogging().AddTrackerStorage(database).AddRunQueueClient().BuildServiceProvider();
        if ((await services.GetRequiredService<IRuns>().CountsAsync(default)).Total == 0) await new PageSeed(database, runs, points).RunAsync();
        else Console.WriteLine("On the runs that the database has already.");
        var places = await SeededPlaces.FindAsync(services.GetRequiredService<NpgsqlDataSource>(), ComparedRuns);
        await using var browser = await MeasuredBrowser.StartAsync(product.Url, SeededProduct.UserName, product.Password);
        Console.WriteLine($"{"",-66}{"goal",12}{"median",12}{"(least-most)",20}");
        await SpeedAsync(browser, places);
        await using (var grid = await browser.OpenAsync()) await new GridMeasurement(grid).RunAsync(Tell);
        await CompareAsync(browser, places);
        var training = (await services.GetRequiredService<IRuns>().OfSweepAsync(places.RunningSweep, default)).Where(run => run.State == RunState.Running).ToList();
        await using (var sweep = new RunningSweep(services.GetRequiredService<IRunWriter>(), training))
        {
            sweep.Start();
            await CircuitsAsync(browser, product, places);
            await StayOpenAsync(browser, places);
        }
        await Report.WriteAsync(results, "pages", _results);
    }

    private void Tell(string what, string unit, double goal, bool atLeast, IReadOnlyCollection<double> values)
    {
        var spread = Spread.Of(values);
        Console.WriteLine($"{what,-66}{$"{(atLeast ? '≥' : '≤')} {goal:0.##} {unit}",12}{$"{spread.Median:0.##} {unit}",12}{$"({spread.Minimum:0.##}-{spread.Maximum:0.##})",20}");
        _results.Add(new { What = what, Unit = unit, Goal = goal, AtLeast = atLeast, Result = spread });
    }

    private async Task SpeedAsync(MeasuredBrowser browser, SeededPlaces places)
    {
        await using var window = await browser.OpenAsync();
        foreach (var (name, path) in places.Pages)
        {
            var speeds = new List<PageSpeed>();
            // The first round brings code and data into the memory of server and browser.
            for (var round = -1; round < Rounds; round++)
            {
                var speed = await window.GoAsync(path);
                if (round >= 0) speeds.Add(speed);
            }
            Tell($"{name}: first content", "ms", 400, atLeast: false, [.. speeds.Select(speed => speed.FirstContent)]);
            Tell($"{name}: interactive", "ms", 1000, atLeast: false, [.. speeds.Select(speed => speed.Interactive)]);
        }
    }

    private async Task CompareAsync(MeasuredBrowser browser, SeededPlaces places)
    {
        await using var window = await browser.OpenAsync();
        var drawn = new List<double>();
        for (var round = -1; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            await window.GoAsync(places.Compare);
            await window.Page.WaitForFunctionAsync("n => document.querySelector('figure.chart[data-drawn]')?.querySelectorAll('.legend [data-series]').length >= n", ComparedRuns, new() { PollingInterval = 10 });
            if (round >= 0) drawn.Add(clock.Elapsed.TotalMilliseconds);
        }
        Tell($"Compare, {ComparedRuns} runs of 100,000 points, to drawn", "ms", 1000, atLeast: false, drawn);
        var plot = window.Page.Locator(".chart .plot").First;
        var box = await plot.BoundingBoxAsync() ?? throw new InvalidOperationException("Compare shows no chart.");
        var frames = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            frames.Add(await window.FramesPerSecondAsync(async () =>
            {
                var y = box.Y + box.Height / 2;
                await window.Page.Mouse.MoveAsync(box.X + box.Width * 0.3f, y);
                await window.Page.Mouse.DownAsync();
                await window.Page.Mouse.MoveAsync(box.X + box.Width * 0.7f, y, new() { Steps = 30 });
                await window.Page.Mouse.UpAsync();
                await window.Page.Mouse.MoveAsync(box.X + box.Width * 0.2f, y, new() { Steps = 30 });
                await window.Page.Mouse.DblClickAsync(box.X + box.Width * 0.5f, y);
            }));
        }
        Tell("Compare: crosshair and zoom", "fps", 30, atLeast: true, frames);
    }

    private async Task CircuitsAsync(MeasuredBrowser browser, SeededProduct product, SeededPlaces places)
    {
        var windows = new List<MeasuredPage>();
        try
        {
            for (var i = 0; i < Circuits; i++)
            {
                var window = await browser.OpenAsync();
                windows.Add(window);
                await window.GoAsync(places.RunningSweepPage);
            }
            Tell($"{Circuits} circuits watching a running sweep: processor time of the web process", "%", 100, atLeast: false, [await product.CpuPercentAsync(s_circuitsTime)]);
            Tell($"{Circuits} circuits: memory of the web process", "MB", 1000, atLeast: false, [product.ResidentMegabytes()]);
        }
        finally
        {
            foreach (var window in windows) await window.DisposeAsync();
        }
    }

    private async Task StayOpenAsync(MeasuredBrowser browser, SeededPlaces places)
    {
        await using var window = await browser.OpenAsync();
        await window.GoAsync(places.RunningSweepPage);
        await Task.Delay(TimeSpan.FromSeconds(20));
        var before = await window.HeapMegabytesAsync();
        await Task.Delay(watched);
        Tell($"A running sweep left open for {watched.TotalMinutes:0.#} min: growth of the page", "MB", 20, atLeast: false, [await window.HeapMegabytesAsync() - before]);
    }
}
