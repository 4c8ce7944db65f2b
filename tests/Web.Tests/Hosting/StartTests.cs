using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Tracker.Tests.Postgres;

namespace Tracker.Web.Tests.Hosting;

/// <summary>Starts the real process with what it cannot work with.</summary>
public sealed class StartTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task All_faults_of_the_settings_are_told_at_once()
    {
        var (code, errors) = await RunAsync(new() { ["TRACKER_DB"] = "Host=localhost;Prot=5", ["TRACKER_ADMIN_TOKEN"] = "short" }, "--urls", "http//x");
        code.ShouldBe(1);
        errors.ShouldContain("TRACKER_DB is no connection string");
        errors.ShouldContain("TRACKER_DATA is not set");
        errors.ShouldContain("TRACKER_ADMIN_TOKEN has 5 characters. Expected at least 16.");
        errors.ShouldContain("The address 'http//x' is none.");
        errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_taken_port_is_told_in_one_sentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        var (code, errors) = await RunAsync(Settings(database.ConnectionString), "--urls", address);
        code.ShouldBe(1);
        errors.Trim().ShouldBe($"The port is taken: another program listens on {address}. Stop it, or choose another port with --urls or ASPNETCORE_URLS.");
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told_with_the_reason()
    {
        var (code, errors) = await RunAsync(Settings(database.ConnectionString), "--urls", "http://192.0.2.1:5080");
        code.ShouldBe(1);
        errors.Trim().ShouldBe("Cannot listen on http://192.0.2.1:5080: Cannot assign requested address. Choose another address with --urls or ASPNETCORE_URLS.");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named_with_the_reason()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var (code, errors) = await RunAsync(Settings($"Host=127.0.0.1;Port={port};Database=tracker;Username=tracker"), "--urls", "http://127.0.0.1:0");
        code.ShouldBe(1);
        errors.Trim().ShouldBe(
            $"Postgres at 127.0.0.1:{port}, database 'tracker' cannot be reached: Connection refused. Tried for 10 s. Start it, or correct TRACKER_DB.");
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_told_at_once()
    {
        var absent = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "absent", Username = "nobody" };
        var (code, errors) = await RunAsync(Settings(absent.ConnectionString), "--urls", "http://127.0.0.1:0");
        code.ShouldBe(1);
        errors.ShouldContain("database 'absent' cannot be used: ");
        errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task The_first_start_prints_a_password_that_works_and_sessions_outlive_a_restart()
    {
        var empty = await TestServer.CreateEmptyDatabaseAsync();
        var settings = Settings(empty);
        string session;
        await using (var first = await WebProcess.StartAsync(settings))
        {
            var password = first.Output.Single(l => l.Contains("Sign in as admin with password: ", StringComparison.Ordinal)).Split("password: ")[1];
            using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = first.Address, Timeout = TrackerApp.Patience };
            using var signedIn = await Members.SignInAsync(browser, "admin", password);
            signedIn.StatusCode.ShouldBe(HttpStatusCode.Redirect);
            // It is in the log, so it holds only until it was used.
            using var changed = await Members.ChangePasswordAsync(browser, password, "river gate lamp");
            session = changed.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("tracker-session=", StringComparison.Ordinal)).Split(';')[0];
            (await first.StopAsync()).ShouldBe(0);
        }
        await using (var second = await WebProcess.StartAsync(settings))
        {
            second.Output.ShouldNotContain(l => l.Contains("password", StringComparison.Ordinal));
            using var browser = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = second.Address, Timeout = TrackerApp.Patience };
            browser.DefaultRequestHeaders.Add("Cookie", session);
            (await browser.GetJsonAsync("/api/v1/sweeps")).Items().ShouldBeEmpty();
            (await second.StopAsync()).ShouldBe(0);
        }
        Directory.Delete(settings["TRACKER_DATA"], recursive: true);
        await TestServer.DropDatabaseAsync(empty);
    }

    private static Dictionary<string, string> Settings(string connection) => new()
    {
        ["TRACKER_DB"] = connection, ["TRACKER_DATA"] = Directory.CreateTempSubdirectory("tracker-start-").FullName,
    };

    private static async Task<(int Code, string Errors)> RunAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        var start = WebProcess.Describe(settings, arguments);
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(s_patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await output;
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            if (settings.TryGetValue("TRACKER_DATA", out var data)) Directory.Delete(data, recursive: true);
        }
    }
}
