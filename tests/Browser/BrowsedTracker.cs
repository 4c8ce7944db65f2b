using Microsoft.Playwright;
using Tracker.Tests.Launching;

namespace Tracker.Browser.Tests;

/// <summary>The whole product, started by the launcher in a fresh data directory, and a Chromium.</summary>
public abstract class BrowsedTracker : IAsyncLifetime
{
    private readonly LaunchedTracker _product = new();
    private string? _signedIn;
    private IPlaywright? _playwright;

    public string Url => _product.Url.ToString();

    public string Password => _product.Password;

    public IBrowser Browser { get; private set; } = null!;

    /// <summary>The cookies of a signed-in admin; tests ask one after the other, and a failure is the asking test's alone.</summary>
    public async Task<string> SignedInStateAsync() => _signedIn ??= await SignInAsync();

    /// <summary>A client of the REST interface with the admin's token; addresses are relative to its prefix.</summary>
    public HttpClient Api()
    {
        var http = new HttpClient { BaseAddress = new(_product.Url, "api/v1/") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", _product.Token);
        return http;
    }

    public virtual async ValueTask InitializeAsync()
    {
        await StartAsync();
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            // Chromium's sandbox does not work for root.
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
        });
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (Browser is not null) await Browser.DisposeAsync();
        _playwright?.Dispose();
        await _product.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the product.</summary>
    protected abstract Task StartAsync();

    protected async Task UpAsync(string[] options, params (string Name, string Value)[] environment)
    {
        var outcome = await _product.RunAsync(["up", "--detach", "--yes", "--port", $"{_product.Port}", .. options], environment);
        outcome.ExitCode.ShouldBe(0, outcome.Output);
    }

    private async Task<string> SignInAsync()
    {
        await using var visitor = await Visitor.ArriveAsync(this);
        await visitor.SignInAsync("/");
        return await visitor.Page.Context.StorageStateAsync();
    }
}
