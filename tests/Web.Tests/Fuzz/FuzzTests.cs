using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace Tracker.Web.Tests.Fuzz;

/// <summary>Twenty thousand requests that no client should send. The seed is fixed; TRACKER_FUZZ_SEED has another, and TRACKER_FUZZ_REQUESTS another number.</summary>
public sealed class FuzzTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const int AtOnce = 4;
    private const int PagesShare = 12;
    private const int MostFailures = 12;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(2);
    private static readonly int s_seed = Number("TRACKER_FUZZ_SEED", 20261123);
    private static readonly int s_requests = Number("TRACKER_FUZZ_REQUESTS", 20_000);

    private static readonly string[] s_traces = ["   at ", "Exception", "Npgsql.", "System.", "Microsoft.", "stack trace", "SELECT ", ".cs:line"];

    private readonly ConcurrentBag<string> _failures = [];
    private readonly ConcurrentDictionary<int, int> _statuses = new();

    [Fact]
    public async Task No_request_makes_the_server_fail_hang_or_talk_about_its_inside()
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Fuzz", seeds: "[0, 1, 2, 3]"));
        var runs = await app.RunsAsync(sweep);
        var host = await app.HostAsync("fuzz");
        await app.TrainAsync(runs[0], host, 0.9);
        using var callers = await Callers.StartAsync(app);
        var (programs, pages) = (new Requests(Routes(isApi: true), Bodies(runs[0]), s_seed), new Requests(Routes(isApi: false), Bodies(runs[0]), s_seed + 1));
        await Parallel.ForEachAsync(Enumerable.Range(0, s_requests), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            if (_failures.Count < MostFailures) await TryAsync(number % PagesShare == 0 ? pages : programs, number, callers);
        });
        TestContext.Current.SendDiagnosticMessage(string.Join(", ", _statuses.OrderBy(s => s.Key).Select(s => $"{s.Value} x {s.Key}")));
        _failures.ShouldBeEmpty($"Seed {s_seed}.{Environment.NewLine}{string.Join(Environment.NewLine, _failures)}{Environment.NewLine}");
        // Requests that nobody is let in for, or that are refused for their number, try nothing.
        Share(200, 302).ShouldBeGreaterThan(0.1);
        Share(401, 429).ShouldBeLessThan(0.25);
    }

    private double Share(params int[] statuses) => statuses.Sum(s => _statuses.GetValueOrDefault(s)) / (double)_statuses.Values.Sum();

    [Fact]
    public void The_same_seed_makes_the_same_requests()
    {
        var (one, other) = (new Requests(Routes(isApi: true), Bodies(1), 7), new Requests(Routes(isApi: true), Bodies(1), 7));
        for (var i = 0; i < 200; i++)
        {
            using var a = one.Make(i);
            using var b = other.Make(i);
            (a.Method, a.RequestUri!.OriginalString).ShouldBe((b.Method, b.RequestUri!.OriginalString));
        }
    }

    private async Task TryAsync(Requests requests, int number, Callers callers)
    {
        var client = await callers.OfAsync(number);
        for (var attempt = 1; ; attempt++)
        {
            using var request = requests.Make(number);
            var description = await Requests.DescribeAsync(request, number);
            var (fault, isSlow) = await SendAsync(client, request);
            if (fault is null) return;
            // The machine may have been busy with something else: once more.
            if (isSlow && attempt == 1) continue;
            _failures.Add($"{fault} <- {description}");
            return;
        }
    }

    private async Task<(string? Fault, bool IsSlow)> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        var watch = Stopwatch.StartNew();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            var isEndless = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
            var text = isEndless ? "" : await ReadAsync(response.Content, patience.Token);
            _statuses.AddOrUpdate((int)response.StatusCode, 1, (_, count) => count + 1);
            var fault = Judge(request, response, text);
            return fault is null && watch.Elapsed > s_longest ? ($"{watch.Elapsed.TotalSeconds:0.0} s", true) : (fault, false);
        }
        catch (OperationCanceledException)
        {
            return ($"no answer in {watch.Elapsed.TotalSeconds:0.0} s", true);
        }
    }

    private static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        await using var plain = content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static string? Judge(HttpRequestMessage request, HttpResponseMessage response, string text)
    {
        var status = (int)response.StatusCode;
        if (status >= 500) return $"{status} {Short(text)}";
        if (status < 400) return null;
        var path = request.RequestUri!.AbsolutePath;
        if (s_traces.FirstOrDefault(t => text.Contains(t, StringComparison.Ordinal) && !Sent(request, t)) is { } inside && path.StartsWith("/api", StringComparison.Ordinal))
            return $"{status} talks about '{inside}': {Short(text)}";
        // An answer to HEAD has no body by definition.
        if (request.Method == HttpMethod.Head) return null;
        if (path.StartsWith("/api/2.0/", StringComparison.Ordinal) || path.StartsWith("/ajax-api/", StringComparison.Ordinal))
            return HasText(text, "error_code") ? null : $"{status} without error_code: {Short(text)}";
        if (!path.StartsWith("/api/v1/", StringComparison.Ordinal)) return null;
        return response.Content.Headers.ContentType?.MediaType == "application/problem+json" && HasText(text, "type") && HasText(text, "title")
            ? null
            : $"{status} is no problem: {response.Content.Headers.ContentType} {Short(text)}";
    }

    private static bool HasText(string json, string field)
    {
        try
        {
            return JsonElement.Parse(json) is { ValueKind: JsonValueKind.Object } parsed && parsed.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // An answer may repeat what was sent.
    private static bool Sent(HttpRequestMessage request, string text) => Uri.UnescapeDataString(request.RequestUri!.OriginalString).Contains(text, StringComparison.Ordinal);

    private static string Short(string text) => text.Length > 400 ? text[..400] + "…" : text;

    private List<RouteEndpoint> Routes(bool isApi) =>
    [
        .. app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .Where(e => e.RoutePattern.RawText is { } text && text.TrimStart('/').StartsWith("api/", StringComparison.Ordinal) == isApi && !text.Contains("_blazor", StringComparison.Ordinal)),
    ];

    private static List<string> Bodies(long run) =>
    [
        Experiments.Sweep(), """{ "name": "a", "notes": "b", "priority": "high" }""", """{ "notes": "b", "tags": ["a", "b"], "priority": "low" }""",
        """{ "name": "of fuzz", "expiresInDays": 3, "scope": "read" }""", """{ "current": "a", "new": "b" }""", """{ "name": "x", "role": "viewer", "password": "long enough 123" }""",
        $$"""{ "run_id": "{{run}}", "metrics": [{ "key": "a", "value": 1.5, "timestamp": 1700000000000, "step": 3 }], "params": [{ "key": "p", "value": "1" }], "tags": [{ "key": "t", "value": "v" }] }""",
        $$"""{ "run_id": "{{run}}", "key": "a", "value": 1.5, "timestamp": 1700000000000, "step": 3 }""", """{ "experiment_id": "0", "start_time": 1700000000000, "run_name": "r", "tags": [] }""",
        """{ "experiment_ids": ["0"], "filter": "metrics.a > 1", "max_results": 10, "order_by": ["metrics.a DESC"], "run_view_type": "ALL" }""", """{ "name": "experiment", "tags": [] }""",
        """{ "experiment_id": "1", "new_name": "other" }""", $$"""{ "run_id": "{{run}}", "status": "FINISHED", "end_time": 1700000000000 }""", $$"""{ "run_id": "{{run}}", "key": "k", "value": "v" }""",
    ];

    private static int Number(string key, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(key), out var number) ? number : otherwise;
}
