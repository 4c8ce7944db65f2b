using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Tracker.Web.Api;

namespace Tracker.Web.Tests.Api;

/// <summary>Runs followed by server-sent events.</summary>
public sealed class StreamTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task A_stream_begins_with_how_runs_are_and_goes_on_with_what_changes()
    {
        using var patience = new CancellationTokenSource(TrackerApp.Patience);
        var run = (await app.RunsAsync(await app.SubmitAsync(Experiments.Sweep("Followed")))).Single();
        using var response = await OpenAsync(app.Api, $"{run},999999", patience.Token);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        await using var events = SseParser.Create(await response.Content.ReadAsStreamAsync(patience.Token)).EnumerateAsync(patience.Token).GetAsyncEnumerator(patience.Token);

        var first = await NextAsync(events);
        (first.EventType, Json(first).Id(), Json(first).Text("state")).ShouldBe(("run", run, "Queued"));
        var second = await NextAsync(events);
        (second.EventType, Json(second).Id()).ShouldBe(("gone", 999999));

        await app.Api.PostJsonAsync($"/api/v1/runs/{run}/cancel");
        var third = await NextAsync(events);
        (third.EventType, Json(third).Text("state")).ShouldBe(("run", "Cancelled"));
    }

    [Fact]
    public async Task A_stream_ends_when_its_token_is_revoked()
    {
        using var patience = new CancellationTokenSource(TrackerApp.Patience);
        var run = (await app.RunsAsync(await app.SubmitAsync(Experiments.Sweep("Revoked")))).Single();
        using var owner = app.Client(await Members.TokenAsync(app, "listener"));
        using var response = await OpenAsync(owner, $"{run}", patience.Token);
        await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
        await using var events = SseParser.Create(body).EnumerateAsync(patience.Token).GetAsyncEnumerator(patience.Token);
        await NextAsync(events);
        var token = (await owner.GetJsonAsync("/api/v1/tokens")).EnumerateArray().Single().Id();
        (await owner.DeleteAsync($"/api/v1/tokens/{token}", patience.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        // Ended in order or torn: in no case another event.
        try
        {
            (await events.MoveNextAsync()).ShouldBeFalse();
        }
        catch (Exception torn) when (torn is IOException or HttpRequestException)
        {
            patience.IsCancellationRequested.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Nobody_follows_too_much_at_once()
    {
        using var patience = new CancellationTokenSource(TrackerApp.Patience);
        using var client = app.Client(await Members.TokenAsync(app, "greedy"));
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < RateLimits.StreamsAtOnce; i++) open.Add(await OpenAsync(client, "1", patience.Token));
        open.ShouldAllBe(r => r.StatusCode == HttpStatusCode.OK);
        await (await OpenAsync(client, "1", patience.Token)).ProblemAsync(HttpStatusCode.TooManyRequests);
        foreach (var response in open) response.Dispose();
        await (await app.Api.GetAsync($"/api/v1/stream?runs={string.Join(',', Enumerable.Range(1, 201))}")).ProblemAsync(HttpStatusCode.BadRequest);
    }

    private static Task<HttpResponseMessage> OpenAsync(HttpClient client, string runs, CancellationToken cancellationToken) =>
        client.GetAsync($"/api/v1/stream?runs={runs}", HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    private static async Task<SseItem<string>> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        (await events.MoveNextAsync()).ShouldBeTrue();
        return events.Current;
    }

    private static JsonElement Json(SseItem<string> item) => JsonElement.Parse(item.Data);
}
