using System.Diagnostics;
using System.Text.Json;
using Tracker.Cli.Api;
using Tracker.Cli.Configuration;
using Tracker.Tests.Postgres;
using Tracker.Web.Hosting;
using Tracker.Web.Tests;
using Tracker.Web.Tests.Hosting;

namespace Tracker.Cli.Tests;

/// <summary>The program itself, against the real web process.</summary>
public sealed class ProcessTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task The_program_submits_over_a_real_connection_and_leaves_when_it_is_interrupted()
    {
        var data = Directory.CreateTempSubdirectory("tracker-cli-").FullName;
        await using var web = await WebProcess.StartAsync(new()
        {
            [Settings.DatabaseKey] = database.ConnectionString, [Settings.DataKey] = data, [Settings.AdminPasswordKey] = TrackerApp.Password,
            [Settings.AdminTokenKey] = TrackerApp.AdminToken,
        });
        using var program = Start(web.Address, data, "sweep", "submit", "-", "--watch");
        await program.StandardInput.WriteAsync(Experiments.Sweep("By the program"));
        program.StandardInput.Close();
        using var limit = new CancellationTokenSource(TrackerApp.Patience);
        (await program.StandardOutput.ReadLineAsync(limit.Token)).ShouldStartWith("Submitted sweep 1 (By the program): 1 run, ");

        using var interrupt = Process.Start("kill", ["-INT", $"{program.Id}"]);
        await program.WaitForExitAsync(limit.Token);

        program.ExitCode.ShouldBe(ExitCodes.Interrupted);
        using var list = Start(web.Address, data, "run", "list", "--columns", "state");
        (await list.StandardOutput.ReadToEndAsync(limit.Token)).ShouldBe("state\nQueued\n");
        await list.WaitForExitAsync(limit.Token);
        list.ExitCode.ShouldBe(ExitCodes.Done);
        await AssertStreamTellsOfCancellationAsync(web.Address, data, limit.Token);
        await web.StopAsync();
        Directory.Delete(data, recursive: true);
    }

    /// <summary>What wakes up those who watch.</summary>
    private static async Task AssertStreamTellsOfCancellationAsync(Uri server, string settings, CancellationToken cancellationToken)
    {
        using var api = new TrackerApi(server, TrackerApp.AdminToken, new SocketsHttpHandler(), TimeProvider.System, (_, _) => { }, null);
        using var stream = await api.OpenAsync("stream?runs=1", cancellationToken);
        stream.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync(cancellationToken));
        (await DataAsync()).ShouldBe("Queued");
        using var cancel = Start(server, settings, "run", "cancel", "1");
        await cancel.WaitForExitAsync(cancellationToken);
        cancel.ExitCode.ShouldBe(ExitCodes.Done);
        (await DataAsync()).ShouldBe("Cancelled");

        async Task<string?> DataAsync()
        {
            string? line;
            do line = await lines.ReadLineAsync(cancellationToken);
            while (line?.StartsWith("data:", StringComparison.Ordinal) == false);
            return JsonElement.Parse(line.ShouldNotBeNull()["data:".Length..]).Text("state");
        }
    }

    private static Process Start(Uri server, string settings, params IReadOnlyList<string> arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            Environment = { [ServerChoice.UrlKey] = server.AbsoluteUri, [ServerChoice.TokenKey] = TrackerApp.AdminToken, ["XDG_CONFIG_HOME"] = settings },
        })!;
}
