using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tracker.Tests.Postgres;
using Tracker.Web.Hosting;

namespace Tracker.Web.Tests.Access;

/// <summary>The web process with a provider to sign in with, on a fresh database; what it logs is kept. Use it as a class fixture.</summary>
public sealed class ProviderApp : IAsyncLifetime
{
    /// <summary>The header by which a test says what network address it comes from.</summary>
    public const string AddressHeader = "X-Test-Address";

    private readonly TestDatabase _database = new();
    private readonly string _data = Directory.CreateTempSubdirectory("tracker-provider-").FullName;
    private readonly List<WebApplicationFactory<Settings>> _started = [];

    internal FakeProvider Provider { get; private set; } = null!;

    /// <summary>Everything that was logged, each line with its exception.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    internal WebApplicationFactory<Settings> Factory { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        Provider = await FakeProvider.StartAsync();
        Factory = Start([.. Provider.Settings, ("TRACKER_OAUTH_CREATE_ACCOUNTS", "true"), ("TRACKER_OAUTH_DOMAINS", "example.org"), ("TRACKER_OAUTH_ROLE", "member")]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var factory in _started) await factory.DisposeAsync();
        if (Provider is not null) await Provider.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>Another process with other settings on the same database; it ends with the fixture.</summary>
    internal WebApplicationFactory<Settings> Start(params (string Key, string Value)[] settings)
    {
        var factory = TrackerApp.Start(_database.ConnectionString, _data, null, settings).WithWebHostBuilder(host => host.ConfigureTestServices(services =>
        {
            services.AddSingleton<IStartupFilter, AddressFilter>();
            services.AddSingleton<ILoggerProvider>(new Recorder(Log));
            services.AddLogging(logging => logging.AddFilter<Recorder>("Tracker", LogLevel.Trace));
        }));
        _started.Add(factory);
        return factory;
    }

    /// <summary>A browser: it keeps cookies and follows no redirects by itself.</summary>
    internal static HttpClient Browser(WebApplicationFactory<Settings> factory, string address = "192.0.2.1")
    {
        var browser = TrackerApp.Client(factory, null);
        browser.DefaultRequestHeaders.Add(AddressHeader, address);
        return browser;
    }

    private sealed class AddressFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                if (IPAddress.TryParse(context.Request.Headers[AddressHeader], out var address)) context.Connection.RemoteIpAddress = address;
                return rest(context);
            });
            next(app);
        };
    }

    private sealed class Recorder(ConcurrentQueue<string> log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Enqueue($"{formatter(state, exception)} {state} {exception}");
    }
}
