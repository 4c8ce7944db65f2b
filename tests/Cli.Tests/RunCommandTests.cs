using System.Text.Json;
using Tracker.Web.Tests;

namespace Tracker.Cli.Tests;

public sealed class RunCommandTests(CliApp cli) : IClassFixture<CliApp>
{
    [Fact]
    public async Task Runs_are_filtered_sorted_and_counted()
    {
        var sweep = await cli.App.SubmitAsync(Experiments.Sweep("Listed", seeds: "[0, 1, 2, 3]"));

        var ids = (await cli.RunAsync("run", "list", "--filter", $"sweep = {sweep} and seed >= 1", "--sort", "-seed", "--limit", "2", "--json")).Lines
            .Select(l => JsonElement.Parse(l).GetProperty("spec").GetProperty("seed").GetInt32());
        ids.ShouldBe([3, 2]);

        var table = await cli.RunAsync("run", "list", "--sweep", $"{sweep}", "--all");
        table.Lines.Count.ShouldBe(5);
        table.Lines[0].ShouldMatch("^ *Id  State +Run +Sweep +Done +Accuracy +Left +Host +Since$");
    }

    [Fact]
    public async Task Columns_may_be_any_that_filters_know()
    {
        var sweep = await cli.App.SubmitAsync(Experiments.Sweep("Columns", seeds: "[0, 1]"));
        string[] list = ["run", "list", "--sweep", $"{sweep}", "--sort", "seed", "--columns", "seed,batch,state,metrics.train/loss"];

        (await cli.RunAsync([.. list])).Lines.ShouldBe(["seed  batch  state   metrics.train/loss", "   0    128  Queued  –", "   1    128  Queued  –"]);
        (await cli.RunAsync([.. list, "--limit", "1", "--json"])).Output.ShouldBe("""{"seed":0,"batch":128,"state":"Queued","metrics.train/loss":null}""" + "\n");
    }

    [Theory]
    [InlineData("--filter", "bach > 3", "bach")]
    [InlineData("--sort", "bach", "bach")]
    [InlineData("--columns", "id,bach", "bach")]
    public async Task A_filter_that_cannot_be_understood_is_a_fault_of_the_command_line(string option, string text, string told)
    {
        var refused = await cli.RunAsync("run", "list", option, text);

        refused.Code.ShouldBe(ExitCodes.Usage);
        refused.Error.ShouldContain(told);
        refused.Error.Trim().ShouldNotContain("\n");
    }

    [Fact]
    public async Task A_run_is_shown_with_its_log_and_its_files()
    {
        var run = await TrainAsync("Shown");

        var shown = await cli.RunAsync("run", "show", $"{run}");
        shown.Output.ShouldContain("State        Succeeded");
        shown.Output.ShouldContain("Accuracy     91.00%");

        (await cli.RunAsync("run", "log", $"{run}")).Lines.Select(l => l.Split(' ')[^1]).ShouldBe(["first", "second"]);
        (await cli.RunAsync("run", "log", $"{run}", "--tail", "1")).Output.ShouldEndWith(" 1 info second\n");
        (await cli.RunAsync("run", "log", $"{run}", "--follow")).Lines.Count.ShouldBe(2);
        (await cli.RunAsync("run", "log", "999999")).Code.ShouldBe(ExitCodes.NotFound);

        var log = Path.Combine(cli.Settings, "kept.log");
        (await cli.RunAsync("run", "download", $"{run}", "log", "-o", log)).Output.ShouldContain("kept.log: ");
        (await File.ReadAllLinesAsync(log)).Length.ShouldBe(2);
        Directory.GetFiles(cli.Settings, "*.part").ShouldBeEmpty();
    }

    [Fact]
    public async Task Points_are_written_whole_into_a_file()
    {
        var run = await TrainAsync("Points");
        var file = Path.Combine(cli.Settings, "points.jsonl");

        var export = await cli.RunAsync("metrics", "export", "--filter", $"id = {run}", "--keys", "train/loss", "--format", "jsonl", "-o", file);

        export.Code.ShouldBe(ExitCodes.Done, export.Error);
        (await File.ReadAllLinesAsync(file)).Length.ShouldBe(100);
        (await cli.RunAsync("run", "download", $"{run}", "metrics", "-o", "-")).Lines.Count.ShouldBe(1 + 101);
    }

    [Fact]
    public async Task A_checkpoint_that_lies_elsewhere_leaves_no_file_behind()
    {
        var run = await TrainAsync("Elsewhere");
        var folder = Directory.CreateDirectory(Path.Combine(cli.Settings, "checkpoints")).FullName;

        var refused = await cli.RunAsync("run", "download", $"{run}", "checkpoint", "-o", folder);

        refused.Code.ShouldBe(ExitCodes.NotFound);
        refused.Error.ShouldContain("which this server cannot read");
        Directory.GetFiles(folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Tables_leaderboards_hosts_and_the_queue_are_printed()
    {
        await TrainAsync("Results");
        await cli.App.SubmitAsync(Experiments.Sweep("Waiting"));

        (await cli.RunAsync("table", "1")).Output.ShouldContain("91.00");
        (await cli.RunAsync("table", "1", "--format", "md")).Output.ShouldContain("| ");
        (await cli.RunAsync("table", "1", "--format", "tex")).Output.ShouldContain(@"\begin{");
        JsonElement.Parse((await cli.RunAsync("table", "1", "--json")).Output).GetProperty("number").GetInt32().ShouldBe(1);
        (await cli.RunAsync("table", "3")).Code.ShouldBe(ExitCodes.Usage);
        (await cli.RunAsync("leaderboard")).Lines[1].ShouldMatch(@"^f1 +fashion-mnist +\d+$");
        (await cli.RunAsync("leaderboard", "--network", "f1", "--dataset", "fashion-mnist")).Lines[1].ShouldMatch(@"^1  sb +128 .*91.00%");
        (await cli.RunAsync("hosts")).Output.ShouldContain("Test processor");
        (await cli.RunAsync("queue")).Output.ShouldContain(" waiting.");
    }

    [Fact]
    public async Task What_others_wrote_moves_no_cursor()
    {
        var run = await TrainAsync("Escapes");
        await cli.App.Api.PatchAsync($"/api/v1/runs/{run}", Http.Json("""{ "notes": "red \u001b[31m\u0007 \u202e end" }"""));

        var shown = await cli.RunAsync(new CliCall { Terminal = true }, "run", "show", $"{run}", "--no-color");

        shown.Output.ShouldContain("red \uFFFD[31m\uFFFD \uFFFD end");
        shown.Output.ShouldNotContain("\u001b");
    }

    private async Task<long> TrainAsync(string name)
    {
        var sweep = await cli.App.SubmitAsync(Experiments.Sweep(name));
        var run = (await cli.App.RunsAsync(sweep)).Single();
        await cli.App.TrainAsync(run, await cli.App.HostAsync(), 0.91);
        return run;
    }
}
