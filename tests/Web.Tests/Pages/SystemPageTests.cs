using Npgsql;
using Tracker.Storage;

namespace Tracker.Web.Tests.Pages;

/// <summary>The pages of hosts and queue as they are first sent, without a browser.</summary>
public sealed class SystemPageTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    [Fact]
    public async Task Hosts_and_queue_are_told_from_nothing_to_a_lost_host()
    {
        var empty = await app.Api.GetStringAsync("/hosts");
        empty.ShouldContain("No host yet");
        empty.ShouldContain("./tracker up --hosts 2");
        empty.ShouldContain("host --name gpu-2 --labels a100");
        (await app.Api.GetStringAsync("/queue")).ShouldContain("Nothing runs, and nothing waits");

        await app.SubmitAsync("""{ "name": "Stuck", "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "methods": ["sb"], "labels": ["nowhere"], "rerun": true }""");
        var stuck = await app.Api.GetStringAsync("/queue");
        stuck.ShouldContain("1 run waits for a host that is not there.");
        stuck.ShouldContain("No host");

        var host = await app.HostAsync("gpu-9", "a100");
        var up = await app.Api.GetStringAsync("/hosts");
        up.ShouldContain("gpu-9");
        up.ShouldContain("a100");
        up.ShouldNotContain("No host yet");

        await SilenceAsync(host);
        // Nobody tells of a silence: pages notice it when what they share of the hosts is too old.
        await UntilAsync("/hosts", "Its runs went back to the queue");
        await app.Get<IHosts>().StoppedAsync(host, "", CancellationToken.None);
        (await app.Api.GetStringAsync("/hosts")).ShouldContain("It ended in order");
    }

    private async Task UntilAsync(string path, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!(await app.Api.GetStringAsync(path, limit.Token)).Contains(text, StringComparison.Ordinal)) await timer.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>As if the host had not been heard of for a minute. Silence counts from the server's own start, which may be a moment ago.</summary>
    private async Task SilenceAsync(long host)
    {
        await using var command = app.Get<NpgsqlDataSource>().CreateCommand(
            $"UPDATE hosts SET heartbeat_at = now() - interval '1 minute' WHERE id = {host} RETURNING pg_postmaster_start_time() < now() - interval '{HostView.LostAfter.TotalSeconds} seconds'");
        while (await command.ExecuteScalarAsync() is false) await Task.Delay(100);
    }
}
