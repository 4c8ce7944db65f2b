using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Access;

/// <summary>Every endpoint times everybody who may ask: who is let in is what the endpoint states, and who is not sees nothing of what is behind it.</summary>
public sealed class MatrixTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    /// <summary>In names that everybody who is signed in may see.</summary>
    private const string Marker = "mark-of-the-team";

    /// <summary>In names that nobody but their owner and admins may see.</summary>
    private const string Private = "mark-of-the-owner";

    /// <summary>A stream has no end; whether it lets in is told with its head.</summary>
    private static readonly TimeSpan s_stream = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Every_endpoint_lets_in_whom_it_states_and_tells_others_nothing()
    {
        var owner = await Members.AddAsync(app, "owner");
        var seeded = await SeedAsync(owner);
        using var askers = await Askers.MakeAsync(app, owner);
        var targets = Targets.Of(app.Get<EndpointDataSource>(), seeded);
        targets.Count.ShouldBeGreaterThan(60);
        targets.Count(t => !t.Open).ShouldBeGreaterThan(55);

        var faults = new List<string>();
        var (allowed, refused) = (0, 0);
        foreach (var target in targets)
        {
            foreach (var asker in askers.All.Where(a => !target.Open || a.Role is null))
            {
                var answer = await AskAsync(asker.Client, target);
                faults.AddRange(Judge(target, asker, answer));
                if (answer.LetIn) allowed++;
                else refused++;
            }
        }
        faults.ShouldBeEmpty();
        TestContext.Current.TestOutputHelper?.WriteLine($"{targets.Count} endpoints, {allowed} answers let in, {refused} refused");
        refused.ShouldBeGreaterThan(targets.Count * 3);
        allowed.ShouldBeGreaterThan(targets.Count * 3);
    }

    private static IEnumerable<string> Judge(Target target, Asker asker, Answer answer)
    {
        var where = $"{target} for {asker.Name}: {(int)answer.Status}";
        if ((int)answer.Status >= 500 && answer.Status != HttpStatusCode.NotImplemented) yield return $"{where}, a fault: {answer.Body}";
        var mayEnter = target.Open || asker.MayEnter(target);
        var isOwners = asker.OwnsNothing && answer.Status == HttpStatusCode.Forbidden && answer.Body.Contains("what they submitted themselves", StringComparison.Ordinal);
        if (!target.Open && mayEnter != answer.LetIn && !(mayEnter && isOwners)) yield return $"{where}, expected to be {(mayEnter ? "let in" : "refused")}: {answer.Body}";
        if (!target.Open && asker.Role is null && answer.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Redirect)) yield return $"{where}, expected 401 or the sign-in page";
        if ((!mayEnter || isOwners || asker.Role is null) && answer.Body.Contains(Marker, StringComparison.Ordinal)) yield return $"{where} tells what is behind it: {answer.Body}";
        if (asker.OwnsNothing && answer.Body.Contains(Private, StringComparison.Ordinal)) yield return $"{where} tells what is somebody else's: {answer.Body}";
    }

    private async Task<IReadOnlyDictionary<string, long>> SeedAsync(TrackerUser owner)
    {
        using var client = app.Client(await Members.TokenOfAsync(app, owner));
        var sweep = (await client.PostJsonAsync("/api/v1/sweeps", Experiments.Sweep(Marker), HttpStatusCode.Created)).Id();
        var run = (await app.RunsAsync(sweep)).Single();
        var host = await app.HostAsync($"{Marker}-host");
        await app.TrainAsync(run, host, 0.8);
        (await client.PatchAsync($"/api/v1/runs/{run}", Http.Json($$"""{ "notes": "{{Marker}}" }"""))).StatusCode.ShouldBe(HttpStatusCode.OK);
        var token = (await client.PostJsonAsync("/api/v1/tokens", $$"""{ "name": "{{Private}}" }""", HttpStatusCode.Created)).Id();
        var victim = (await app.Api.PostJsonAsync("/api/v1/users", $$"""{ "name": "{{Private}}-user", "service": true }""", HttpStatusCode.Created)).Id();
        Actor.Current = new(owner.Id, owner.UserName!, ActorVia.Session);
        await app.Get<ISavedViews>().SaveAsync(owner.Id, "runs", Private, "filter=batch", shared: false, TestContext.Current.CancellationToken);
        return new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["sweeps"] = sweep, ["runs"] = run, ["hosts"] = host, ["tokens"] = token, ["users"] = victim, ["attempts"] = 1, ["checkpoints"] = 100,
        };
    }

    private static async Task<Answer> AskAsync(HttpClient client, Target target)
    {
        using var request = new HttpRequestMessage(new(target.Method), target.Path);
        if (target.Method is not ("GET" or "HEAD" or "OPTIONS")) request.Content = Http.Json("{}");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new(response.StatusCode, response.Headers.Location?.OriginalString ?? "", await ReadAsync(response));
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        using var patience = new CancellationTokenSource(response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? s_stream : TrackerApp.Patience);
        var text = new StringBuilder();
        try
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(patience.Token));
            var buffer = new char[4096];
            for (int read; (read = await reader.ReadAsync(buffer, patience.Token)) > 0;) text.Append(buffer, 0, read);
        }
        catch (OperationCanceledException) when (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            text.Append("(goes on)");
        }
        return text.ToString();
    }

    private sealed record Answer(HttpStatusCode Status, string Location, string Body)
    {
        public bool LetIn => Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            && !(Status == HttpStatusCode.Redirect && Location.Contains("/sign-in?", StringComparison.Ordinal));
    }
}
