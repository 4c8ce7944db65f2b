using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Tracker.Storage.Database;
using Tracker.Storage.Recycling;

namespace Tracker.Storage.Tests;

public sealed class PurgeTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IRecycleBin Bin => storage.Get<IRecycleBin>();

    private IPurge Purge => storage.Get<IPurge>();

    [Fact]
    public async Task A_purged_sweep_leaves_nothing_but_a_note_for_hosts_and_other_runs_lose_nothing()
    {
        var other = await FilledAsync(seeds: 1);
        var otherRows = await RowsAsync(other.Runs[0]);
        var (id, runs) = await FilledAsync(seeds: 3);
        await storage.Runs.DeleteAsync(runs[0], Token);
        await storage.Sweeps.DeleteAsync(id, Token);
        (await Bin.PurgeSweepAsync(id, Token)).ShouldBeTrue();
        (await Bin.PurgeSweepAsync(id, Token)).ShouldBeFalse();
        (await Bin.RestoreSweepAsync(id, Token)).ShouldBeFalse();
        (await Bin.RestoreRunAsync(runs[0], Token)).ShouldBeFalse();
        (await Bin.ListAsync(100, null, Token)).ShouldNotContain(i => i.Id == id || runs.Contains(i.Id));
        (await storage.Runs.FindAsync(runs[1], Presence.All, Token)).ShouldBeNull();

        (await Purge.WorkAsync(Token)).ShouldBe(new PurgeResult(3, 1));
        foreach (var run in runs) (await RowsAsync(run)).ShouldBe(0);
        (await ScalarAsync($"SELECT count(*) FROM runs WHERE sweep_id = {id}")).ShouldBe(0);
        (await ScalarAsync($"SELECT count(*) FROM sweeps WHERE id = {id}")).ShouldBe(0);
        (await ScalarAsync($"SELECT count(*) FROM discarded_checkpoints WHERE run_id IN ({string.Join(", ", runs)})")).ShouldBe(3);
        (await RowsAsync(other.Runs[0])).ShouldBe(otherRows);
        (await storage.Get<IAudit>().ReadAsync(new(ObjectKind: "sweep", ObjectId: id), 10, null, Token))[0].Action.ShouldBe("sweep.purge");
        (await Purge.WorkAsync(Token)).ShouldBe(new PurgeResult(0, 0));
    }

    [Fact]
    public async Task A_purge_that_is_cut_off_in_a_series_goes_on_with_the_next_one_and_the_run_stays_invisible()
    {
        var (_, runs) = await FilledAsync(seeds: 1, points: 40_000);
        await storage.Runs.DeleteAsync(runs[0], Token);
        await Bin.PurgeRunAsync(runs[0], Token);
        var purge = Worker([], 5000);
        // Whoever holds a point in the middle stops the purge there.
        await using (var holder = await storage.DataSource.OpenConnectionAsync(Token))
        {
            await using var held = await holder.BeginTransactionAsync(Token);
            await using (var hold = new NpgsqlCommand($"SELECT FROM metric_points WHERE run_id = {runs[0]} AND step = 20000 FOR UPDATE", holder, held)) await hold.ExecuteNonQueryAsync(Token);
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var work = purge.WorkAsync(cut.Token);
            while (await ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0) await Task.Yield();
            await cut.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(work);
            await held.RollbackAsync(Token);
        }
        (await ScalarAsync($"SELECT count(*) FROM metric_points WHERE run_id = {runs[0]}")).ShouldBeInRange(20_000, 79_000, "Its series is held from the middle on, the other one goes beside it.");
        (await storage.Runs.FindAsync(runs[0], Presence.All, Token)).ShouldBeNull();
        (await Bin.RestoreRunAsync(runs[0], Token)).ShouldBeFalse();
        (await purge.WorkAsync(Token)).ShouldBe(new PurgeResult(1, 0));
        (await RowsAsync(runs[0])).ShouldBe(0);
    }

    [Fact]
    public async Task Series_whose_points_lie_far_apart_go_in_parts_too()
    {
        var (_, runs) = await FilledAsync(seeds: 1, points: 3000, apart: 100_000);
        (await ScalarAsync($"SELECT count(*) FROM metric_rollups WHERE run_id = {runs[0]}")).ShouldBe(0);
        await storage.Runs.DeleteAsync(runs[0], Token);
        await Bin.PurgeRunAsync(runs[0], Token);
        (await Worker([], 700).WorkAsync(Token)).ShouldBe(new PurgeResult(1, 0));
        (await RowsAsync(runs[0])).ShouldBe(0);
    }

    [Fact]
    public async Task A_run_goes_only_after_its_files_and_those_behind_it_do_not_wait()
    {
        var (id, runs) = await FilledAsync(seeds: 3);
        await storage.Sweeps.DeleteAsync(id, Token);
        await Bin.PurgeSweepAsync(id, Token);
        var files = new StubbornFiles { Away = runs[0] };
        using var log = new RecordingLog();
        using var logs = LoggerFactory.Create(b => b.AddProvider(log));
        var now = Worker([files], delay: TimeSpan.Zero, logger: logs.CreateLogger<Purge>());
        (await now.WorkAsync(Token)).ShouldBe(new PurgeResult(2, 0));
        (await log.NextAsync(l => l.Level == LogLevel.Error)).Exception.ShouldNotBeNull().Message.ShouldBe($"Files of run {runs[0]} cannot be removed: The disk is away.");
        (await ScalarAsync($"SELECT count(*) FROM runs WHERE sweep_id = {id}")).ShouldBe(1);
        files.Deleted.ShouldBe([(id, runs[1]), (id, runs[2])]);

        var later = Worker([files]);
        (await later.WorkAsync(Token)).ShouldBe(new PurgeResult(0, 0));
        files.Away = null;
        (await later.WorkAsync(Token)).ShouldBe(new PurgeResult(0, 0));
        (await now.WorkAsync(Token)).ShouldBe(new PurgeResult(1, 1));
        files.Deleted[^1].ShouldBe((id, runs[0]));
    }

    [Fact]
    public async Task What_has_been_in_the_bin_for_long_enough_goes_by_itself()
    {
        var (id, runs) = await FilledAsync(seeds: 2);
        await storage.Sweeps.DeleteAsync(id, Token);
        (await Purge.WorkAsync(Token)).ShouldBe(new PurgeResult(0, 0));
        await ExecuteAsync($"UPDATE runs SET deleted_at = deleted_at - interval '29 days' WHERE sweep_id = {id}; UPDATE sweeps SET deleted_at = deleted_at - interval '29 days' WHERE id = {id}");
        (await Purge.WorkAsync(Token)).ShouldBe(new PurgeResult(0, 0));
        await ExecuteAsync($"UPDATE runs SET deleted_at = deleted_at - interval '1 day' WHERE sweep_id = {id}; UPDATE sweeps SET deleted_at = deleted_at - interval '1 day' WHERE id = {id}");
        (await Purge.WorkAsync(Token)).ShouldBe(new PurgeResult(2, 1));
        (await RowsAsync(runs[1])).ShouldBe(0);
    }

    [Fact]
    public async Task Only_one_process_purges_at_a_time()
    {
        await using var other = await storage.DataSource.OpenConnectionAsync(Token);
        await using var take = new NpgsqlCommand($"SELECT pg_advisory_lock({AdvisoryLocks.Purge})", other);
        await take.ExecuteNonQueryAsync(Token);
        (await Purge.WorkAsync(Token)).ShouldBeNull();
        await using var give = new NpgsqlCommand($"SELECT pg_advisory_unlock({AdvisoryLocks.Purge})", other);
        await give.ExecuteNonQueryAsync(Token);
    }

    [Fact]
    public async Task Of_many_runs_that_are_purged_together_the_audit_log_has_the_number_and_the_first()
    {
        var (id, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: 130));
        await storage.Sweeps.CancelAsync(id, Token);
        await ExecuteAsync($"UPDATE runs SET deleted_at = now() WHERE sweep_id = {id}");
        var marked = await Bin.EmptyAsync(Token);
        marked.ShouldBeGreaterThanOrEqualTo(runs.Count);
        var entry = (await storage.Get<IAudit>().ReadAsync(new(Action: "run.purge"), 1, null, Token))[0];
        var before = JsonElement.Parse(entry.Before.ShouldNotBeNull());
        before.GetProperty("runs").GetInt32().ShouldBe((int)await ScalarAsync("SELECT count(*) FROM runs WHERE purging"));
        var named = before.GetProperty("firstIds").EnumerateArray().Select(e => e.GetInt64()).ToList();
        named.Count.ShouldBe(100);
        named.ShouldBe(named.Order());
        (await Purge.WorkAsync(Token)).ShouldNotBeNull().Runs.ShouldBeGreaterThanOrEqualTo(runs.Count);
    }

    private Purge Worker(IRunFiles[] files, int rowsAtOnce = 100_000, TimeSpan? delay = null, ILogger<Purge>? logger = null) =>
        new(storage.Get<TrackerDatabase>(), files, TimeProvider.System, logger ?? NullLogger<Purge>.Instance) { RowsAtOnce = rowsAtOnce, Delay = delay ?? TimeSpan.FromMinutes(10) };

    /// <summary>Cancelled runs with points in two series, a log, and repeats.</summary>
    private async Task<(long Sweep, IReadOnlyList<long> Runs)> FilledAsync(int seeds, int points = 3000, int apart = 1)
    {
        var (id, runs) = await storage.SubmitAsync(SweepsToTest.Next(seeds: seeds));
        await storage.Sweeps.CancelAsync(id, Token);
        var ids = string.Join(", ", runs);
        await ExecuteAsync(
            $"""
             INSERT INTO metric_names (name) VALUES ('train/loss'), ('grad_norm') ON CONFLICT DO NOTHING;
             INSERT INTO metric_points SELECT r, m.id, s * {apart}, s, s, s FROM unnest(ARRAY[{ids}]::bigint[]) AS r, metric_names m, generate_series(1, {points}) AS s
             WHERE m.name IN ('train/loss', 'grad_norm');
             INSERT INTO metric_repeats SELECT r, m.id, s, s, s FROM unnest(ARRAY[{ids}]::bigint[]) AS r, metric_names m, generate_series(1, 10) AS s WHERE m.name = 'train/loss';
             INSERT INTO run_logs (run_id, attempt, line, at, level, text) SELECT r, 1, n, now(), 'Info', 'x' FROM unnest(ARRAY[{ids}]::bigint[]) AS r, generate_series(1, 100) AS n;
             SELECT summarise_series(ARRAY[{ids}]::bigint[])
             """);
        return (id, runs);
    }

    private async Task<long> RowsAsync(long run) => await ScalarAsync(
        "SELECT " + string.Join(" + ", new[] { "metric_points", "metric_latest", "metric_rollups", "metric_repeats", "run_logs", "events", "attempts", "sweep_runs" }
            .Select(t => $"(SELECT count(*) FROM {t} WHERE run_id = {run})")));

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = storage.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private sealed class StubbornFiles : IRunFiles
    {
        public long? Away { get; set; }

        public List<(long Sweep, long Run)> Deleted { get; } = [];

        public Task DeleteAsync(long sweepId, long runId, CancellationToken cancellationToken)
        {
            if (runId == Away) throw new IOException("The disk is away.");
            Deleted.Add((sweepId, runId));
            return Task.CompletedTask;
        }

        public Task<long> BytesAsync(long sweepId, CancellationToken cancellationToken) => Task.FromResult(0L);
    }
}
