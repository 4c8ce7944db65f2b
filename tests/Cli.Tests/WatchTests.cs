using System.Text.Json;
using Tracker.Web.Tests;

namespace Tracker.Cli.Tests;

public sealed class WatchTests(CliApp cli) : IClassFixture<CliApp>
{
    [Fact]
    public async Task A_sweep_is_watched_until_its_runs_are_over()
    {
        var (sweep, runs) = await SweepAsync("Watched");
        var watching = cli.RunAsync("watch", $"{sweep}");
        foreach (var run in runs) await cli.App.TrainAsync(run, await cli.App.HostAsync(), 0.9);

        var watched = await watching;

        watched.Code.ShouldBe(ExitCodes.Done, watched.Error);
        watched.Lines.Count(l => l.Contains("succeeded, 90.00%", StringComparison.Ordinal)).ShouldBe(2);
        watched.Lines[^1].ShouldEndWith("(2 of 2 done)");
    }

    [Fact]
    public async Task A_run_that_did_not_succeed_is_told_by_the_exit_code()
    {
        var (sweep, runs) = await SweepAsync("Cancelled");
        await cli.App.TrainAsync(runs[0], await cli.App.HostAsync(), 0.9);
        var watching = cli.RunAsync("watch", $"{sweep}", "--json");
        (await cli.RunAsync("run", "cancel", $"{runs[1]}")).Code.ShouldBe(ExitCodes.Done);

        var watched = await watching;

        watched.Code.ShouldBe(ExitCodes.Failed);
        watched.Error.ShouldContain("1 of 2 runs did not succeed.");
        var last = watched.Lines.Select(l => JsonElement.Parse(l)).GroupBy(r => r.Id()).ToDictionary(g => g.Key, g => g.Last().Text("state"));
        last.ShouldBe(new Dictionary<long, string?> { [runs[0]] = "Succeeded", [runs[1]] = "Cancelled" }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_submission_can_be_watched_at_once()
    {
        var watching = cli.RunAsync(new CliCall { Input = Experiments.Sweep("At once") }, "sweep", "submit", "-", "--watch", "--key", "at-once");
        long? sweep = null;
        while (sweep is null)
        {
            sweep = (await cli.App.Api.GetJsonAsync("/api/v1/sweeps")).Items().FirstOrDefault(s => s.Text("name") == "At once") is { ValueKind: JsonValueKind.Object } found ? found.Id() : null;
        }
        await cli.App.TrainAsync((await cli.App.RunsAsync(sweep.Value)).Single(), await cli.App.HostAsync(), 0.9);

        var watched = await watching;

        watched.Code.ShouldBe(ExitCodes.Done, watched.Error);
        watched.Lines[0].ShouldStartWith($"Submitted sweep {sweep}");
        watched.Lines[^1].ShouldContain("succeeded, 90.00%");
    }

    [Fact]
    public async Task Leaving_stops_no_run()
    {
        var (sweep, runs) = await SweepAsync("Left alone");
        using var leave = new CancellationTokenSource();
        var watching = cli.RunAsync(new CliCall { CancellationToken = leave.Token }, "watch", $"{sweep}");
        await leave.CancelAsync();

        var left = await watching;

        left.Code.ShouldBe(ExitCodes.Interrupted);
        left.Error.ShouldContain($"Sweep {sweep} goes on");
        (await cli.App.Api.GetJsonAsync($"/api/v1/runs/{runs[0]}")).Text("state").ShouldBe("Queued");
    }

    [Fact]
    public async Task On_a_terminal_each_run_has_a_bar()
    {
        var (sweep, runs) = await SweepAsync("Bars");
        foreach (var run in runs) await cli.App.TrainAsync(run, await cli.App.HostAsync(), 0.9);

        var watched = await cli.RunAsync(new CliCall { Terminal = true }, "watch", $"{sweep}", "--no-color");

        watched.Code.ShouldBe(ExitCodes.Done, watched.Error);
        foreach (var run in runs) watched.Output.ShouldMatch($@"#{run} .*━{{24}} +100 %  90.00%");
        watched.Output.ShouldContain("2 of 2 runs done");
    }

    [Fact]
    public async Task There_is_nothing_to_watch_where_there_is_no_sweep() =>
        (await cli.RunAsync("watch", "999999")).Code.ShouldBe(ExitCodes.NotFound);

    private async Task<(long Sweep, List<long> Runs)> SweepAsync(string name)
    {
        var sweep = await cli.App.SubmitAsync(Experiments.Sweep(name, seeds: "[0, 1]"));
        return (sweep, await cli.App.RunsAsync(sweep));
    }
}
