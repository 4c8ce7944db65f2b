using Npgsql;
using Tracker.Storage.Database;

namespace Tracker.Storage.Tests;

public sealed class RetentionTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IRetention Retention => storage.Get<IRetention>();

    [Fact]
    public async Task Rules_remove_logs_and_events_of_runs_that_ended_long_ago_and_nothing_else()
    {
        var host = await storage.RegisterHostAsync("retention");
        var (_, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 4));
        foreach (var run in runs.Take(3)) await storage.SucceedAsync(run, host, 0.9);
        await ExecuteAsync("UPDATE runs SET finished_at = now() - interval '40 days' WHERE id = ANY(@runs)", [.. runs.Take(2)]);
        foreach (var run in runs) await LogAsync(run, 10);
        await LogAsync(runs[0], 12_000, attempt: 2);
        var (old, recent, waiting) = (runs[0], runs[2], runs[3]);
        var events = await CountAsync("events", recent);

        await Retention.ChangeAsync(new(30, 60), Token);
        (await Retention.PreviewAsync(new(30, 60), Token)).ShouldBe(new RetentionPreview(12_020, 2, 0, 0));
        var pass = (await Retention.ApplyAsync(Token)).ShouldNotBeNull();

        pass.Logs.ShouldBe(12_020);
        pass.Events.ShouldBe(0);
        (await Retention.LastPassAsync(Token)).ShouldBe(pass);
        (await CountAsync("run_logs", old)).ShouldBe(0);
        (await CountAsync("run_logs", recent)).ShouldBe(10);
        (await CountAsync("run_logs", waiting)).ShouldBe(10);

        await Retention.ChangeAsync(new(null, 30), Token);
        (await Retention.ApplyAsync(Token)).ShouldNotBeNull().Events.ShouldBeGreaterThan(0);
        (await CountAsync("events", old)).ShouldBe(0);
        (await CountAsync("events", recent)).ShouldBe(events);
        (await storage.Runs.FindAsync(old, Token)).ShouldNotBeNull().Result.ShouldNotBeNull();
    }

    [Fact]
    public async Task Rules_and_what_they_remove_are_in_the_audit_log_and_one_process_removes_at_a_time()
    {
        await Retention.ChangeAsync(new(7, null), Token);
        await Retention.ChangeAsync(new(7, null), Token);
        (await Retention.RulesAsync(Token)).ShouldBe(new RetentionRules(7, null));
        var entry = (await storage.Get<IAudit>().ReadAsync(new(Action: "retention.change"), 1, null, Token)).ShouldHaveSingleItem();
        entry.After.ShouldNotBeNull().ShouldContain("7");
        entry.Who.Name.ShouldBe("system");

        await using (var other = await storage.DataSource.OpenConnectionAsync(Token))
        {
            await using var take = new NpgsqlCommand($"SELECT pg_advisory_lock({AdvisoryLocks.Retention})", other);
            await take.ExecuteNonQueryAsync(Token);
            (await Retention.ApplyAsync(Token)).ShouldBeNull();
            await using var give = new NpgsqlCommand($"SELECT pg_advisory_unlock({AdvisoryLocks.Retention})", other);
            await give.ExecuteNonQueryAsync(Token);
        }
        (await Retention.ApplyAsync(Token)).ShouldNotBeNull();
        await Retention.ChangeAsync(new(null, null), Token);
        (await Retention.ApplyAsync(Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Space_names_what_takes_it()
    {
        var space = await Retention.SpaceAsync(Token);
        space.Database.ShouldBeGreaterThan(space.Points);
        space.Points.ShouldBeGreaterThan(0);
        space.Logs.ShouldBeGreaterThan(0);
    }

    private async Task LogAsync(long run, int lines, int attempt = 1) =>
        await ExecuteAsync($"INSERT INTO run_logs (run_id, attempt, line, at, level, text) SELECT id, {attempt}, n, now(), 'Info', 'x' FROM unnest(@runs) AS id, generate_series(1, {lines}) AS n", run);

    private async Task<long> CountAsync(string table, long run)
    {
        await using var command = storage.DataSource.CreateCommand($"SELECT count(*) FROM {table} WHERE run_id = {run}");
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    private async Task ExecuteAsync(string sql, params long[] runs)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue("runs", runs);
        await command.ExecuteNonQueryAsync(Token);
    }
}
