using System.Net;
using System.Text;
using System.Text.Json;
using Tracker.Web.Tests;

namespace Tracker.Cli.Tests;

public sealed class SweepCommandTests(CliApp cli) : IClassFixture<CliApp>
{
    [Fact]
    public async Task A_sweep_file_is_submitted_listed_and_shown()
    {
        var file = Path.Combine(cli.Settings, "sweep.json");
        await File.WriteAllTextAsync(file, Experiments.Sweep("From a file", seeds: "[0, 1]"));

        var submitted = await cli.RunAsync("sweep", "submit", file);
        submitted.Code.ShouldBe(ExitCodes.Done, submitted.Error);
        submitted.Output.ShouldMatch(@"^Submitted sweep \d+ \(From a file\): 2 runs, http://localhost/sweeps/\d+\n$");

        var listed = (await cli.RunAsync("sweep", "list", "--json", "--all")).Lines.Select(l => JsonElement.Parse(l)).Single(s => s.Text("name") == "From a file");
        (await cli.RunAsync("sweep", "list")).Lines[1].ShouldMatch(@"^ *\d+  Queued +From a file +admin +0 %  2 queued");
        var shown = await cli.RunAsync("sweep", "show", $"{listed.Id()}");
        shown.Output.ShouldContain("2 queued");
        shown.Lines.Count(l => l.Contains("Queued", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task A_dry_run_shows_the_plan_and_submits_nothing()
    {
        var before = (await cli.RunAsync("sweep", "list", "--all", "--json")).Output;

        var plan = await cli.RunAsync(new CliCall { Input = Experiments.Sweep("Planned", seeds: "[0, 1, 2]", methods: """["sb", "lb+lr"]""") }, "sweep", "submit", "-", "--dry-run");

        plan.Code.ShouldBe(ExitCodes.Done, plan.Error);
        plan.Lines[0].ShouldMatch("^Method +Batch +Ghost +Seeds +Epochs +Updates +Rate +Each$");
        plan.Lines[1].ShouldMatch(@"^sb +128 +0, 1, 2 +2 +\d+ ");
        plan.Lines[2].ShouldMatch(@"^lb\+lr +1024 +0, 1, 2 +2 +\d+ ");
        plan.Output.ShouldContain("6 runs to train");
        (await cli.RunAsync("sweep", "list", "--all", "--json")).Output.ShouldBe(before);
    }

    [Fact]
    public async Task Each_fault_of_a_specification_is_told_with_its_path()
    {
        var refused = await cli.RunAsync(
            new CliCall { Input = """{ "network": "f2", "dataset": "fashion-mnist", "largeBatch": [0], "colour": "red" }""" }, "sweep", "submit", "-");

        refused.Code.ShouldBe(ExitCodes.Usage);
        refused.Output.ShouldBeEmpty();
        foreach (var path in (string[])["network", "largeBatch", "colour"]) refused.Error.ShouldContain($"\n  {path}", customMessage: refused.Error);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_fault_of_the_command_line() =>
        (await cli.RunAsync("sweep", "submit", "/nowhere/sweep.json")).Code.ShouldBe(ExitCodes.Usage);

    [Fact]
    public async Task Verbs_say_what_they_did_and_nothing_is_left_out_for_one_that_fails()
    {
        var (first, second) = (await cli.App.SubmitAsync(Experiments.Sweep("Verbs")), await cli.App.SubmitAsync(Experiments.Sweep("More verbs")));

        var paused = await cli.RunAsync("sweep", "pause", $"{first}", "999999", $"{second}");
        paused.Code.ShouldBe(ExitCodes.NotFound);
        paused.Lines.ShouldBe([$"sweep {first}: 1 run changed", $"sweep {second}: 1 run changed"]);
        paused.Error.ShouldContain("sweep 999999: Not found");

        (await cli.RunAsync("sweep", "pause", $"{first}")).Output.ShouldBe($"sweep {first}: nothing to do\n");
        (await cli.RunAsync("sweep", "resume", $"{first}")).Code.ShouldBe(ExitCodes.Done);
        (await cli.RunAsync("sweep", "cancel", $"{first}", "--json")).Output.ShouldBe($"{{\"id\":{first},\"outcome\":{{\"changed\":1,\"unchanged\":0}}}}\n");
        (await cli.RunAsync("sweep", "retry", $"{first}", "--from", "scratch")).Output.ShouldBe($"sweep {first}: 1 run changed\n");
        (await cli.RunAsync("sweep", "stop", $"{first}")).Code.ShouldBe(ExitCodes.Done);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, 3, ExitCodes.Denied)]
    [InlineData(HttpStatusCode.NotFound, 3, ExitCodes.NotFound)]
    [InlineData(HttpStatusCode.Unauthorized, 1, ExitCodes.Denied)]
    public async Task Each_is_tried_unless_all_would_be_refused(HttpStatusCode status, int tried, int code)
    {
        var server = new Refusing(status);
        var outcome = await cli.RunAsync(new CliCall { Network = () => server }, "run", "cancel", "1", "2", "3");
        server.Asked.ShouldBe(tried);
        outcome.Code.ShouldBe(code, outcome.Error);
    }

    [Fact]
    public async Task The_same_key_submits_once()
    {
        var key = Guid.NewGuid().ToString("N");
        var first = await cli.RunAsync(new CliCall { Input = Experiments.Sweep("By key") }, "sweep", "submit", "-", "--key", key);
        var second = await cli.RunAsync(new CliCall { Input = Experiments.Sweep("By key") }, "sweep", "submit", "-", "--key", key);
        (first.Code, second.Code).ShouldBe((ExitCodes.Done, ExitCodes.Done), second.Error);
        second.Output.ShouldBe(first.Output);
        (await cli.RunAsync("sweep", "list", "--json", "--all")).Lines.Count(l => JsonElement.Parse(l).Text("name") == "By key").ShouldBe(1);
    }

    private sealed class Refusing(HttpStatusCode status) : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(new HttpResponseMessage(status) { RequestMessage = request, Content = new StringContent("""{ "title": "No" }""", Encoding.UTF8, "application/problem+json") });
        }
    }

    [Fact]
    public async Task A_sweep_is_deleted_when_somebody_says_yes_and_comes_back_from_the_bin()
    {
        var sweep = await cli.App.SubmitAsync(Experiments.Sweep("Deleted"));
        await cli.RunAsync("sweep", "cancel", $"{sweep}");

        (await cli.RunAsync("sweep", "delete", $"{sweep}")).Code.ShouldBe(ExitCodes.Usage);
        var no = await cli.RunAsync(new CliCall { Terminal = true, Input = "n\n" }, "sweep", "delete", $"{sweep}");
        no.Code.ShouldBe(ExitCodes.Failed);
        (await cli.RunAsync("sweep", "show", $"{sweep}")).Code.ShouldBe(ExitCodes.Done);

        (await cli.RunAsync("sweep", "delete", $"{sweep}", "--yes")).Code.ShouldBe(ExitCodes.Done);
        (await cli.RunAsync("sweep", "show", $"{sweep}")).Code.ShouldBe(ExitCodes.NotFound);
        var restored = await cli.RunAsync("sweep", "restore", $"{sweep}");
        restored.Code.ShouldBe(ExitCodes.Done, restored.Error);
        (await cli.RunAsync("sweep", "show", $"{sweep}")).Code.ShouldBe(ExitCodes.Done);
    }
}
