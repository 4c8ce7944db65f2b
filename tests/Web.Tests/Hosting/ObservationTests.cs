using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Tracker.Tests.Files;
using Tracker.Tests.Postgres;

namespace Tracker.Web.Tests.Hosting;

/// <summary>What the real process tells of itself.</summary>
public sealed class ObservationTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("tracker-observed-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Metrics_and_log_lines_are_exported_where_that_is_configured()
    {
        await using var collector = new Collector();
        await using (var web = await WebProcess.StartAsync(Settings(collector.Variables)))
        {
            using var client = new HttpClient { BaseAddress = web.Address };
            (await client.GetAsync("/healthz", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
            await collector.WaitAsync("/v1/metrics", TrackerApp.Patience, "tracker-web", Environment.MachineName, "http.server.request.duration", "db.client.", "dotnet.process.memory.working_set", "tracker.queue.length");
            await collector.WaitAsync("/v1/logs", TrackerApp.Patience, "tracker-web", "Now listening on");
            (await web.StopAsync()).ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_collector_that_does_not_answer_disturbs_nothing()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var web = await WebProcess.StartAsync(Settings(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", ["OTEL_METRIC_EXPORT_INTERVAL"] = "50",
        }));
        using var held = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TrackerApp.Patience, TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = web.Address };
        (await client.GetAsync("/sign-in", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        var stopping = Stopwatch.StartNew();
        (await web.StopAsync()).ShouldBe(0);
        stopping.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        web.Output.ShouldNotContain(line => line.Contains("Exception", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_log_can_be_JSON()
    {
        await using var web = await WebProcess.StartAsync(Settings(new() { ["TRACKER_LOG"] = "json" }));
        web.Output.ShouldNotBeEmpty();
        foreach (var line in web.Output)
        {
            using var json = JsonDocument.Parse(line);
            json.RootElement.GetProperty("LogLevel").GetString().ShouldNotBeNull();
            json.RootElement.GetProperty("Timestamp").GetString().ShouldEndWith("Z");
        }
    }

    private Dictionary<string, string> Settings(Dictionary<string, string> more)
    {
        var settings = new Dictionary<string, string> { ["TRACKER_DB"] = database.ConnectionString, ["TRACKER_DATA"] = _data, ["TRACKER_ADMIN_PASSWORD"] = TrackerApp.Password };
        foreach (var (key, value) in more) settings[key] = value;
        return settings;
    }
}
