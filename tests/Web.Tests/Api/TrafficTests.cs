using System.Net;

namespace Tracker.Web.Tests.Api;

/// <summary>Limits, compression and the finer points of HTTP.</summary>
public sealed class TrafficTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Answers_are_compressed_for_those_who_ask(string coding)
    {
        using var response = await SendAsync("GET", "/api/v1/networks", ("Accept-Encoding", coding));
        response.Content.Headers.ContentEncoding.ShouldBe([coding]);
        response.Headers.Vary.ShouldContain("Accept-Encoding");
    }

    [Fact]
    public async Task Answers_with_a_secret_or_a_tag_are_sent_as_they_are()
    {
        using var token = await SendAsync("POST", "/api/v1/tokens", ("Accept-Encoding", "gzip"), """{ "name": "plain" }""");
        token.StatusCode.ShouldBe(HttpStatusCode.Created);
        token.Content.Headers.ContentEncoding.ShouldBeEmpty();
        using var sweep = await SendAsync("GET", $"/api/v1/sweeps/{await app.SubmitAsync(Experiments.Sweep("Plain"))}", ("Accept-Encoding", "gzip"));
        sweep.Headers.ETag.ShouldNotBeNull();
        sweep.Content.Headers.ContentEncoding.ShouldBeEmpty();
    }

    [Fact]
    public async Task Head_answers_what_get_would_and_no_body_is_too_long()
    {
        using var head = await SendAsync("HEAD", "/api/v1/networks");
        (head.StatusCode, head.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.OK, "application/json"));
        using var put = await SendAsync("PUT", "/api/v1/methods");
        put.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        put.Content.Headers.Allow.ShouldBe(["GET", "HEAD"], ignoreOrder: true);

        var large = await app.Api.PostAsync("/api/v1/sweeps", Http.Json($$"""{ "name": "{{new string('x', 1024 * 1024)}}" }"""));
        (await large.ProblemAsync(HttpStatusCode.RequestEntityTooLarge)).Text("type").ShouldBe("urn:tracker:problem:too-large");
    }

    [Theory]
    [InlineData("text/html", HttpStatusCode.NotAcceptable)]
    [InlineData("*/*;q=0", HttpStatusCode.NotAcceptable)]
    [InlineData("text/html, */*;q=0.1", HttpStatusCode.OK)]
    [InlineData("application/json", HttpStatusCode.OK)]
    public async Task Nobody_is_sent_what_he_does_not_accept(string accept, HttpStatusCode expected)
    {
        using var response = await SendAsync("GET", "/api/v1/methods", ("Accept", accept));
        response.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Pages_of_other_sites_are_let_in_only_where_they_are_named()
    {
        using var closed = await SendAsync("GET", "/api/v1/methods", ("Origin", "https://lab.example.org"));
        closed.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        await using var open = app.Another(("TRACKER_CORS_ORIGINS", "https://lab.example.org"));
        using var client = TrackerApp.Client(open, token: null);
        using var ask = new HttpRequestMessage(HttpMethod.Options, "/api/v1/sweeps");
        ask.Headers.Add("Origin", "https://lab.example.org");
        ask.Headers.Add("Access-Control-Request-Method", "POST");
        ask.Headers.Add("Access-Control-Request-Headers", "authorization");
        using var answer = await client.SendAsync(ask);
        answer.Headers.GetValues("Access-Control-Allow-Origin").Single().ShouldBe("https://lab.example.org");
        answer.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_come_again_and_others_are_served()
    {
        await using var slow = app.Another(("TRACKER_RATE_LIMIT", "1"));
        using var busy = TrackerApp.Client(slow, TrackerApp.AdminToken);
        using var other = TrackerApp.Client(slow, await Members.TokenAsync(app, "patient"));
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 40; i++) answers.Add(await busy.GetAsync("/api/v1/methods"));
        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        refused.Count.ShouldBeGreaterThan(5);
        refused[0].Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        (await refused[0].ProblemAsync(HttpStatusCode.TooManyRequests)).Text("type").ShouldBe("urn:tracker:problem:too-many-requests");
        (await other.GetAsync("/api/v1/methods")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, (string Name, string Value)? header = null, string? body = null)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (header is (var name, var value)) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null) request.Content = Http.Json(body);
        return await app.Api.SendAsync(request);
    }
}
