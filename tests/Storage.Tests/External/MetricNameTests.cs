using Microsoft.Extensions.DependencyInjection;
using static Tracker.Storage.Tests.External.ReportFixtures;

namespace Tracker.Storage.Tests.External;

public class MetricNameTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_has_a_limited_number_of_metrics()
    {
        var id = await storage.NewRunAsync();
        for (var from = 0; from < 5000; from += 1000) await storage.LogAsync(id, Names(from, 1000));
        (await Should.ThrowAsync<LogRefusedException>(storage.LogAsync(id, At("loss_new", 1, 1)))).Message.ShouldContain("A run has at most 5000 metrics, and this one has 5000");
        (await CountAsync("loss_new")).ShouldBe(0);

        (await storage.LogAsync(id, At("loss_7", 2, 1))).ShouldBeTrue();
        (await storage.LogAsync(await storage.NewRunAsync(), At("loss_new", 1, 1))).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_reported_of_no_run_makes_no_name()
    {
        (await storage.LogAsync(long.MaxValue, At("nowhere", 1, 1))).ShouldBeFalse();
        var deleted = await storage.NewRunAsync();
        await storage.Get<ILoggedRuns>().DeleteAsync(deleted, Token);
        await Should.ThrowAsync<LogRefusedException>(storage.LogAsync(deleted, At("nowhere", 1, 1)));
        (await CountAsync("nowhere")).ShouldBe(0);
    }

    [Fact]
    public async Task Names_that_no_run_has_for_a_day_are_free_again()
    {
        var id = await storage.NewRunAsync();
        await storage.LogAsync(id, At("gone", 1, 1), At("wanted", 1, 1), At("used", 1, 1));
        var free = await storage.CountAsync("SELECT id FROM metric_names WHERE name = 'gone'");
        foreach (var table in new[] { "metric_points", "metric_latest" })
            await ExecuteAsync($"DELETE FROM {table} s USING metric_names n WHERE n.id = s.metric_id AND s.run_id = {id} AND n.name IN ('gone', 'wanted')");
        await ExecuteAsync("INSERT INTO metric_names (name, kept) VALUES ('own', true)");

        await WorkAsync();
        (await storage.CountAsync("SELECT count(*) FROM metric_names WHERE name IN ('gone', 'wanted', 'used', 'own') AND unused_since IS NULL")).ShouldBe(2);
        await WorkAsync();
        (await CountAsync("gone")).ShouldBe(1);

        await ExecuteAsync("UPDATE metric_names SET unused_since = unused_since - interval '25 hours'");
        // Another process: this one knows the id still, which after a day it would not.
        await using (var other = storage.Services().AddRunQueueClient().BuildServiceProvider())
            (await other.GetRequiredService<ILoggedRuns>().LogAsync(id, new([At("wanted", 2, 5)], [], []), Token)).ShouldBeTrue();
        await WorkAsync();
        (await CountAsync("gone")).ShouldBe(0);
        foreach (var name in new[] { "wanted", "used", "own" }) (await CountAsync(name)).ShouldBe(1, name);
        (await storage.HistoryAsync(id, "wanted")).Select(p => p.Value).ShouldBe([5]);

        // The sequence has come around: ids in use are passed over.
        await ExecuteAsync($"SELECT setval('metric_ids', {free}, false)");
        await storage.LogAsync(id, At("next", 1, 1), At("after", 1, 1));
        (await storage.CountAsync("SELECT min(id) FROM metric_names WHERE name IN ('next', 'after')")).ShouldBe(free);
        (await storage.HistoryAsync(id, "after")).Count.ShouldBe(1);
    }

    private static LoggedMetric[] Names(int from, int count) => [.. Enumerable.Range(from, count).Select(i => At($"loss_{i}", 1, i))];

    private Task<long> CountAsync(string name) => storage.CountAsync($"SELECT count(*) FROM metric_names WHERE name = '{name}'");

    private async Task WorkAsync() => (await storage.Get<IPurge>().WorkAsync(Token)).ShouldNotBeNull();

    private async Task ExecuteAsync(string sql)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
