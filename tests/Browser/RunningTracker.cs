using Microsoft.Playwright;
using Tracker.Tests.Launching;

namespace Tracker.Browser.Tests;

/// <summary>The whole product, started by the launcher in a fresh data directory, and a Chromium.</summary>
public sealed class RunningTracker : IAsyncLifetime
{
    private readonly LaunchedTracker _product = new();
    private IPlaywright? _playwright;

    public string Url => _product.Url.ToString();

    public string Password => _product.Password;

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var outcome = await _product.UpAsync("--slots", "2");
        outcome.ExitCode.ShouldBe(0, outcome.Output);
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            // Chromium's sandbox does not work for root.
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null) await Browser.DisposeAsync();
        _playwright?.Dispose();
        await _product.DisposeAsync();
    }
}

/// <summary>The tests of this project share one product, one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunningTrackerCollection : ICollectionFixture<RunningTracker>
{
    public const string Name = "running tracker";
}
