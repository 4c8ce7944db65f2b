using System.Net;
using Npgsql;
using Tracker.Storage;

namespace Tracker.Web.Tests.Api;

/// <summary>Requests that are sent again with their Idempotency-Key.</summary>
public sealed class RepeatedRequestTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Sweeps = "/api/v1/sweeps";

    [Fact]
    public async Task A_submission_that_is_sent_again_makes_one_sweep_and_is_answered_again()
    {
        using var first = await PostAsync(Sweeps, "one", Experiments.Sweep("Once"));
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        first.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        using var second = await PostAsync(Sweeps, "one", Experiments.Sweep("Once"));
        second.StatusCode.ShouldBe(HttpStatusCode.Created);
        second.Headers.GetValues("Idempotency-Replayed").Single().ShouldBe("true");
        second.Headers.Location.ShouldBe(first.Headers.Location);
        second.Headers.ETag.ShouldBe(first.Headers.ETag);
        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        (await NamedAsync("Once")).ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_that_come_at_once_one_is_carried_out()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(Sweeps, "crowd", Experiments.Sweep("Crowd"))));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created && !a.Headers.Contains("Idempotency-Replayed")).ShouldBe(1);
        foreach (var busy in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
        {
            busy.Headers.RetryAfter.ShouldNotBeNull();
            (await busy.ProblemAsync(HttpStatusCode.Conflict)).Text("type").ShouldBe("urn:tracker:problem:idempotency-key-busy");
        }
        (await NamedAsync("Crowd")).ShouldBe(1);
    }

    [Fact]
    public async Task Another_request_with_the_same_key_is_refused()
    {
        (await PostAsync(Sweeps, "two", Experiments.Sweep("Two"))).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await (await PostAsync(Sweeps, "two", Experiments.Sweep("Other"))).ProblemAsync(HttpStatusCode.UnprocessableEntity)).Text("type").ShouldBe("urn:tracker:problem:idempotency-key-reused");
        (await NamedAsync("Other")).ShouldBe(0);

        using var somebody = app.Client(await Members.TokenAsync(app, "somebody-else"));
        (await PostAsync(Sweeps, "two", Experiments.Sweep("Other"), somebody)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task What_was_refused_is_tried_anew()
    {
        await (await PostAsync(Sweeps, "three", """{ "name": 3 }""")).ProblemAsync(HttpStatusCode.BadRequest);
        (await PostAsync(Sweeps, "three", Experiments.Sweep("Three"))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Verbs_are_answered_again_as_they_were()
    {
        var run = (await app.RunsAsync(await app.SubmitAsync(Experiments.Sweep("Verbs")))).Single();
        var first = await (await PostAsync($"/api/v1/runs/{run}/pause", "verb", null)).JsonAsync(HttpStatusCode.OK);
        await app.Api.PostJsonAsync($"/api/v1/runs/{run}/resume");
        var second = await (await PostAsync($"/api/v1/runs/{run}/pause", "verb", null)).JsonAsync(HttpStatusCode.OK);
        second.ToString().ShouldBe(first.ToString());
        (await app.Api.GetJsonAsync($"/api/v1/runs/{run}")).Text("state").ShouldBe("Queued");
    }

    [Fact]
    public async Task Answers_with_a_secret_are_never_kept()
    {
        foreach (var (path, body) in ((string, string)[])[("/api/v1/tokens", """{ "name": "t" }"""), ("/api/v1/users", """{ "name": "kept-secret" }""")])
            (await (await PostAsync(path, "secret", body)).ProblemAsync(HttpStatusCode.BadRequest)).Text("type").ShouldBe("urn:tracker:problem:idempotency-key-refused");
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("ключ")]
    public async Task A_key_is_a_word(string key) => (await (await PostAsync(Sweeps, key, Experiments.Sweep())).ProblemAsync(HttpStatusCode.BadRequest)).Errors().ShouldContainKey("Idempotency-Key");

    [Fact]
    public async Task A_crash_before_the_change_frees_the_key_and_one_after_it_is_told()
    {
        var user = (await app.Api.GetJsonAsync("/api/v1/users")).EnumerateArray().First().Id();
        var (keys, hash) = (app.Get<IRequestKeys>(), new byte[32]);
        var crashed = (await keys.ClaimAsync(user, "crash", hash, default)).Claim.ShouldNotBeNull();
        (await keys.ClaimAsync(user, "crash", hash, default)).State.ShouldBe(KeyState.Busy);
        await AgeAsync("crash");
        var second = (await keys.ClaimAsync(user, "crash", hash, default)).Claim.ShouldNotBeNull();

        // The first was not dead but slow: what it changes now does not count.
        Actor.Current = new(user, "admin", ActorVia.Token);
        RequestClaim.Current = crashed;
        var sweep = await app.SubmitAsync(Experiments.Sweep("Slow"));
        await Should.ThrowAsync<TimeoutException>(app.Get<ISweeps>().ChangeAsync(sweep, "Changed too late", null, null, default));
        RequestClaim.Current = second;
        await app.Get<ISweeps>().ChangeAsync(sweep, "Changed once", null, null, default);
        RequestClaim.Current = null;
        (await app.Api.GetJsonAsync($"/api/v1/sweeps/{sweep}")).Text("name").ShouldBe("Changed once");

        await AgeAsync("crash");
        var found = await keys.ClaimAsync(user, "crash", hash, default);
        (found.State, found.Changed).ShouldBe((KeyState.AnswerLost, $"sweep {sweep}"));
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string key, string? body, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : Http.Json(body) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await (client ?? app.Api).SendAsync(request);
    }

    private async Task<int> NamedAsync(string name) => (await app.Api.GetJsonAsync("/api/v1/sweeps?limit=500")).Items().Count(s => s.Text("name") == name);

    private async Task AgeAsync(string key)
    {
        await using var command = app.Get<NpgsqlDataSource>().CreateCommand("UPDATE request_keys SET claimed_at = claimed_at - interval '2 minutes' WHERE key = $1");
        command.Parameters.Add(new() { Value = key });
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
    }
}
