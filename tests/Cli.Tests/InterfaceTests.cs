using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tracker.Cli.Tests;

/// <summary>What the commands ask for, against the description of the REST interface.</summary>
public sealed class InterfaceTests(CliApp cli) : IClassFixture<CliApp>
{
    [Theory]
    [InlineData("whoami")]
    [InlineData("watch 1")]
    [InlineData("sweep list --all")]
    [InlineData("sweep show 1")]
    [InlineData("sweep submit - --dry-run")]
    [InlineData("sweep submit -")]
    [InlineData("sweep pause 1")]
    [InlineData("sweep resume 1")]
    [InlineData("sweep stop 1")]
    [InlineData("sweep cancel 1")]
    [InlineData("sweep retry 1 --from scratch")]
    [InlineData("sweep delete 1 --yes")]
    [InlineData("sweep restore 1")]
    [InlineData("run list --filter a --sort b --sweep 1")]
    [InlineData("run list --filter a --sort b --sweep 1 --columns c")]
    [InlineData("run show 1")]
    [InlineData("run log 1")]
    [InlineData("run log 1 --tail 5")]
    [InlineData("run pause 1")]
    [InlineData("run resume 1")]
    [InlineData("run stop 1")]
    [InlineData("run cancel 1")]
    [InlineData("run retry 1")]
    [InlineData("run delete 1 --yes")]
    [InlineData("run restore 1")]
    [InlineData("run download 1 checkpoint")]
    [InlineData("run download 1 weights")]
    [InlineData("run download 1 tensorboard")]
    [InlineData("run download 1 metrics")]
    [InlineData("run download 1 log")]
    [InlineData("metrics export --filter a --keys b")]
    [InlineData("metrics export --format jsonl")]
    [InlineData("table 1 --sweep 1")]
    [InlineData("table 2 --format csv")]
    [InlineData("table 2 --format md")]
    [InlineData("table 2 --format tex")]
    [InlineData("leaderboard")]
    [InlineData("leaderboard --network n --dataset d --sort s --method m --train-examples 5")]
    [InlineData("leaderboard --network n --dataset d --format csv")]
    [InlineData("leaderboard --network n --dataset d --format md")]
    [InlineData("leaderboard --network n --dataset d --format tex")]
    [InlineData("hosts")]
    [InlineData("hosts drain 1")]
    [InlineData("hosts resume 1")]
    [InlineData("queue --sweep 1")]
    [InlineData("bin list")]
    [InlineData("bin empty --yes")]
    [InlineData("token list")]
    [InlineData("token create name")]
    [InlineData("token revoke 1")]
    public async Task A_command_asks_for_what_the_interface_describes(string command)
    {
        var server = new Recorder();

        await cli.RunAsync(new CliCall { Network = () => server }, command.Split(' '));

        var described = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(CommandLineTests.Root, "docs", "openapi.json"))).GetProperty("paths");
        server.Asked.ShouldNotBeEmpty();
        foreach (var (method, url) in server.Asked)
        {
            var operation = described.EnumerateObject().Where(p => Pattern(p.Name).IsMatch(url.AbsolutePath)).SelectMany(p => p.Value.EnumerateObject())
                .FirstOrDefault(o => o.Name.Equals(method.Method, StringComparison.OrdinalIgnoreCase)).Value;
            operation.ValueKind.ShouldBe(JsonValueKind.Object, $"{method} {url.AbsolutePath} is not described.");
            var parameters = operation.TryGetProperty("parameters", out var stated) ? stated.EnumerateArray().Select(p => p.GetProperty("name").GetString()) : [];
            url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')[0]).Except(parameters)
                .ShouldBeEmpty($"parameters of {method} {url.AbsolutePath}");
        }
    }

    [Fact]
    public async Task Who_watches_runs_that_are_not_over_listens_to_the_stream()
    {
        var server = new Recorder { IsRunning = true };

        var watched = await cli.RunAsync(new CliCall { Network = () => server }, "watch", "1");

        watched.Code.ShouldBe(ExitCodes.Done, watched.Error);
        lock (server.Asked) server.Asked.Select(a => a.Url.PathAndQuery).ShouldContain("/api/v1/stream?runs=1");
    }

    private static Regex Pattern(string path) => new(
        "^" + Regex.Replace(Regex.Escape(path), @"\\\{\w+}", "[^/.]+", RegexOptions.None, TimeSpan.FromSeconds(1)) + "$", RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>Notes what it is asked for. It has one run, which has a checkpoint; it may be running when it is looked at first.</summary>
    private sealed class Recorder : HttpMessageHandler
    {
        public List<(HttpMethod Method, Uri Url)> Asked { get; } = [];

        public bool IsRunning { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (Asked) Asked.Add((request.Method, request.RequestUri!));
            var answer = request.RequestUri!.AbsolutePath switch
            {
                "/api/v1/runs/1" => Run(),
                "/api/v1/sweeps/1/runs" => $$"""{ "items": [{{Look()}}] }""",
                _ => null,
            };
            return Task.FromResult(new HttpResponseMessage(answer is null ? HttpStatusCode.NotFound : HttpStatusCode.OK)
            {
                Content = new StringContent(answer ?? """{ "title": "Not found" }""", Encoding.UTF8, answer is null ? "application/problem+json" : "application/json"),
                RequestMessage = request,
            });
        }

        /// <summary>The run as it is now; the next time it is over.</summary>
        private string Look()
        {
            var now = IsRunning ? Run().Replace("Succeeded", "Running", StringComparison.Ordinal) : Run();
            IsRunning = false;
            return now;
        }

        private static string Run() => $$"""
            { "id": 1, "sweepId": 1, "title": "A run", "state": "Succeeded", "stateSince": "2026-01-01T00:00:00Z", "createdAt": "2026-01-01T00:00:00Z",
              "attempt": 1, "reused": false, "checkpoint": { "step": 5, "sha256": "00", "bytes": 20 } }
            """;
    }
}
