using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Tracker.Tests.Launching;

namespace Tracker.Browser.Tests;

/// <summary>The whole product, started by the launcher in a fresh data directory, and a Chromium.</summary>
public sealed class RunningTracker : IAsyncLifetime
{
    private readonly LaunchedTracker _product = new();
    private readonly Lazy<Task<string>> _signedIn;
    private readonly Lazy<Task<long>> _sweep;
    private IPlaywright? _playwright;

    public RunningTracker()
    {
        _signedIn = new(SignInAsync);
        _sweep = new(TrainSweepAsync);
    }

    public string Url => _product.Url.ToString();

    public string Password => _product.Password;

    public IBrowser Browser { get; private set; } = null!;

    /// <summary>The cookies of a signed-in admin.</summary>
    public Task<string> SignedInStateAsync() => _signedIn.Value;

    /// <summary>A small sweep over all columns of Table 1 whose runs have succeeded.</summary>
    public Task<long> FinishedSweepAsync() => _sweep.Value;

    /// <summary>A client of the REST interface with the admin's token; addresses are relative to its prefix.</summary>
    public HttpClient Api()
    {
        var http = new HttpClient { BaseAddress = new(_product.Url, "api/v1/") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", _product.Token);
        return http;
    }

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

    private async Task<string> SignInAsync()
    {
        await using var visitor = await Visitor.ArriveAsync(this);
        await visitor.SignInAsync("/");
        return await visitor.Page.Context.StorageStateAsync();
    }

    private async Task<long> TrainSweepAsync()
    {
        using var http = Api();
        using var specification = new StringContent("""
            { "name": "All columns", "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "largeBatch": [512], "ghostBatch": [128],
              "seeds": [0, 1], "epochs": 1, "trainExamples": 1024, "parameters": { "learningRate": [0.02] } }
            """, Encoding.UTF8, "application/json");
        using var submitted = await http.PostAsync(new Uri("sweeps", UriKind.Relative), specification);
        submitted.EnsureSuccessStatusCode();
        var id = (await submitted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (true)
        {
            var sweep = await http.GetFromJsonAsync<JsonElement>(new Uri($"sweeps/{id}", UriKind.Relative), limit.Token);
            var counts = sweep.GetProperty("counts");
            if (counts.GetProperty("succeeded").GetInt32() == counts.GetProperty("total").GetInt32()) return id;
            counts.GetProperty("failed").GetInt32().ShouldBe(0, sweep.ToString());
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}

/// <summary>The tests of this project share one product, one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunningTrackerCollection : ICollectionFixture<RunningTracker>
{
    public const string Name = "running tracker";
}
