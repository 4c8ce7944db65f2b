using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tracker.Web.Tests.Api;

public sealed class OpenApiTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string UpdateKey = "TRACKER_UPDATE_OPENAPI";
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Of each body that is sent or answered, whether it has an example.</summary>
    private static IEnumerable<bool> Examples(JsonElement operation) =>
        operation.GetProperty("responses").EnumerateObject().Select(r => r.Value).Concat(operation.TryGetProperty("requestBody", out var body) ? [body] : [])
            .Where(b => b.TryGetProperty("content", out _)).SelectMany(b => b.GetProperty("content").EnumerateObject()).Select(c => c.Value.TryGetProperty("example", out _));

    private static string CommittedPath => Path.Combine(
        typeof(OpenApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "docs", "openapi.json");

    [Fact]
    public async Task The_committed_document_is_the_one_that_is_served()
    {
        var served = JsonSerializer.Serialize(await app.Api.GetJsonAsync("/openapi/v1.json"), s_indented) + "\n";
        if (Environment.GetEnvironmentVariable(UpdateKey) == "1") await File.WriteAllTextAsync(CommittedPath, served);
        var committed = await File.ReadAllLinesAsync(CommittedPath);
        var lines = served.TrimEnd('\n').Split('\n');
        var first = lines.Zip(committed).TakeWhile(pair => pair.First == pair.Second).Count();
        (first == lines.Length && first == committed.Length).ShouldBeTrue(
            $"""
            The REST interface differs from docs/openapi.json from line {first + 1} on:
              committed: {committed.ElementAtOrDefault(first)}
              served:    {lines.ElementAtOrDefault(first)}
            If that is intended, run this test with {UpdateKey}=1, look at the difference, and commit it.
            """);
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_and_which_problems_it_answers()
    {
        var document = await app.Api.GetJsonAsync("/openapi/v1.json");
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var name = $"{operation.Name} {path.Name}";
                operation.Value.TryGetProperty("summary", out var summary).ShouldBeTrue(name);
                summary.GetString().ShouldNotBeNullOrWhiteSpace(name);
                Examples(operation.Value).ShouldAllBe(hasExample => hasExample, name);
                var responses = operation.Value.GetProperty("responses");
                foreach (var status in (string[])["400", "401", "403", "429", "503"]) responses.TryGetProperty(status, out _).ShouldBeTrue($"{name} {status}");
                responses.EnumerateObject().ShouldContain(r => r.Name.StartsWith('2'), name);
                if (operation.Value.TryGetProperty("parameters", out var parameters))
                    parameters.EnumerateArray().Select(p => p.TryGetProperty("description", out var _)).ShouldAllBe(described => described, name);
            }
        }
    }
}
