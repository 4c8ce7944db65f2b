using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Tracker.Storage.Database;
using Tracker.Storage.Tests.External;

namespace Tracker.Storage.Tests.Webhooks;

/// <summary>What is told to webhooks: each thing that happened once, and nothing else.</summary>
public class WebhookEventTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private readonly HookedStorage _hooked = new(storage);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_that_finishes_is_told_once_with_its_result()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        var hook = await _hooked.HookAsync([WebhookEvents.RunFinished, WebhookEvents.RunFailed], sweep);
        await storage.SucceedAsync(runs[0], await storage.RegisterHostAsync("told"), 0.875);

        var (kind, data) = (await _hooked.ToldAsync(hook)).ShouldHaveSingleItem();
        kind.ShouldBe("run.finished");
        var run = data.GetProperty("run");
        run.GetProperty("id").GetInt64().ShouldBe(runs[0]);
        run.GetProperty("state").GetString().ShouldBe("Succeeded");
        run.GetProperty("accuracy").GetDouble().ShouldBe(0.875);
        run.GetProperty("page").GetString().ShouldBe($"/runs/{runs[0]}");
        data.GetProperty("sweep").GetProperty("id").GetInt64().ShouldBe(sweep);
    }

    [Fact]
    public async Task A_run_that_fails_is_told_with_its_reason()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        var hook = await _hooked.HookAsync([WebhookEvents.RunFinished, WebhookEvents.RunFailed], sweep);
        await _hooked.FailAsync(runs[0], await storage.RegisterHostAsync("fails"));

        var (kind, data) = (await _hooked.ToldAsync(hook)).ShouldHaveSingleItem();
        kind.ShouldBe("run.failed");
        data.GetProperty("run").GetProperty("failure").GetProperty("kind").GetString().ShouldBe("BadData");
        data.GetProperty("run").GetProperty("failure").GetProperty("reason").GetString().ShouldBe("It broke.");
    }

    [Fact]
    public async Task What_is_rolled_back_is_never_told()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        var hook = await _hooked.HookAsync(WebhookEvents.All, sweep);
        await using (var connection = await storage.DataSource.OpenConnectionAsync(Token))
        {
            await using var transaction = await connection.BeginTransactionAsync(Token);
            // As at the commit, which then does not come.
            await using var command = new NpgsqlCommand($"UPDATE runs SET state = 'Cancelled' WHERE id = {runs[0]}; SET CONSTRAINTS ALL IMMEDIATE", connection, transaction);
            await command.ExecuteNonQueryAsync(Token);
            await using var count = new NpgsqlCommand($"SELECT count(*) FROM webhook_deliveries WHERE webhook_id = {hook}", connection, transaction);
            (await count.ExecuteScalarAsync(Token)).ShouldBe(2L);
            await transaction.RollbackAsync(Token);
        }
        (await _hooked.KindsAsync(hook)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_hook_that_wants_it_nothing_is_recorded()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        await _hooked.HookAsync([WebhookEvents.RunFailed], sweep);
        await _hooked.HookAsync([WebhookEvents.RunFinished], sweep, active: false);
        await _hooked.HookAsync([WebhookEvents.RunFinished], sweep, network: "another");
        await storage.SucceedAsync(runs[0], await storage.RegisterHostAsync("unheard"), 0.5);
        (await CountAsync($"SELECT count(*) FROM webhook_events WHERE run_id = {runs[0]}")).ShouldBe(0);
    }

    [Fact]
    public async Task A_hook_whose_owner_is_disabled_is_told_nothing()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        var owner = await _hooked.UserAsync();
        var hook = await _hooked.HookAsync([WebhookEvents.RunCancelled], sweep, owner: owner);
        await _hooked.ExecuteAsync("UPDATE users SET disabled_at = now() WHERE id = $1", owner);
        await storage.Runs.CancelAsync(runs[0], Token);
        (await _hooked.KindsAsync(hook)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sweep_is_over_with_the_last_of_its_runs_and_once_more_after_a_retry()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        var hook = await _hooked.HookAsync([WebhookEvents.SweepFinished, WebhookEvents.SweepFailed], sweep);
        var host = await storage.RegisterHostAsync("sweeps");
        await storage.SucceedAsync(runs[0], host, 0.5);
        (await _hooked.KindsAsync(hook)).ShouldBeEmpty();

        await _hooked.FailAsync(runs[1], host);
        var (kind, data) = (await _hooked.ToldAsync(hook)).ShouldHaveSingleItem();
        kind.ShouldBe("sweep.failed");
        var told = data.GetProperty("sweep");
        (told.GetProperty("id").GetInt64(), told.GetProperty("runs").GetInt32(), told.GetProperty("succeeded").GetInt32(), told.GetProperty("failed").GetInt32())
            .ShouldBe((sweep, 2, 1, 1));

        await storage.Runs.RetryAsync(runs[1], RetryFrom.Scratch, Token);
        await storage.SucceedAsync(runs[1], host, 0.6);
        (await _hooked.KindsAsync(hook)).ShouldBe(["sweep.failed", "sweep.finished"]);
    }

    [Fact]
    public async Task A_sweep_whose_runs_end_together_is_told_once()
    {
        var (sweep, _) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 5));
        var hook = await _hooked.HookAsync([WebhookEvents.SweepFinished, WebhookEvents.RunCancelled], sweep);
        await storage.Sweeps.CancelAsync(sweep, Token);
        (await _hooked.KindsAsync(hook)).Order().ShouldBe([.. Enumerable.Repeat("run.cancelled", 5), "sweep.finished"]);
    }

    [Fact]
    public async Task A_large_sweep_that_is_cancelled_is_looked_at_once()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 3000));
        runs.Count.ShouldBe(3000);
        var hook = await _hooked.HookAsync([WebhookEvents.SweepFinished], sweep);
        var watch = Stopwatch.StartNew();
        await storage.Sweeps.CancelAsync(sweep, Token);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        var (kind, data) = (await _hooked.ToldAsync(hook)).ShouldHaveSingleItem();
        kind.ShouldBe("sweep.finished");
        data.GetProperty("sweep").GetProperty("cancelled").GetInt32().ShouldBe(3000);
    }

    [Fact]
    public async Task Sweeps_that_end_in_one_transaction_are_each_told_once()
    {
        var (first, _) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        var (second, _) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        var hooks = new[] { await _hooked.HookAsync([WebhookEvents.SweepFinished], first), await _hooked.HookAsync([WebhookEvents.SweepFinished], second) };
        await _hooked.ExecuteAsync("UPDATE runs SET state = 'Cancelled', finished_at = now() WHERE sweep_id IN ($1, $2)", first, second);
        foreach (var hook in hooks) (await _hooked.KindsAsync(hook)).ShouldBe(["sweep.finished"]);
    }

    [Fact]
    public async Task A_sweep_waits_for_no_run_that_a_program_outside_once_added_to_it()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next());
        var hook = await _hooked.HookAsync([WebhookEvents.SweepFinished, WebhookEvents.SweepFailed], sweep);
        var added = await storage.NewRunInSweepAsync(sweep);
        await storage.SucceedAsync(runs[0], await storage.RegisterHostAsync("beside"), 0.5);
        var (kind, data) = (await _hooked.ToldAsync(hook)).ShouldHaveSingleItem();
        kind.ShouldBe("sweep.finished");
        data.GetProperty("sweep").GetProperty("runs").GetInt32().ShouldBe(1);

        (await storage.Get<ILoggedRuns>().ChangeAsync(added, new(Domain.RunState.Failed, DateTimeOffset.UtcNow, null), Token)).ShouldBeTrue();
        (await _hooked.KindsAsync(hook)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_there_is_to_tell_is_looked_at_under_a_lock_of_its_own()
    {
        await using var connection = await storage.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var command = new NpgsqlCommand(
            """
            SELECT lock_webhooks();
            SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
            """, connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(Token);
        await reader.NextResultAsync(Token);
        (await reader.ReadAsync(Token)).ShouldBeTrue();
        reader.GetInt64(0).ShouldBe(AdvisoryLocks.Webhooks);
        var numbers = typeof(AdvisoryLocks).GetFields().Select(f => Convert.ToInt64(f.GetRawConstantValue(), CultureInfo.InvariantCulture)).ToList();
        numbers.ShouldBeUnique();
    }

    [Fact]
    public async Task Runs_that_end_at_once_in_transactions_of_their_own_end_their_sweep_once()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 12));
        var hook = await _hooked.HookAsync([WebhookEvents.SweepFinished], sweep);
        await Task.WhenAll(runs.Select(run => storage.Runs.CancelAsync(run, Token)));
        (await _hooked.KindsAsync(hook)).ShouldBe(["sweep.finished"]);
    }

    [Fact]
    public async Task A_sweep_whose_last_open_run_goes_to_the_recycle_bin_is_over()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 2));
        var hook = await _hooked.HookAsync([WebhookEvents.SweepFinished, WebhookEvents.RunCancelled], sweep);
        await storage.SucceedAsync(runs[0], await storage.RegisterHostAsync("bin"), 0.5);
        (await storage.Runs.DeleteAsync(runs[1], Token)).ShouldBeTrue();
        var (kind, data) = (await _hooked.ToldAsync(hook)).ShouldHaveSingleItem();
        kind.ShouldBe("sweep.finished");
        data.GetProperty("sweep").GetProperty("runs").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_cell_of_a_table_is_told_with_what_it_was_and_what_it_is()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 3));
        var host = await storage.RegisterHostAsync("cells");
        await storage.SucceedAsync(runs[0], host, 0.5);
        var hook = await _hooked.HookAsync([WebhookEvents.TableChanged], sweep);
        await storage.SucceedAsync(runs[1], host, 0.7);
        await _hooked.FailAsync(runs[2], host);

        var (_, data) = (await _hooked.ToldAsync(hook)).ShouldHaveSingleItem();
        var cell = data.GetProperty("cell");
        (cell.GetProperty("table").GetInt32(), cell.GetProperty("column").GetString(), cell.GetProperty("network").GetString(), cell.GetProperty("batch").GetInt32())
            .ShouldBe((1, "SB", "f1", 128));
        data.GetProperty("before").GetProperty("n").GetInt32().ShouldBe(1);
        data.GetProperty("before").GetProperty("meanPercent").GetDouble().ShouldBe(50, 1e-9);
        data.GetProperty("after").GetProperty("n").GetInt32().ShouldBe(2);
        data.GetProperty("after").GetProperty("meanPercent").GetDouble().ShouldBe(60, 1e-9);
        data.GetProperty("after").GetProperty("deviationPercent").GetDouble().ShouldBe(Math.Sqrt(200), 1e-9);
        data.GetProperty("run").GetProperty("id").GetInt64().ShouldBe(runs[1]);
    }

    [Fact]
    public async Task A_sweep_that_is_deleted_takes_its_results_out_of_each_cell_once_and_a_restored_one_brings_them_back()
    {
        var (sweep, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 3));
        var host = await storage.RegisterHostAsync("deleted");
        foreach (var run in runs) await storage.SucceedAsync(run, host, 0.5);
        var hook = await _hooked.HookAsync([WebhookEvents.TableChanged], sweep);
        (await storage.Sweeps.DeleteAsync(sweep, Token)).ShouldBeTrue();
        var (_, data) = (await _hooked.ToldAsync(hook)).ShouldHaveSingleItem();
        data.GetProperty("before").GetProperty("n").GetInt32().ShouldBe(3);
        data.GetProperty("after").GetProperty("n").GetInt32().ShouldBe(0);
        data.GetProperty("after").GetProperty("meanPercent").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);

        await storage.Get<IRecycleBin>().RestoreSweepAsync(sweep, Token);
        var (_, back) = (await _hooked.ToldAsync(hook))[^1];
        (back.GetProperty("before").GetProperty("n").GetInt32(), back.GetProperty("after").GetProperty("n").GetInt32()).ShouldBe((0, 3));
        (await _hooked.KindsAsync(hook)).Count.ShouldBe(2);
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Token)).ShouldNotBeNull();
    }
}
