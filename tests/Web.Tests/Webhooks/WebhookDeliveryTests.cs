using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tracker.Storage;
using Tracker.Tests.Postgres;
using Tracker.Web.Webhooks;

namespace Tracker.Web.Tests.Webhooks;

/// <summary>From a run's end to the receiver.</summary>
public sealed class WebhookDeliveryTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_that_finishes_is_sent_once_within_seconds()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var sweep = await app.SubmitAsync(Experiments.Sweep("Told"));
        var hook = await MakeAsync(receiver, sweep, "run.finished");
        var run = (await app.RunsAsync(sweep)).Single();
        await app.TrainAsync(run, await app.HostAsync("told"), 0.91);

        var received = await receiver.NextAsync();
        received.Json.Text("type").ShouldBe("run.finished");
        received.Json.GetProperty("data").GetProperty("run").GetProperty("id").GetInt64().ShouldBe(run);
        var delivery = await EndedAsync(hook, 1);
        delivery.Text("state").ShouldBe("Delivered");
        delivery.Text("id").ShouldBe(received.Headers["X-Tracker-Delivery"]);
        delivery.GetProperty("payload").GetRawText().ShouldBe(received.Text);
        receiver.Count.ShouldBe(1);
        (await app.Api.GetJsonAsync($"/api/v1/webhooks/{hook}")).GetProperty("lastStatus").GetInt32().ShouldBe(200);
    }

    [Fact]
    public async Task What_fails_is_sent_again_later_under_the_same_id_until_it_succeeds()
    {
        await using var receiver = await HookReceiver.FailingAsync(500, until: 3);
        var hook = await CancelledRunAsync(receiver);
        var first = await receiver.NextAsync();
        await TriedAsync(hook, 1);
        receiver.Count.ShouldBe(1);

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await receiver.NextAsync();
        await TriedAsync(hook, 2);
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        var third = await receiver.NextAsync();
        var delivery = await EndedAsync(hook, 3);

        delivery.Text("state").ShouldBe("Delivered");
        delivery.GetProperty("attempts").EnumerateArray().Select(a => a.GetProperty("status").GetInt32()).ShouldBe([204, 500, 500]);
        new[] { first, second, third }.Select(r => r.Headers["X-Tracker-Delivery"]).Distinct().ShouldHaveSingleItem();
        second.Text.ShouldBe(first.Text);
        second.Headers["X-Tracker-Signature"].ShouldNotBe(first.Headers["X-Tracker-Signature"]);
    }

    [Fact]
    public async Task What_always_fails_is_given_up_and_can_be_sent_again_by_hand()
    {
        await using var receiver = await HookReceiver.FailingAsync(503);
        var hook = await CancelledRunAsync(receiver);
        for (var tries = 1; tries <= WebhookRetries.MostTries; tries++)
        {
            await receiver.NextAsync();
            await TriedAsync(hook, tries);
            app.Clock.Advance(WebhookRetries.After(tries, chance: 1) ?? TimeSpan.Zero);
        }
        var given = await EndedAsync(hook, WebhookRetries.MostTries);
        given.Text("state").ShouldBe("GivenUp");
        given.GetProperty("nextTryAt").ValueKind.ShouldBe(JsonValueKind.Null);

        receiver.Answer((context, _) =>
        {
            context.Response.StatusCode = 202;
            return Task.CompletedTask;
        });
        (await app.Api.PostJsonAsync($"/api/v1/webhooks/{hook}/deliveries/{given.Text("id")}/retry")).Text("state").ShouldBe("Waiting");
        await receiver.NextAsync();
        (await EndedAsync(hook, WebhookRetries.MostTries + 1)).Text("state").ShouldBe("Delivered");
        (await app.Api.GetJsonAsync($"/api/v1/webhooks/{hook}")).GetProperty("failingSince").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task What_was_being_sent_when_the_process_ended_is_sent_again_by_the_next_one_with_the_same_id()
    {
        var database = new TestDatabase();
        await database.InitializeAsync();
        var data = Directory.CreateTempSubdirectory("tracker-hooks-").FullName;
        var forever = new TaskCompletionSource();
        await using var receiver = await HookReceiver.StartAsync((context, number) => number == 1 ? forever.Task.WaitAsync(context.RequestAborted) : Task.CompletedTask);
        string interrupted;
        long hook;
        await using (var before = TrackerApp.Start(database.ConnectionString, data))
        {
            using var api = TrackerApp.Client(before, TrackerApp.AdminToken);
            hook = (await api.PostJsonAsync("/api/v1/webhooks", Request(receiver, "run.cancelled", null), HttpStatusCode.Created)).Id();
            var sweep = (await api.PostJsonAsync("/api/v1/sweeps", Experiments.Sweep("Cut off"), HttpStatusCode.Created)).Id();
            await api.PostJsonAsync($"/api/v1/sweeps/{sweep}/cancel");
            interrupted = (await receiver.NextAsync()).Headers["X-Tracker-Delivery"];
        }
        var clock = new ManualClock();
        clock.Advance(WebhookDelivery.Lease * 2);
        await using (var after = TrackerApp.Start(database.ConnectionString, data, clock))
        {
            using var api = TrackerApp.Client(after, TrackerApp.AdminToken);
            (await receiver.NextAsync()).Headers["X-Tracker-Delivery"].ShouldBe(interrupted);
            var webhooks = after.Services.GetRequiredService<IWebhooks>();
            while ((await webhooks.DeliveriesAsync(hook, 10, null, Token)).Single().State != DeliveryState.Delivered) await Task.Delay(20, Token);
        }
        await database.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    private static string Request(HookReceiver receiver, string events, long? sweep) =>
        JsonSerializer.Serialize(new { name = "Hook", url = receiver.Url, events = events.Split(','), sweepId = sweep });

    private async Task<long> MakeAsync(HookReceiver receiver, long sweep, string events) =>
        (await app.Api.PostJsonAsync("/api/v1/webhooks", Request(receiver, events, sweep), HttpStatusCode.Created)).Id();

    private async Task<long> CancelledRunAsync(HookReceiver receiver)
    {
        var sweep = await app.SubmitAsync(Experiments.Sweep("Cancelled"));
        var hook = await MakeAsync(receiver, sweep, "run.cancelled");
        await app.Api.PostJsonAsync($"/api/v1/sweeps/{sweep}/cancel");
        return hook;
    }

    /// <summary>The only delivery of a hook, once its so-manieth try is on record: the receiver knows of it a moment earlier.</summary>
    private async Task<JsonElement> TriedAsync(long hook, int tries)
    {
        while (true)
        {
            var delivery = (await app.Api.GetJsonAsync($"/api/v1/webhooks/{hook}/deliveries")).Items().ShouldHaveSingleItem();
            if (delivery.GetProperty("attempts").GetArrayLength() >= tries) return delivery;
            await Task.Delay(20, Token);
        }
    }

    private async Task<JsonElement> EndedAsync(long hook, int tries)
    {
        var delivery = await TriedAsync(hook, tries);
        delivery.GetProperty("endedAt").ValueKind.ShouldBe(JsonValueKind.String);
        return delivery;
    }
}
