using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Tracker.Tests.Postgres;
using Tracker.Web.Hosting;
using Tracker.Web.Webhooks;

namespace Tracker.Web.Tests;

/// <summary>The web process on a fresh database: use it as a class fixture.</summary>
public sealed class TrackerApp : IAsyncLifetime
{
    public const string Password = "correct-horse-battery";
    public const string AdminToken = "admin-token-of-the-tests";

    /// <summary>No request takes longer, however busy the machine is.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestDatabase _database = new();
    private readonly string _data = Directory.CreateTempSubdirectory("tracker-web-").FullName;
    private WebApplicationFactory<Settings>? _factory;

    /// <summary>What the application takes for the time.</summary>
    public ManualClock Clock { get; } = new();

    public IServiceProvider Services => _factory!.Services;

    /// <summary>A client with the admin's token.</summary>
    public HttpClient Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _factory = Start(_database.ConnectionString, _data, Clock);
        Api = Client(AdminToken);
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (_factory is not null) await _factory.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    public static WebApplicationFactory<Settings> Start(string database, string data, TimeProvider? clock = null, params IEnumerable<(string Key, string Value)> settings) =>
        new WebApplicationFactory<Settings>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Production");
            host.UseSetting(Settings.DatabaseKey, database);
            host.UseSetting(Settings.DataKey, data);
            host.UseSetting(Settings.AdminPasswordKey, Password);
            host.UseSetting(Settings.AdminTokenKey, AdminToken);
            host.UseSetting(WebhookAddresses.Key, "127.0.0.1");
            // Tests sign in more often than people.
            host.UseSetting(AccessSettings.SignInsKey, "1000000");
            foreach (var (key, value) in settings) host.UseSetting(key, value);
            host.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
            host.ConfigureTestServices(services =>
            {
                if (clock is not null) services.AddSingleton(clock);
            });
        });

    /// <summary>A second process on the same database, with other settings.</summary>
    public WebApplicationFactory<Settings> Another(params IEnumerable<(string Key, string Value)> settings) => Start(_database.ConnectionString, _data, Clock, settings);

    /// <summary>A client with a token, or without any; it follows no redirects.</summary>
    public HttpClient Client(string? token = null) => Client(_factory!, token);

    public static HttpClient Client(WebApplicationFactory<Settings> factory, string? token)
    {
        var client = factory.CreateClient(new() { AllowAutoRedirect = false });
        client.Timeout = Patience;
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();
}

/// <summary>The system's time plus what a test adds.</summary>
public sealed class ManualClock : TimeProvider
{
    private TimeSpan _ahead;

    public void Advance(TimeSpan by) => _ahead += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;
}
