using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Tracker.Cli.Configuration;
using Tracker.Web.Tests;

namespace Tracker.Cli.Tests;

public sealed class CommandLineTests(CliApp cli) : IClassFixture<CliApp>
{
    [Theory]
    [InlineData("run", "lst")]
    [InlineData("run", "list", "--limit", "0")]
    [InlineData("run", "show", "seven")]
    [InlineData("table", "3")]
    [InlineData("sweep", "submit")]
    [InlineData("run", "log", "1", "--tail", "0")]
    [InlineData("run", "list", "--server", "nowhere")]
    public async Task A_command_line_with_faults_ends_with_2_and_prints_no_result(params string[] arguments)
    {
        var outcome = await cli.RunAsync(arguments);

        outcome.Code.ShouldBe(ExitCodes.Usage, outcome.Error);
        outcome.Output.ShouldBeEmpty();
        outcome.Error.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, ExitCodes.Usage)]
    [InlineData(HttpStatusCode.Unauthorized, ExitCodes.Denied)]
    [InlineData(HttpStatusCode.Forbidden, ExitCodes.Denied)]
    [InlineData(HttpStatusCode.NotFound, ExitCodes.NotFound)]
    [InlineData(HttpStatusCode.Conflict, ExitCodes.Failed)]
    [InlineData(HttpStatusCode.InternalServerError, ExitCodes.Failed)]
    [InlineData(HttpStatusCode.NotImplemented, ExitCodes.Failed)]
    public async Task Each_refusal_has_its_exit_code(HttpStatusCode status, int code)
    {
        var outcome = await cli.RunAsync(Answering(() => new HttpResponseMessage(status)
        {
            Content = new StringContent("""{ "title": "A title", "detail": "A detail." }""", Encoding.UTF8, "application/problem+json"),
        }), "run", "show", "1");

        outcome.Code.ShouldBe(code);
        outcome.Output.ShouldBeEmpty();
        outcome.Error.ShouldStartWith("tracker-cli: A title: A detail.");
        outcome.Error.TrimEnd('\n').ShouldNotContain('\n');
    }

    [Theory]
    [InlineData("not json", "text/html")]
    [InlineData("{", "application/problem+json")]
    public async Task A_refusal_that_says_nothing_is_told_by_its_status(string content, string mediaType)
    {
        var outcome = await cli.RunAsync(Answering(() => new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent(content, Encoding.UTF8, mediaType) }), "run", "show", "1");

        outcome.Code.ShouldBe(ExitCodes.NotFound);
        outcome.Error.ShouldContain("answered 404");
    }

    [Fact]
    public async Task A_redirect_is_not_followed_with_the_token()
    {
        var outcome = await cli.RunAsync(
            Answering(() => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new("https://elsewhere.example/") } }), "run", "show", "1");

        outcome.Code.ShouldBe(ExitCodes.Failed);
        outcome.Error.ShouldContain("answered 302");
    }

    [Fact]
    public async Task What_is_no_tracker_is_told_as_such()
    {
        var outcome = await cli.RunAsync(Answering(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>") }), "run", "show", "1");

        outcome.Code.ShouldBe(ExitCodes.Failed);
        outcome.Error.ShouldContain("Is a tracker at http://localhost/?");
    }

    [Fact]
    public async Task A_server_that_is_not_there_ends_with_5()
    {
        var outcome = await cli.RunAsync(Answering(() => throw new HttpRequestException("Connection refused")), "run", "show", "1");

        outcome.Code.ShouldBe(ExitCodes.Unavailable);
        outcome.Error.ShouldBe("tracker-cli: http://localhost/ does not answer: Connection refused\n");
    }

    [Fact]
    public async Task Verbose_tells_of_requests_and_never_of_the_token()
    {
        var outcome = await cli.RunAsync("whoami", "-v");

        outcome.Error.ShouldMatch(@"^tracker-cli: GET http://localhost/api/v1/me 200 \(\d+ ms\)\n$");
        (outcome.Output + outcome.Error).ShouldNotContain(TrackerApp.AdminToken);
    }

    [Fact]
    public async Task Without_a_token_one_is_told_how_to_sign_in()
    {
        var outcome = await cli.RunAsync(new CliCall { Environment = new() { [ServerChoice.UrlKey] = CliApp.Url } }, "run", "list");

        outcome.Code.ShouldBe(ExitCodes.Denied);
        outcome.Error.ShouldContain("'tracker-cli login' signs in");
    }

    [Fact]
    public async Task Colours_are_for_terminals_and_for_those_who_want_them()
    {
        await cli.App.SubmitAsync(Experiments.Sweep("Coloured"));
        var environment = new Dictionary<string, string> { [ServerChoice.UrlKey] = CliApp.Url, [ServerChoice.TokenKey] = TrackerApp.AdminToken };
        await cli.RunAsync("sweep", "pause", "1");

        (await cli.RunAsync(new CliCall { Terminal = true, Environment = environment }, "sweep", "list")).Output.ShouldContain("\u001b[38;5;");
        foreach (var call in (CliCall[])[new() { Environment = environment }, new() { Terminal = true, Environment = new(environment) { ["NO_COLOR"] = "1" } }])
            (await cli.RunAsync(call, "sweep", "list")).Output.ShouldNotContain("\u001b[38;5;");
        (await cli.RunAsync(new CliCall { Terminal = true, Environment = environment }, "sweep", "list", "--no-color")).Output.ShouldNotContain("\u001b[38;5;");
    }

    [Fact]
    public async Task Bash_completes_commands_by_the_script()
    {
        var script = (await cli.RunAsync("completion", "bash")).Output;
        var program = typeof(CommandLine).Assembly.Location;
        var line = $$"""
            tracker-cli() { dotnet '{{program}}' "$@"; }
            {{script}}
            COMP_WORDS=(tracker-cli sweep re) COMP_CWORD=2 COMP_LINE='tracker-cli sweep re' COMP_POINT=20
            _tracker_cli; printf '%s\n' "${COMPREPLY[@]}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", line]) { RedirectStandardOutput = true, UseShellExecute = false })!;

        (await bash.StandardOutput.ReadToEndAsync()).Trim().Split('\n').ShouldBe(["restore", "resume", "retry"], ignoreOrder: true);
    }

    [Fact]
    public async Task Every_command_and_option_is_in_the_documentation()
    {
        var document = await File.ReadAllTextAsync(Path.Combine(Root, "docs", "cli.md"));
        var root = CommandLine.Create(new Surroundings
        {
            In = TextReader.Null, Out = TextWriter.Null, Error = TextWriter.Null, OpenOutput = () => Stream.Null, Variable = _ => null,
            Network = () => throw new InvalidOperationException("Nothing is sent."), ReadSecret = () => "",
        });
        var missing = Commands(root, "").SelectMany(c => c.Command.Options.Where(o => !o.Hidden && o.Name is not ("--help" or "--version"))
            .Select(o => (c.Path, Text: o.Name)).Append((c.Path, Text: c.Path)))
            .Where(wanted => !Regex.IsMatch(document, $@"(?<![\w-]){Regex.Escape(wanted.Text)}(?![\w-])", RegexOptions.None, TimeSpan.FromSeconds(1)))
            .Select(wanted => $"{wanted.Path}: {wanted.Text}");
        missing.ShouldBeEmpty();
    }

    internal static string Root => typeof(CommandLineTests).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
        .Cast<System.Reflection.AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    /// <summary>The commands that do something, by the words that lead to them.</summary>
    private static IEnumerable<(string Path, Command Command)> Commands(Command command, string path) =>
        command.Subcommands.SelectMany(c => Commands(c, $"{path} {c.Name}".Trim())).Concat(command.Action is not null && path.Length > 0 ? [(path, command)] : []);

    private static CliCall Answering(Func<HttpResponseMessage> answer) => new() { Network = () => new Answers(answer) };

    private sealed class Answers(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            var response = answer();
            response.RequestMessage = request;
            return response;
        }
    }
}
