using Microsoft.Playwright;

namespace Tracker.Benchmarks.Pages;

/// <summary>A Chromium whose visitors are signed in at a web process.</summary>
internal sealed class MeasuredBrowser : IAsyncDisposable
{
    private const int Patience = 60_000;
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly string _url;
    private readonly string _signedIn;

    private MeasuredBrowser(IPlaywright playwright, IBrowser browser, string url, string signedIn) =>
        (_playwright, _browser, _url, _signedIn) = (playwright, browser, url, signedIn);

    public static async Task<MeasuredBrowser> StartAsync(string url, string name, string password)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            // Chromium's sandbox does not work for root. The heap is measured in bytes, not in steps of megabytes.
            Args = [.. Environment.IsPrivilegedProcess ? ["--no-sandbox"] : Array.Empty<string>(), "--enable-precise-memory-info"],
        });
        await using var context = await browser.NewContextAsync(new() { BaseURL = url });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(address => !address.Contains("sign-in", StringComparison.Ordinal));
        return new(playwright, browser, url, await context.StorageStateAsync());
    }

    /// <summary>A browser window of its own.</summary>
    public async Task<MeasuredPage> OpenAsync(ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900, bool signedIn = true)
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = _url, ColorScheme = scheme, StorageState = signedIn ? _signedIn : null, ViewportSize = new() { Width = width, Height = height },
        });
        context.SetDefaultTimeout(Patience);
        return new(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
