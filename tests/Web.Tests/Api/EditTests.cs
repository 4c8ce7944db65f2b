using System.Net;

namespace Tracker.Web.Tests.Api;

/// <summary>Entity tags of what can be edited.</summary>
public sealed class EditTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        var path = $"/api/v1/sweeps/{await app.SubmitAsync(Experiments.Sweep("Same"))}";
        var tag = await TagAsync(path);
        using (var again = await SendAsync("GET", path, "If-None-Match", tag))
        {
            again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
            again.Headers.ETag!.ToString().ShouldBe(tag);
            (await again.Content.ReadAsStringAsync()).ShouldBeEmpty();
        }
        await (await app.Api.PatchAsync(path, Http.Json("""{ "notes": "other" }"""))).JsonAsync(HttpStatusCode.OK);
        (await (await SendAsync("GET", path, "If-None-Match", tag)).JsonAsync(HttpStatusCode.OK)).Text("notes").ShouldBe("other");
    }

    [Theory]
    [InlineData("sweeps", """{ "notes": "mine" }""")]
    [InlineData("runs", """{ "notes": "mine" }""")]
    [InlineData("users", """{ "role": "viewer" }""")]
    [InlineData("webhooks", """{ "name": "mine" }""")]
    public async Task Who_edits_an_old_version_is_refused_and_changes_nothing(string what, string change)
    {
        var path = $"/api/v1/{what}/{await MakeAsync(what)}";
        var old = await TagAsync(path);
        using (var first = await SendAsync("PATCH", path, "If-Match", old, change))
        {
            first.StatusCode.ShouldBe(HttpStatusCode.OK);
            first.Headers.ETag!.ToString().ShouldBe(await TagAsync(path));
        }
        var before = await app.Api.GetStringAsync(path);
        var problem = await (await SendAsync("PATCH", path, "If-Match", old, change.Replace("mine", "theirs", StringComparison.Ordinal))).ProblemAsync(HttpStatusCode.PreconditionFailed);
        problem.Text("type").ShouldBe("urn:tracker:problem:changed");
        await (await SendAsync("DELETE", path, "If-Match", old)).ProblemAsync(HttpStatusCode.PreconditionFailed);
        (await app.Api.GetStringAsync(path)).ShouldBe(before);

        (await SendAsync("PATCH", path, "If-Match", "*", change)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.Api.PatchAsync(path, Http.Json(change))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await SendAsync("PATCH", path, "If-Match", "no tag", change)).ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_experiment_is_not_given_the_name_of_another()
    {
        foreach (var name in (string[])["taken name", "free name"])
            (await app.Api.PostAsync("/api/2.0/mlflow/experiments/create", Http.Json($$"""{ "name": "{{name}}" }"""))).StatusCode.ShouldBe(HttpStatusCode.OK);
        var experiments = (await app.Api.GetJsonAsync("/api/v1/sweeps?limit=100")).Items().ToDictionary(sweep => sweep.Text("name")!, sweep => sweep.Id());
        var problem = await (await app.Api.PatchAsync($"/api/v1/sweeps/{experiments["free name"]}", Http.Json("""{ "name": "taken name" }"""))).ProblemAsync(HttpStatusCode.Conflict);
        problem.Text("detail").ShouldBe("An experiment or a sweep is called taken name already.");
    }

    [Fact]
    public async Task Of_many_who_edit_the_same_version_one_succeeds()
    {
        var path = $"/api/v1/sweeps/{await app.SubmitAsync(Experiments.Sweep("Contended"))}";
        var tag = await TagAsync(path);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => SendAsync("PATCH", path, "If-Match", tag, $$"""{ "notes": "{{i}}" }""")));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.PreconditionFailed).ShouldBe(7);
    }

    [Fact]
    public async Task Progress_does_not_stand_in_an_editors_way()
    {
        var run = (await app.RunsAsync(await app.SubmitAsync(Experiments.Sweep("Going on")))).Single();
        var path = $"/api/v1/runs/{run}";
        var tag = await TagAsync(path);
        await app.TrainAsync(run, await app.HostAsync("edits"), 0.9);
        (await TagAsync(path)).ShouldNotBe(tag);
        (await SendAsync("PATCH", path, "If-Match", tag, """{ "tags": ["good"] }""")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Rules_of_retention_are_replaced_only_as_they_were_read()
    {
        const string path = "/api/v1/retention";
        var old = await TagAsync(path);
        (await SendAsync("GET", path, "If-None-Match", old)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        using (var first = await SendAsync("PUT", path, "If-Match", old, """{ "logDays": 30, "binDays": 30 }"""))
        {
            first.StatusCode.ShouldBe(HttpStatusCode.OK);
            first.Headers.ETag!.ToString().ShouldBe(await TagAsync(path));
        }
        await (await SendAsync("PUT", path, "If-Match", old, """{ "logDays": 1 }""")).ProblemAsync(HttpStatusCode.PreconditionFailed);
        // Days are told from those of other rules.
        await (await SendAsync("PUT", path, "If-Match", await TagAsync(path), """{ "eventDays": 30, "binDays": 30 }""")).JsonAsync(HttpStatusCode.OK);
        (await app.Api.GetJsonAsync(path)).GetProperty("rules").GetProperty("eventDays").GetInt32().ShouldBe(30);
    }

    private async Task<long> MakeAsync(string what) => what switch
    {
        "users" => (await Members.AddAsync(app, "edited")).Id,
        "webhooks" => (await app.Api.PostJsonAsync(
            "/api/v1/webhooks", """{ "name": "Edited", "url": "http://127.0.0.1:9/hook", "events": ["run.failed"] }""", HttpStatusCode.Created)).Id(),
        "runs" => (await app.RunsAsync(await app.SubmitAsync(Experiments.Sweep("Edited run")))).Single(),
        _ => await app.SubmitAsync(Experiments.Sweep("Edited")),
    };

    private async Task<string> TagAsync(string path)
    {
        using var response = await app.Api.GetAsync(path);
        response.Headers.ETag!.IsWeak.ShouldBeFalse();
        return response.Headers.ETag.ToString();
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string header, string value, string? body = null)
    {
        using var request = new HttpRequestMessage(new(method), path);
        request.Headers.TryAddWithoutValidation(header, value);
        if (body is not null) request.Content = Http.Json(body);
        return await app.Api.SendAsync(request);
    }
}
